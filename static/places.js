// @ts-check
// The place on a page: it stays when a control changes what the page shows, and Back, Forward and a
// reload come to it again. Back from a conversation, its result has the focus where it stood.
const PLACE = "thinklens.place"; // the result that was opened from the list
const PLACES = "thinklens.places"; // how far each page of this tab's history was scrolled
const MOST = 200; // pages of the history

const address = () => location.pathname + location.search;
/** @param {number} top */
const goTo = (top) => scrollTo({ top, behavior: "instant" });

// How far each page was scrolled, by its entry of the history.
const entry = () => window.navigation?.currentEntry?.key ?? location.href;
/** @returns {Record<string, number>} */
const places = () => JSON.parse(keptHere.read(PLACES) ?? "{}");
let here = { entry: entry(), y: scrollY };
let leaving = false; // an entry is left: what scrolls now is none of its own

const note = () => {
  if (!leaving) here.y = scrollY;
};
const keep = () => {
  const { [here.entry]: _, ...others } = places();
  const latest = Object.entries(others).slice(1 - MOST);
  return keptHere.write(PLACES, JSON.stringify(Object.fromEntries([...latest, [here.entry, here.y]])));
};
const begin = () => (here = { entry: entry(), y: scrollY });

// The browser itself would scroll before the page is there that it scrolls.
const wentBack = () => performance.getEntriesByType("navigation")[0]?.type !== "navigate";
const before = places()[entry()];
if (keep()) history.scrollRestoration = "manual";
addEventListener("scroll", note, { passive: true });
for (const name of ["pagehide", "htmx:beforeHistorySave"])
  addEventListener(name, () => {
    note();
    keep();
  });
for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) addEventListener(name, begin);
addEventListener("popstate", ({ state }) => {
  keep(); // as it was noted: a link within the page may have scrolled it by now
  const y = places()[entry()];
  if (state?.htmx) {
    leaving = true; // the page of that entry is loaded
    here = { entry: entry(), y: y ?? 0 };
  } else {
    begin();
    if (y !== undefined) goTo(y);
  }
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) leaving = false;
});

// A page that holds its place keeps its height, and the browser finds no place of its own for it.
let holds = 0;
export const hold = () => {
  const { body, documentElement } = document;
  if (!holds++) {
    body.style.minHeight = `${documentElement.scrollHeight}px`;
    documentElement.style.overflowAnchor = "none";
  }
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    if (--holds) return;
    body.style.minHeight = "";
    documentElement.style.overflowAnchor = "";
  };
};

/** @type {{ y: number, arrives: boolean, pane: string | undefined, within: number, release: () => void } | null} */
let held = null;
const pane = () => document.getElementById("pane");
const letGo = () => {
  held?.release();
  held = null;
};
/** @param {HtmxDetail} detail */
const toTop = ({ requestConfig }) => requestConfig.elt.getAttribute("hx-swap")?.includes("show:window:top");
addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "main") return;
  letGo();
  const { pathname } = new URL(detail.xhr.responseURL || location.href);
  const stays = pathname === location.pathname && detail.xhr.status < 400 && !toTop(detail);
  const arrives = !stays || "close" in detail.requestConfig.elt.dataset; // without its pane the list is another
  const [row, within] = [pane()?.dataset.row, pane()?.scrollTop ?? 0];
  held = { y: stays ? scrollY : 0, arrives, pane: row, within, release: hold() };
});
const stay = () => {
  if (!held) return;
  goTo(held.y);
  const now = pane();
  if (now && now.dataset.row === held.pane) now.scrollTop = held.within;
};
addEventListener("htmx:afterSwap", stay);

// What is opened from the list is noted: its row, and how far the list was scrolled.
addEventListener("click", ({ target }) => {
  const link = target instanceof Element && target.closest("a");
  const row = link && link.closest("li.result");
  if (row) keptHere.write(PLACE, JSON.stringify({ id: row.id, list: address(), y: scrollY }));
}, true);
/** @returns {{ id?: string, list?: string, y?: number }} */
const noted = () => JSON.parse(keptHere.read(PLACE) ?? "{}");

/** @param {Element | null} row */
const focusOn = (row) => {
  if (document.activeElement && document.activeElement !== document.body && document.activeElement.id !== "main") return;
  row?.querySelector(/** @type {"a"} */ ("a.title"))?.focus({ preventScroll: true });
};
const addressed = () => (location.hash.startsWith("#row-") ? document.getElementById(location.hash.slice(1)) : null);
const arrive = () => {
  const row = addressed();
  if (!row) return;
  const { id, list, y } = noted();
  if (id === row.id && list === address() && y !== undefined) goTo(y);
  const { top, bottom } = row.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) row.scrollIntoView({ block: "center", behavior: "instant" });
  focusOn(row);
};
addEventListener("htmx:afterSettle", () => queueMicrotask(() => { // htmx itself scrolls after it
  if (!held) return;
  const { arrives } = held;
  stay();
  letGo();
  if (arrives) arrive();
  else focusOn(addressed());
}));
addEventListener("hashchange", arrive);

// Where this page was before: once it is there, and again when all that belongs to it has its height.
let touched = false;
for (const name of ["wheel", "touchstart", "keydown", "pointerdown"])
  addEventListener(name, () => (touched = true), { passive: true, once: true });
const come = () => {
  if (touched) return;
  if (!wentBack() || before === undefined) return arrive();
  goTo(before);
  const { id, list } = noted();
  if (list === address() && id) focusOn(document.getElementById(id));
};
come();
addEventListener("load", come);
