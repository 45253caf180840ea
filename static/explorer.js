// @ts-check
// The list: read beside it, waited for, its view folded out. Nothing here is needed to use it.
import { keyOf, typing } from "./key_names.js";

const WIDE = matchMedia("(min-width: 75rem)");
const GLANCE = 150; // milliseconds that a request may take before the page says so

const reading = () => document.getElementById("pane")?.dataset.row;

// The row that is read now, in the list and in every address that the page still has from before.
const follow = () => {
  const row = reading();
  if (!row) return;
  for (const result of document.querySelectorAll("li.result")) {
    if (result.id === `row-${row}`) result.setAttribute("aria-current", "true");
    else result.removeAttribute("aria-current");
  }
  for (const link of document.querySelectorAll('.explorer a[href*="read="]:not([data-read])')) {
    link.setAttribute("href", now(link.getAttribute("href")));
  }
  for (const field of document.querySelectorAll('.explorer input[name="read"]')) field.value = row;
};
const now = (address) => address.replace(/([?&]read=)\d+/, `$1${reading()}`);
addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id !== "pane" && detail.elt?.id !== "pane") return;
  follow();
  document.querySelector("li.result[aria-current]")?.scrollIntoView({ block: "nearest" });
});
addEventListener("htmx:configRequest", ({ detail }) => {
  if (reading() && !("read" in detail.elt.dataset)) detail.path = now(detail.path);
});

// Stepping through the hits of the pane scrolls the pane; the list stays where it is.
const hold = () => {
  const at = scrollY;
  if (reading() && WIDE.matches) requestAnimationFrame(() => scrollTo(scrollX, at));
};
addEventListener("click", (event) => event.target?.closest?.('#pane a[href^="#"]') && hold(), true);
addEventListener("keydown", (event) => /^n$/i.test(keyOf(event)) && !typing(event.target) && hold(), true);

// Narrow windows have no room for two: a title leads to its page.
addEventListener("click", (event) => {
  const link = event.target?.closest?.("a[data-page]");
  if (!link || WIDE.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  location.assign(link.dataset.page);
}, true);

// What is no pane (an error, a scan that is told) takes the whole page.
addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "pane" || detail.serverResponse.includes('id="pane"')) return;
  detail.target = document.getElementById("main");
});

// A wait that can be noticed is shown: the list dims, the pane shows where its text will stand.
const waits = new Map();
addEventListener("htmx:beforeRequest", ({ detail }) => {
  const id = { main: "results", pane: "pane" }[detail.target?.id];
  const box = id && document.getElementById(id);
  if (box) waits.set(detail.xhr, [box, setTimeout(() => box.setAttribute("aria-busy", "true"), GLANCE)]);
});
addEventListener("htmx:afterRequest", ({ detail }) => {
  const [box, timer] = waits.get(detail.xhr) || [];
  clearTimeout(timer);
  box?.removeAttribute("aria-busy");
  waits.delete(detail.xhr);
});

// The choice of density and fields closes by Escape and by a click beside it.
const shut = (focus) => {
  const view = document.querySelector("#view[open]");
  if (!view) return;
  view.open = false;
  if (focus) view.querySelector("summary").focus();
};
addEventListener("keydown", (event) => event.key === "Escape" && shut(true));
addEventListener("pointerdown", (event) => event.target?.closest?.("#view") || shut(false));
