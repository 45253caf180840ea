// @ts-check
// Copies a message, its answer, its reasoning, its link, or the metadata; and the link of a page. Texts come
// from the API: they are exact there, where the page has them rendered. Where the browser gives no clipboard,
// what would have been copied is selected.
import { canCopy, copy, select } from "./clipboard.js";

const asked = new Map();
const record = (address) => {
  if (!asked.has(address)) {
    asked.clear();
    const found = fetch(address + "?text=source").then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
    found.catch(() => asked.delete(address));
    asked.set(address, found);
  }
  return asked.get(address);
};

const joined = (message, type) => {
  const texts = message.parts.filter((part) => part.type === type).map((part) => part.text.trim());
  return texts.filter(Boolean).join("\n\n");
};
const given = (message) => message.parts.filter((part) => part.type === "tool_call").map((part) => part.text);
const taken = {
  text: (message) => [message.content, ...given(message)].filter(Boolean).join("\n\n"),
  answer: (message) => joined(message, "text"),
  reasoning: (message) => joined(message, "reasoning"),
};

// The text that a control copies, and the element that shows it.
const wanted = async (button) => {
  const what = button.dataset.copies;
  if (what === "json") return button.closest(".as-json").querySelector("pre").textContent;
  const message = button.closest(".message");
  if (what === "link") return new URL("#" + message.id, location.href).href;
  const whole = await record(new URL(document.querySelector("a.json-link").href).pathname);
  const place = Number(message.dataset.place);
  const other = whole.alternatives?.[Number(message.dataset.answer) - 1];
  return taken[what](other && place >= other.shared ? other.messages[place - other.shared] : whole.messages[place]);
};
const shown = (button) => {
  const what = button.dataset.copies;
  if (what === "json") return button.closest(".as-json").querySelector("pre");
  const message = button.closest(".message");
  if (what === "link") return message.querySelector(".anchor");
  const reasoning = message.querySelector("details.reasoning");
  if (what === "reasoning" && reasoning) reasoning.open = true;
  return (what === "reasoning" && reasoning) || message.querySelector(":scope > .prose, :scope > .source-text, :scope > details, :scope > .call");
};

const say = (button, text) => {
  button.dataset.name ||= button.textContent;
  button.style.minWidth = button.offsetWidth + "px";
  button.textContent = text;
  clearTimeout(Number(button.dataset.timer));
  button.dataset.timer = setTimeout(() => (button.textContent = button.dataset.name), 1500);
};
const selected = (button) => {
  select(shown(button));
  say(button, "Selected");
};

addEventListener("click", async (event) => {
  const button = event.target?.closest?.("button[data-copies]");
  if (!button) return;
  if (canCopy() && (await copy(wanted(button)))) say(button, "Copied");
  else selected(button);
});

// "Copy link" copies where a page may; else it is the link itself.
addEventListener("click", async (event) => {
  const link = event.target?.closest?.("a[data-copy]");
  if (!link || !canCopy()) return;
  event.preventDefault();
  event.stopPropagation();
  if (await copy(link.getAttribute("href") ? link.href : location.href)) link.textContent = "Copied";
  else location.assign(link.href);
}, true);
