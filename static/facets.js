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
