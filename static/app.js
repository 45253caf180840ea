// @ts-check
// Brings htmx when its CDN does not, and nothing that the pages cannot do without.
const script = /** @type {HTMLScriptElement} */ (document.currentScript);
const load = (src) =>
  new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = src;
    tag.onload = done;
    tag.onerror = failed;
    document.head.append(tag);
  });

// After the text is on screen, which needs none of it; a page in the background is not painted.
const painted = (then) => (document.hidden ? then() : requestAnimationFrame(() => setTimeout(then)));

let fellBack = false;
const fallBack = (why) => {
  if (window.htmx || fellBack) return;
  fellBack = true;
  // htmx 2 would wait for an event that is past, and never take the Back button over
  Object.defineProperty(document, "readyState", { configurable: true, get: () => "complete" });
  load(new URL("vendor/htmx-2.0.11.min.js", script.src).pathname).finally(() => {
    Reflect.deleteProperty(document, "readyState");
    document.documentElement.dataset.htmx = "local:" + why;
  });
};

const local = script.dataset.assets === "local";
const timer = local ? 0 : setTimeout(fallBack, 2500, "slow");
addEventListener("DOMContentLoaded", () => {
  clearTimeout(timer);
  if (window.htmx) document.documentElement.dataset.htmx = "cdn";
  else painted(() => fallBack(local ? "chosen" : "error"));
});

// Back pressed before htmx is there to hear it: the page of that address is loaded.
const early = ({ state }) => state?.htmx && location.reload();
addEventListener("popstate", early);
addEventListener("htmx:load", () => removeEventListener("popstate", early), { once: true });

// The focus stays on the control that was used: swapped in anew, it is found by its key.
let used = "";
const keyOf = (element) => {
  if (!element || element === document.body) return "";
  if (element.id && element.id !== "main") return "#" + CSS.escape(element.id);
  if (element.rel) return `a[rel="${CSS.escape(element.rel)}"]`;
  return element.dataset.key ? `[data-key="${CSS.escape(element.dataset.key)}"]` : "#main";
};
addEventListener("htmx:beforeRequest", () => (used = keyOf(document.activeElement)));
addEventListener("htmx:afterSettle", () => {
  if (document.activeElement !== document.body || !used) return;
  const again = document.querySelector(used) || document.getElementById("main");
  again?.focus({ preventScroll: true });
});

// Empty choices say nothing: they stay out of the address.
addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of Object.entries(detail.parameters)) if (value === "") delete detail.parameters[name];
});

// A request that did not come through is said, and what was typed stays.
const say = (text) => {
  document.querySelector(".failure")?.remove();
  if (!text) return;
  const box = document.createElement("p");
  box.className = "failure";
  box.setAttribute("role", "alert");
  box.textContent = text;
  document.body.append(box);
};
addEventListener("htmx:sendError", () => say("The server does not answer. Try again in a moment."));
addEventListener("htmx:timeout", () => say("The server took too long to answer. Try again."));
addEventListener("htmx:beforeRequest", () => say(""));
