// @ts-check
// The button that copies a block of code: the text as it was written, invisible characters too.
import { copy, select } from "./clipboard.js";

document.documentElement.dataset.copying = "";

const textOf = (block) => {
  const copy = block.cloneNode(true);
  for (const badge of copy.querySelectorAll(".cc")) badge.replaceWith(String.fromCodePoint(parseInt(badge.textContent.slice(2), 16)));
  return copy.textContent;
};

// Where a page may not write to the clipboard the code is selected, ready for the reader's keys.
const given = async (block) => {
  if (await copy(textOf(block))) return "Copied";
  select(block);
  return document.execCommand("copy") ? "Copied" : "Selected";
};

addEventListener("click", async (event) => {
  const button = event.target?.closest?.("button.copy");
  if (!button) return;
  const said = await given(button.parentElement.querySelector("pre"));
  button.dataset.said = said;
  button.setAttribute("aria-label", said);
  setTimeout(() => {
    delete button.dataset.said;
    button.setAttribute("aria-label", "Copy the code");
  }, 2000);
});
