// @ts-check
// Light, dark, or as the system has it. Runs before anything is drawn, so that nothing flashes.
const THEME = "thinklens.theme";
const themes = ["system", "light", "dark"];
const choose = (theme) => {
  const chosen = themes.includes(theme) ? theme : "system";
  document.documentElement.dataset.theme = chosen;
  for (const button of document.querySelectorAll(".theme button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
};

choose(kept.read(THEME));
addEventListener("DOMContentLoaded", () => choose(kept.read(THEME)));
addEventListener("storage", ({ key, newValue }) => key === THEME && choose(newValue));
addEventListener("click", (event) => {
  const button = event.target?.closest?.(".theme button");
  if (!button) return;
  choose(button.value);
  kept.write(THEME, button.value);
});
