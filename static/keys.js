// @ts-check
// The keys. Each presses a control that the page shows: the one that names the key in
// aria-keyshortcuts. Nothing happens while somebody types, in dialogs, or where keys are switched off.
import { keyOf, typing } from "./key_names.js";
import { foldAll, toEnd, toMark } from "./trace.js";

const OFF = "thinklens.keys";
const REST = 200; // milliseconds
const dialog = () => /** @type {HTMLDialogElement} */ (document.getElementById("keys"));
const isOff = () => kept.read(OFF) === "off";

const visible = (element) => element.checkVisibility({ visibilityProperty: true });
const control = (name, within = document) =>
  [...within.querySelectorAll(`#main [aria-keyshortcuts~="${CSS.escape(name)}"]`)].find(visible);

// The list: which result is the chosen one, kept when the list is swapped.
let chosen = "";
const results = () => [...document.querySelectorAll(".results li.result")];
const choose = (row) => {
  for (const old of document.querySelectorAll("li.result.chosen")) old.classList.remove("chosen");
  row?.classList.add("chosen");
  if (row) chosen = row.id;
};
let read; // where the list has a pane beside it, the pane follows once the keys rest
const move = (by) => {
  const rows = results();
  const at = rows.findIndex((row) => row.id === chosen);
  const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (!row) return false;
  choose(row);
  row.querySelector("a.title").focus();
  row.scrollIntoView({ block: "nearest" });
  clearTimeout(read);
  const pane = document.getElementById("pane");
  if (pane && visible(pane)) read = setTimeout(() => row.isConnected && row.querySelector("a.title").click(), REST);
  return true;
};
const follow = (element) => {
  const row = element?.closest?.("li.result");
  if (row) choose(row);
};
addEventListener("focusin", ({ target }) => follow(target));
follow(document.activeElement); // the focus may have been put back before
addEventListener("htmx:afterSettle", () => choose(results().find((row) => row.id === chosen)));

// A link is htmx's only once what it came with has settled: a key before that waits for it.
const unsettled = () => document.querySelector("#main.htmx-swapping, #main.htmx-settling, #main.htmx-added");
const press = (name, within) => {
  const found = control(name, within);
  if (found && unsettled()) {
    addEventListener("htmx:afterSettle", () => setTimeout(() => control(name)?.click()), { once: true });
  } else found?.click();
  return Boolean(found);
};
// In the pane beside the list where there is one; else in the conversation, or the pages of the list.
const turn = (name) => {
  const pane = document.getElementById("pane");
  return pane ? press(name, pane) : press(name);
};
const inChosen = (name) => {
  const row = results().find((each) => each.id === chosen);
  const found = [...(row || document).querySelectorAll(`[aria-keyshortcuts~="${name}"]`)].find(visible);
  if (!row && results().length) return false;
  found?.click();
  return Boolean(found);
};
const search = () => {
  const box = control("/");
  box?.focus();
  box?.select();
  return Boolean(box);
};

// What lies open is closed first: the help of the search, of a filter.
const close = () => {
  const open = [...document.querySelectorAll("#search-help[open], details.help[open]")].find(visible);
  if (!open) return false;
  open.open = false;
  open.querySelector("summary").focus();
  return true;
};

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => inChosen("x"),
  s: () => inChosen("s"),
  o: foldAll,
  m: () => toMark(1),
  M: () => toMark(-1),
  e: toEnd,
  "/": search,
  "?": () => (show(), true),
  n: () => press("n"),
  N: () => press("Shift+N"),
  "[": () => turn("["),
  "]": () => turn("]"),
  r: () => press("r"),
  c: () => press("c"),
};

const show = () => {
  const box = dialog();
  box.querySelector("#keys-on").checked = !isOff();
  if (!box.open) box.showModal();
};

addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return; // Escape closes a dialog by itself
  const key = keyOf(event);
  const escape = key === "Escape";
  if (escape && close()) return event.preventDefault();
  if (typing(event.target) || (isOff() && !escape)) return;
  if (event.repeat && !"jk".includes(key)) return;
  const done = escape ? press("Escape") : Object.hasOwn(KEYS, key) && KEYS[key]();
  if (done) event.preventDefault();
});

addEventListener("click", (event) => {
  if (!event.target?.closest?.("#keys-link")) return;
  event.preventDefault();
  event.stopPropagation();
  show();
}, true);
addEventListener("change", ({ target }) => {
  if (target.id === "keys-on") kept.write(OFF, target.checked ? null : "off");
});
