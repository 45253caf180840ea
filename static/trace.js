// @ts-check
// Traces: the choice to have them open is kept, the map shows the place and goes to one, a fold at the end.
const KEPT = "thinklens.traces";
const traces = () => document.querySelectorAll("details.reasoning");

// As the reader last left one, or all of them; those with hits come open anyway, and short ones.
const asKept = () => {
  if (kept.read(KEPT) === "open") for (const trace of traces()) trace.open = true;
};
/** A short trace, which comes open, says nothing of the others. @param {Found} trace @param {boolean} open */
const keep = (trace, open) => trace.matches(".short") || kept.write(KEPT, open ? "open" : "folded");
/** @param {Found} trace @param {boolean} open */
const turn = (trace, open) => {
  trace.open = open;
  keep(trace, open);
};
/** Folded from its middle, a trace stays where its line stood. @param {Found} trace @param {Found} line */
const folding = (trace, line) => {
  const inside = trace.open && trace.getBoundingClientRect().top < line.getBoundingClientRect().top - 1;
  if (inside) trace.addEventListener("toggle", () => trace.scrollIntoView(), { once: true });
  keep(trace, !trace.open);
};

/** Unfolds all traces, or folds them where all are open; whether there are any. */
export const foldAll = () => {
  const all = [...traces()];
  const open = all.some((each) => !each.open);
  for (const each of all) turn(each, open);
  return all.length > 0;
};
// The marks that are switched on in a trace's legend, and the paragraphs that have one of them.
const NAMES = ["loop", "circle", "changed", "doubt", "check", "other", "stated", "repeats", "language"];
/** @param {Element} trace */
const markedIn = (trace) => {
  const off = [...trace.querySelectorAll(".legend input:not(:checked)")].map((each) => each.value);
  const on = NAMES.filter((name) => !off.includes(name)).map((name) => `.para.${name}`);
  return on.length ? [...trace.querySelectorAll(on.join())] : [];
};
/** @param {Element} paragraph */
const show = (paragraph) => {
  const trace = paragraph.closest("details");
  if (trace && !trace.open) turn(trace, true);
  paragraph.scrollIntoView({ block: "start" });
  for (const old of document.querySelectorAll(".para.reached")) old.classList.remove("reached");
  paragraph.classList.add("reached");
};
/** Goes to the next mark, or to the one before; whether there is any. @param {number} by */
export const toMark = (by) => {
  const all = [...traces()].flatMap(markedIn);
  if (!all.length) return false;
  const reached = all.findIndex((each) => each.matches(".reached") && Math.abs(each.getBoundingClientRect().top) < innerHeight);
  const line = innerHeight / 3;
  const below = all.findIndex((each) => each.offsetParent && each.getBoundingClientRect().top > line);
  const from = below < 0 ? (all.some((each) => each.offsetParent) ? all.length : 0) : below;
  const next = reached >= 0 ? reached + by : by > 0 ? from : from - 1;
  show(all[(next + all.length) % all.length]);
  return true;
};
/** Goes to the end of the trace that is read; whether there is one. */
export const toEnd = () => {
  const all = [...traces()];
  const read = [...all].reverse().find((each) => each.getBoundingClientRect().top < innerHeight / 2) ?? all[0];
  const last = read?.querySelector(".trace-text > .para:last-of-type");
  if (!read || !last) return false;
  if (!read.open) turn(read, true);
  last.scrollIntoView({ block: "end" });
  return true;
};
addEventListener("click", (event) => {
  const summary = event.target?.closest?.("details.reasoning > summary");
  if (summary) folding(summary.closest("details"), summary);
  const fold = event.target?.closest?.("[data-fold]");
  if (fold) {
    const trace = fold.closest("details");
    turn(trace, false);
    trace.querySelector("summary").focus({ preventScroll: true });
    trace.scrollIntoView({ block: "center" });
  }
  const map = event.target?.closest?.("svg.map");
  if (map) {
    const box = map.getBoundingClientRect();
    const text = map.parentElement.querySelector(".trace-text");
    const at = (event.clientX - box.left) / box.width;
    const top = text.getBoundingClientRect().top + scrollY;
    scrollTo({ top: top + at * text.offsetHeight - innerHeight / 3 });
  }
});

// A link to a paragraph unfolds what it is in.
const fromAddress = () => {
  const target = /^#m\d+-p\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
  const trace = target && target.closest("details");
  if (!trace || trace.open) return;
  trace.open = true;
  target.scrollIntoView();
};

// The last of some elements in order that begins above a line of the window.
const lastAbove = (items, line) => {
  let [low, high] = [0, items.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (items[middle].getBoundingClientRect().top <= line) low = middle;
    else high = middle - 1;
  }
  return items[low];
};
const showInOutline = (trace, paragraph) => {
  let link = null;
  for (let at = paragraph; at && !link; at = at.previousElementSibling) {
    link = trace.querySelector(`.outline a[href="#${at.id}"]`);
    if (link && !link.offsetParent) link = null;
  }
  const entry = link?.parentElement;
  if (!entry || entry.classList.contains("here")) return;
  trace.querySelector(".outline li.here")?.classList.remove("here");
  entry.classList.add("here");
  const list = entry.parentElement;
  const top = entry.getBoundingClientRect().top - list.getBoundingClientRect().top;
  if (top < 0 || top > list.clientHeight - entry.offsetHeight) list.scrollTop += top - list.clientHeight / 3;
};

// Where the reader is, on the map and in the outline.
const follow = () => {
  for (const trace of traces()) {
    const text = trace.open && trace.querySelector(".trace-text");
    if (!text) continue;
    const box = text.getBoundingClientRect();
    const at = Math.min(1, Math.max(0, (innerHeight / 3 - box.top) / Math.max(box.height, 1)));
    trace.querySelector("svg.map .at")?.setAttribute("transform", `translate(${1000 * at} 0)`);
    if (text.children.length) showInOutline(trace, lastAbove(text.children, innerHeight / 3));
  }
};
let asked = false;
addEventListener("scroll", () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    follow();
  });
}, { passive: true });

// What the outline lists is chosen once the trace is open.
const choose = () => {
  for (const choice of document.querySelectorAll("details.reasoning[open] .outline-kinds > template"))
    choice.replaceWith(choice.content);
};
addEventListener("toggle", choose, { capture: true });

// Folded text is laid out when the page is on screen and nothing is to be done, so that it unfolds at once.
const layOut = () => {
  for (const trace of traces()) if (!trace.open) trace.querySelector(".trace-text")?.getBoundingClientRect();
};
const whenIdle = () => requestAnimationFrame(() => setTimeout(() => window.requestIdleCallback?.(layOut)));

const begin = () => {
  asKept();
  choose();
  whenIdle();
  fromAddress();
};
begin();
addEventListener("hashchange", fromAddress);
addEventListener("htmx:afterSwap", begin);
