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
/** What tells it from others, which may have the same title. @param {Element} facet */
const nameOf = (facet) => facet.querySelector(".facet-fold > summary")?.getAttribute("data-key") ?? "";
/** @type {Map<string, { size: string, top: number }>} */
let long = new Map();
addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "main") return;
  long = new Map([...facets(".long")].map((facet) => {
    const size = facet.querySelector("input[name=facet_size]")?.value ?? "100";
    return [nameOf(facet), { size, top: facet.querySelector(".values")?.scrollTop ?? 0 }];
  }));
});
/** The same facet as another address has it, in its place; given back as it is then.
 *  @param {HTMLElement} facet @param {string} address @returns {Promise<HTMLElement | undefined>} */
const exchange = async (facet, address) => {
  const release = hold();
  const { pathname, search } = new URL(address);
  const how = { source: facet, target: facet, swap: "outerHTML", select: ".facet" };
  await window.htmx.ajax("GET", pathname + search, how).catch(() => {}); // which the page says
  release();
  return [...document.querySelectorAll(".facet")].find((each) => nameOf(each) === nameOf(facet));
};
// What came in its stead is no facet: it stays, and its link leads to what there is to say.
addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.matches(".facet") && detail.xhr.status >= 400) detail.shouldSwap = false;
});
/** @param {HTMLElement} facet @param {{ size: string, top: number }} was */
const lengthen = async (facet, { size, top }) => {
  const more = facet.querySelector("a.more");
  if (!more) return;
  const longer = new URL(more.href);
  longer.searchParams.set("facet_size", size);
  const values = (await exchange(facet, longer.href))?.querySelector(".long .values");
  if (values) values.scrollTop = top;
};
addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id !== "main" && detail.elt.id !== "main") return;
  const before = long;
  long = new Map();
  for (const facet of facets(":not(.long)")) {
    const was = before.get(nameOf(facet));
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
/** @type {Map<string, boolean>} */
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
  if (facet instanceof HTMLElement) folds.set(nameOf(facet), !foldOf(facet)?.open);
});
/** @param {HTMLElement} facet */
const refold = (facet) => {
  const [fold, was] = [foldOf(facet), folds.get(nameOf(facet))];
  if (fold && was !== undefined) fold.open = was;
};

// What a fold holds that was closed when the page was made comes once it is opened.
/** @param {HTMLElement} facet */
const undrawn = (facet) => facet.querySelector("a.undrawn");
/** @type {Map<string, { height: number, key: string | undefined }>} */
let drawn = new Map(); // before the page was swapped: how high each was, and what had the focus in it
/** @param {HTMLElement} facet */
const draw = async (facet) => {
  const link = undrawn(facet);
  if (!link || !window.htmx || !foldOf(facet)?.open || link.ariaBusy) return;
  link.ariaBusy = "true";
  const { key } = drawn.get(nameOf(facet)) ?? {};
  drawn.delete(nameOf(facet));
  const now = await exchange(facet, link.href);
  link.ariaBusy = null;
  facet.style.minHeight = "";
  if (!now || undrawn(now)) return;
  refold(now); // closed meanwhile
  if (key && document.activeElement?.id === "main")
    now.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
};
const unsettled = () => document.querySelector("#main:is(.htmx-swapping, .htmx-settling, .htmx-added)");
const drawAll = () => {
  if (unsettled()) return;
  for (const facet of document.querySelectorAll(".facet")) draw(facet);
};
addEventListener("toggle", drawAll, true); // which does not bubble
addEventListener("htmx:load", drawAll, { once: true }); // opened before htmx was there
addEventListener("htmx:afterSettle", drawAll); // and the focus is where it belongs
addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "main") return;
  const used = /** @type {HTMLElement} */ (document.activeElement);
  drawn = new Map([...facets("")].map((facet) => {
    const key = facet.contains(used) ? used.dataset.key : undefined;
    return [nameOf(facet), { height: facet.offsetHeight, key }];
  }));
});
/** As high as it was, until what is in it comes again. @param {HTMLElement} facet */
const keepHeight = (facet) => {
  const height = drawn.get(nameOf(facet))?.height;
  if (height && undrawn(facet) && foldOf(facet)?.open) facet.style.minHeight = `${height}px`;
};

const MOST = 5; // facets that are drawn because their names are looked for
/** Only the facets whose name holds what is typed: open where they are drawn, or few are left to be.
 *  @param {string} text */
const find = (text) => {
  const holds = text.trim().toLowerCase();
  for (const facet of facets("")) facet.hidden = !(facet.ariaLabel ?? "").toLowerCase().includes(holds);
  const few = [...facets(":not([hidden])")].filter(undrawn).length <= MOST;
  for (const facet of facets("")) {
    const fold = foldOf(facet);
    if (fold && holds && !wanted && !folds.has(nameOf(facet))) folds.set(nameOf(facet), fold.open);
    if (fold && holds && !facet.hidden && (few || !undrawn(facet))) fold.open = true;
    else if (wanted) refold(facet);
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
  for (const facet of facets("")) keepHeight(facet);
  const bar = sidebar();
  if (bar) bar.scrollTop = sidebarTop;
});
