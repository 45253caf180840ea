// @ts-check
// Stepping through the hits of a conversation: the controls beside the count, links to #hit-3.
const stepper = () => document.getElementById("hits");
const marksOf = (number) => document.querySelectorAll(`#hit-${number}, mark[data-hit="${number}"]`);

// Shows one hit: unfolds what it is in, scrolls to it, tells which it is. The address follows.
const show = (number) => {
  const box = stepper();
  const [first, ...others] = marksOf(number);
  if (!box || !first) return;
  for (const old of document.querySelectorAll("mark.current")) {
    old.classList.remove("current");
    old.removeAttribute("aria-current");
  }
  for (const mark of [first, ...others]) mark.classList.add("current");
  first.setAttribute("aria-current", "true");
  for (let fold = first.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  first.scrollIntoView({ block: "center" });
  box.dataset.at = number;
  const total = Number(box.dataset.hits);
  box.querySelector(".at").textContent = `${number.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  history.replaceState(history.state, "", `#hit-${number}`);
};

// The next hit, from the last on to the first; the other way with -1.
const step = (by) => {
  const box = stepper();
  if (!box) return;
  const total = Number(box.dataset.hits);
  const at = Number(box.dataset.at || (by > 0 ? 0 : total + 1));
  show(((at + by - 1 + total) % total) + 1);
};

const fromAddress = () => {
  const found = /^#hit-(\d+)$/.exec(location.hash);
  if (found) show(Number(found[1]));
};

addEventListener("click", (event) => {
  const link = event.target?.closest?.('a[href^="#hit-"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.step) step(Number(link.dataset.step));
  else show(Number(link.hash.slice(5)));
});
addEventListener("hashchange", fromAddress);
addEventListener("htmx:afterSettle", fromAddress);
fromAddress();
