// @ts-check
// The conversations before and after this one are fetched ahead, so that going on takes no wait: as
// htmx will ask for them, into the browser's own cache. One each way, and only when the page is idle.
const idle = window.requestIdleCallback || ((call) => setTimeout(call, 300));
let asked = new Set();

const ahead = async () => {
  if (navigator.connection?.saveData || document.hidden) return;
  const links = document.querySelectorAll('.steps a[rel="next"], .steps a[rel="prev"]');
  const wanted = [...links].sort((a, b) => a.rel.localeCompare(b.rel)).map((link) => link.href);
  const fresh = wanted.filter((href) => !asked.has(href));
  asked = new Set(wanted);
  for (const href of fresh) {
    await fetch(href, { headers: { "HX-Request": "true" }, priority: "low" }).catch(() => asked.delete(href));
  }
};
const later = () => idle(ahead, { timeout: 2000 });

addEventListener("load", later);
addEventListener("htmx:afterSettle", ({ detail }) => detail.elt.id === "main" && later());
if (document.readyState === "complete") later();
