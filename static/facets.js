// @ts-check
// The facets: values that are ticked, and what stays open while the page is swapped.
import { hold } from "./places.js";

// Facet values look like boxes to tick: the space bar ticks them.
const asBoxes = () => {
  for (const value of document.querySelectorAll("a.value:not([role]), a.pick-row:not([role])")) {
    value.setAttribute("role", "checkbox");
    value.setAttribute("aria-checked", String(value.hasAttribute("aria-current")));
  }
};
asBoxes();
addEventListener("htmx:afterSettle", asBoxes);
// From a value the arrow leads to its "only" and "not", which are no stops of their own for Tab.
addEventListener("keydown", (event) => {
  const value = event.target instanceof Element && event.target.closest("aside .of-value");
  if (!value || !["ArrowRight", "ArrowLeft"].includes(event.key)) return;
  const stops = /** @type {HTMLElement[]} */ ([...value.querySelectorAll("a")]);
  const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = stops[at + (event.key === "ArrowRight" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key !== " " || !(target instanceof Element) || !target.matches("a.value, a.pick-row")) return;
  event.preventDefault();
  /** @type {HTMLAnchorElement} */ (target).click();
});

// A facet that is shown at length stays so, and where it is scrolled to, when one of its values is ticked.
/** @param {string} which @returns {Iterable<HTMLElement>} */
const facets = (which) => document.querySelectorAll(`aside .facet${which}`);
/** @type {Map<string | null, { size: string, top: number }>} */
let long = new Map();
addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "main") return;
  long = new Map([...facets(".long")].map((facet) => {
    const size = facet.querySelector("input[name=facet_size]")?.value ?? "100";
    return [facet.ariaLabel, { size, top: facet.querySelector(".values")?.scrollTop ?? 0 }];
  }));
});
/** @param {HTMLElement} facet @param {{ size: string, top: number }} was */
const lengthen = async (facet, { size, top }) => {
  const more = facet.querySelector("a.more");
  if (!more) return;
  const release = hold();
  const longer = new URL(more.href);
  longer.searchParams.set("facet_size", size);
  const how = { source: more, target: facet, swap: "outerHTML", select: ".facet" };
  await window.htmx.ajax("GET", longer.pathname + longer.search, how);
  const name = facet.ariaLabel;
  const values = [...facets(".long")].find((each) => each.ariaLabel === name)?.querySelector(".values");
  if (values) values.scrollTop = top;
  release();
};
addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id !== "main" && detail.elt.id !== "main") return;
  const before = long;
  long = new Map();
  for (const facet of facets(":not(.long)")) {
    const was = before.get(facet.ariaLabel);
    if (was) lengthen(facet, was);
  }
});

// The filters of a narrow window stay open when one is chosen.
const filters = () => /** @type {HTMLInputElement | null} */ (document.getElementById("show-facets"));
let open = false;
addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "main") open = Boolean(filters()?.checked);
});
addEventListener("htmx:afterSwap", () => {
  const box = filters();
  if (open && box) box.checked = true;
});

// What was folded stays folded, what was opened stays open, and the sidebar where it is scrolled to.
/** @type {Map<string | null, boolean>} */
const folds = new Map();
let sidebarTop = 0;
let wanted = "";
const sidebar = () => document.querySelector("aside.facets");
const finder = () => /** @type {HTMLInputElement | null} */ (document.getElementById("find-facet"));
/** @param {HTMLElement} facet */
const foldOf = (facet) => facet.querySelector("details.facet-fold");
addEventListener("click", ({ target }) => {
  const fold = target instanceof Element && target.closest("aside .facet-fold > summary")?.parentElement;
  const facet = fold && fold.closest(".facet");
  if (facet instanceof HTMLElement) folds.set(facet.ariaLabel, !foldOf(facet)?.open);
});
/** @param {HTMLElement} facet */
const refold = (facet) => {
  const [fold, was] = [foldOf(facet), folds.get(facet.ariaLabel)];
  if (fold && was !== undefined) fold.open = was;
};
/** Only the facets whose name holds what is typed, all of them open. @param {string} text */
const find = (text) => {
  const holds = text.trim().toLowerCase();
  for (const facet of facets("")) {
    facet.hidden = !(facet.ariaLabel ?? "").toLowerCase().includes(holds);
    const fold = foldOf(facet);
    if (fold && holds) {
      if (!wanted && !folds.has(facet.ariaLabel)) folds.set(facet.ariaLabel, fold.open);
      fold.open = true;
    } else if (wanted) refold(facet);
  }
  for (const rest of document.querySelectorAll("aside :is(.group, .left-out)")) rest.toggleAttribute("hidden", Boolean(holds));
  wanted = holds;
};
addEventListener("input", ({ target }) => target === finder() && find(finder()?.value ?? ""));
addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "main") sidebarTop = sidebar()?.scrollTop ?? 0;
});
addEventListener("htmx:afterSwap", () => {
  const box = finder();
  if (!box || box.dataset.kept) return;
  box.dataset.kept = "yes"; // once for each page
  for (const facet of facets("")) refold(facet);
  box.value = wanted;
  if (wanted) find(wanted);
  const bar = sidebar();
  if (bar) bar.scrollTop = sidebarTop;
});
