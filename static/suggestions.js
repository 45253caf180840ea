// @ts-check
// What may be meant while one types: fields and values, and how many conversations would be found.
// The box works without it; what is picked is only written into it.
import { keyOf } from "./key_names.js";

const REST = 150; // milliseconds
const ID = "suggestions";

const boxOf = (target) => (target instanceof HTMLInputElement && target.dataset.suggest ? target : null);
const list = () => document.getElementById(ID);
const options = () => [...document.querySelectorAll(`#${ID} [role="option"]`)];
const active = () => document.querySelector(`#${ID} [aria-selected="true"]`);

/** @type {AbortController | undefined} */
let asking;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let rest;

const shut = () => {
  clearTimeout(rest);
  asking?.abort();
  list()?.remove();
  const box = document.querySelector("#q[data-suggest]");
  for (const name of ["aria-expanded", "aria-activedescendant"]) box?.removeAttribute(name);
};

const said = (tag, name, text) => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
};

const found = ({ total, of }) => {
  if (total === null) return "Enter searches";
  const rows = total === 1 ? "1 conversation" : `${total.toLocaleString("en")} conversations`;
  return `Enter finds ${rows} of ${of.toLocaleString("en")}`;
};

const show = (box, answer) => {
  list()?.remove();
  const sheet = said("div", "suggestions", "");
  sheet.id = ID;
  const items = said("ul", "", "");
  items.setAttribute("role", "listbox");
  items.id = `${ID}-list`;
  items.setAttribute("aria-label", "Suggestions");
  answer.choices.forEach((each, place) => {
    const item = said("li", "", "");
    item.id = `${ID}-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.text = each.text;
    item.append(said("code", "", each.text), said("span", "words", each.words), said("span", "known", each.note));
    items.append(item);
  });
  if (answer.choices.length) sheet.append(items);
  const status = said("p", "would", answer.error || found(answer));
  status.setAttribute("role", "status");
  sheet.append(status);
  box.form.append(sheet);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", String(answer.choices.length > 0));
  if (answer.choices.length) box.setAttribute("aria-controls", items.id);
};

const ask = async (box) => {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const form = new FormData(box.form);
  form.delete("typed");
  form.set("at", String(box.selectionStart ?? box.value.length));
  const said = new URLSearchParams([...form].map(([name, value]) => [name, String(value)]));
  try {
    const answer = await fetch(`${box.dataset.suggest}?${said}`, { signal, headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (signal.aborted || document.activeElement !== box) return;
    if (answer.ok) show(box, told);
    else show(box, { choices: [], error: told.error });
  } catch {
    if (!signal.aborted) shut();
  }
};

addEventListener("input", ({ target }) => {
  const box = boxOf(target);
  if (!box) return;
  clearTimeout(rest);
  if (!box.value.trim()) return shut();
  rest = setTimeout(ask, REST, box);
});

const choose = (by) => {
  const all = options();
  if (!all.length) return false;
  const at = all.indexOf(/** @type {any} */ (active()));
  const next = (at + by + (at < 0 && by < 0 ? 1 : 0) + all.length) % all.length;
  all.forEach((each, place) => each.setAttribute("aria-selected", String(place === next)));
  document.getElementById("q")?.setAttribute("aria-activedescendant", all[next].id);
  all[next].scrollIntoView({ block: "nearest" });
  return true;
};

// The item before the caret becomes what was picked.
const pick = (box, option) => {
  const at = box.selectionStart ?? box.value.length;
  const head = box.value.slice(0, at);
  const quoted = /\S*:"[^"]*$/.exec(head);
  const begin = quoted ? quoted.index : head.search(/\S*$/);
  const text = option.dataset.text;
  const more = text.endsWith(":") ? "" : " ";
  box.value = head.slice(0, begin) + text + more + box.value.slice(at).trimStart();
  const place = begin + text.length + more.length;
  box.setSelectionRange(place, place);
  shut();
  box.focus();
  ask(box);
};

addEventListener("keydown", (event) => {
  const box = boxOf(event.target);
  if (!box || !list() || event.isComposing) return;
  const key = keyOf(event) || event.key;
  const option = active();
  const done =
    key === "ArrowDown" ? choose(1)
    : key === "ArrowUp" ? choose(-1)
    : key === "Escape" ? (shut(), true)
    : (key === "Enter" || key === "Tab") && option ? (pick(box, option), true)
    : false;
  if (!done) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
addEventListener("pointerdown", (event) => {
  const option = event.target instanceof Element && event.target.closest(`#${ID} [role="option"]`);
  const box = document.querySelector("#q[data-suggest]");
  if (option && box) {
    event.preventDefault();
    pick(box, option);
  } else if (!(event.target instanceof Element && event.target.closest(`#${ID}`))) shut();
});
addEventListener("focusout", ({ target }) => boxOf(target) && shut());
addEventListener("submit", shut, true);
addEventListener("htmx:beforeRequest", ({ detail }) => detail.target?.id === "main" && shut());
