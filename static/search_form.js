// @ts-check
// The search form goes along with whatever control is used: the text as it is typed, the part as it is
// chosen. Links that say another search than the page's own (an example, a way out, all of it) say it.
/** @typedef {{ q: string, in: string }} Search */

const box = () => document.querySelector("form.search #q");
const part = () => /** @type {HTMLSelectElement | null} */ (document.getElementById("in"));
/** @returns {Search} */
const asItStands = () => ({ q: box()?.value.trim() ?? "", in: part()?.value ?? "" });
/** @param {URLSearchParams} said @returns {Search} */
const searchOf = (said) => ({ q: said.get("q") ?? "", in: said.get("in") ?? "" });
/** @param {Search} one @param {Search} other */
const same = (one, other) => one.q === other.q && one.in === other.in;
/** What the page shows: its box and its part as they came. @returns {Search} */
const shown = () => {
  const options = [...(part()?.options ?? [])];
  return { q: box()?.defaultValue.trim() ?? "", in: options.find((each) => each.defaultSelected)?.value ?? "" };
};

/** What an address has to say of the search instead; null where it says it already. @param {Search} said */
const carried = (said) => {
  const [now, was] = [asItStands(), shown()];
  if (same(now, was) || !same(said, was)) return null;
  const filters = box()?.dataset.suggest && now.q !== was.q && now.q.includes(":") ? { typed: "1" } : {};
  return { ...now, ...filters, page: "" }; // another search begins with its first
};

// A page that goes on by itself, or is only loaded again, is asked for as it was.
/** @param {Element} element */
const isControl = (element) => element.matches("a, form") && !element.matches("[data-again]");

// Only what holds a ":" may hold a filter: any other text needs no second look.
addEventListener("htmx:configRequest", ({ detail }) => {
  const { elt, parameters } = detail;
  if (elt.matches("form.search") && parameters.typed && !parameters.q?.includes(":")) delete parameters.typed;
});

addEventListener("htmx:configRequest", ({ detail }) => {
  const { elt, target, parameters } = detail;
  if (target.id !== "main" || !isControl(elt) || elt.matches("form.search, [data-anew]") || !box()) return;
  const [path, hash] = detail.path.split("#");
  const asked = new URL(path || location.href, location.href);
  if (asked.pathname !== new URL(box()?.form?.action ?? "", location.href).pathname) return;
  const form = elt.matches("form");
  const search = carried(form ? { q: parameters.q ?? "", in: parameters.in ?? "" } : searchOf(asked.searchParams));
  for (const [name, value] of Object.entries(search ?? {})) {
    if (!form) value ? asked.searchParams.set(name, value) : asked.searchParams.delete(name);
    else if (value) parameters[name] = value;
    else delete parameters[name];
  }
  if (search && !form) detail.path = asked.pathname + asked.search + (hash ? `#${hash}` : "");
});

// What is typed while an answer is on its way stays in the box; so does all of it where no control was used.
let sent = "";
/** @type {string | null} */
let typed = null;
addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.id === "main") sent = (isControl(detail.elt) ? box()?.value : box()?.defaultValue) ?? "";
});
addEventListener("htmx:beforeSwap", ({ detail }) => {
  const value = box()?.value ?? sent;
  if (detail.target.id === "main") typed = value === sent ? null : value;
});
addEventListener("htmx:afterSwap", () => {
  const now = box();
  if (now && typed !== null) now.value = typed;
  typed = null;
});
