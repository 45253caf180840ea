// @ts-check
// The export as a dialog over the explorer, how far a download is, and the command to copy.
import { canCopy, copy } from "./clipboard.js";

const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);

// A dialog keeps the focus, closes by Escape and gives the focus back; the page behind stays.
const open = (link) => {
  const dialog = document.createElement("dialog");
  dialog.id = "export-dialog";
  dialog.className = "exporting";
  dialog.setAttribute("aria-labelledby", "export-heading");
  dialog.addEventListener("close", () => {
    dialog.remove();
    (document.querySelector("a[data-export]") || link).focus({ preventScroll: true });
  });
  dialog.addEventListener("click", (event) => {
    const back = event.target === dialog || event.target.closest(".close, .export-back");
    if (!back) return;
    event.preventDefault();
    dialog.close();
  });
  const inside = document.createElement("div");
  inside.id = "export-inside";
  for (const [name, value] of Object.entries({ boost: "true", target: "#export-inside", swap: "innerHTML", "push-url": "false" })) {
    inside.setAttribute(`hx-${name}`, value);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = "Close";
  dialog.append(inside, close);
  document.body.append(dialog);
  window.htmx.process(inside);
  window.htmx.ajax("GET", link.href, { target: "#export-inside", swap: "innerHTML" }).then(() => {
    if (!inside.querySelector(".export")) return location.assign(link.href);
    if (!dialog.open) dialog.showModal();
    byId("export-heading")?.focus({ preventScroll: true });
  });
};

addEventListener("click", (event) => {
  const link = event.target?.closest?.("a[data-export]");
  if (!link || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  if (!byId("export-dialog")) open(link);
}, true);

// A shape brings its own choice of reasoning, as long as nothing else was chosen.
addEventListener("change", (event) => {
  const input = /** @type {any} */ (event.target);
  const form = input.closest?.(".export-form");
  if (!form) return;
  if (input.name === "reasoning") form.dataset.reasoned = "";
  if (input.name !== "shape" || form.dataset.reasoned !== undefined) return;
  const own = form.querySelector(`input[name="reasoning"][value="${input.dataset.traces}"]`);
  if (own) own.checked = true;
}, true);

// An option that the chosen shape does not take is not sent; it comes back with a shape that does.
addEventListener("change", (event) => {
  const input = /** @type {any} */ (event.target);
  if (input.name !== "shape" || !input.closest?.(".export-form")) return;
  for (const each of input.form.querySelectorAll("fieldset[data-shapes]")) {
    each.disabled = !each.dataset.shapes.split(" ").includes(input.value);
  }
}, true);

// What is no outcome (an error, a wait) takes the whole place.
addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "export-outcome" || detail.serverResponse.includes('id="export-outcome"')) return;
  detail.target = byId("export-inside") || byId("main");
  detail.selectOverride = "unset";
  detail.swapOverride = "innerHTML";
});

// The address of the file as it is chosen at this moment: the page may not have followed yet.
const chosen = (href) => {
  const address = new URL(href);
  const form = new FormData(/** @type {any} */ (document.querySelector(".export-form")));
  address.pathname = address.pathname.replace(/export\.[a-z.]+$/, `export.${form.get("type")}`);
  form.delete("type");
  const said = [...form].filter(([, value]) => value);
  address.search = String(new URLSearchParams(/** @type {[string, string][]} */ (said)));
  return address;
};

// A download goes by the browser's own means; its id lets the page ask how far it is.
let running = null;
const tell = (text, share) => {
  const box = byId("export-progress");
  if (!box) return;
  box.hidden = false;
  box.querySelector(".export-state").textContent = text;
  if (share !== undefined) box.querySelector("progress").value = share;
  byId("export-stop").hidden = !running;
};
const ended = { done: "Written", stopped: "Stopped", broken: "Broken off" };
const ask = async (job) => {
  if (running !== job) return;
  const answer = await fetch(job.address).catch(() => null);
  if (running !== job) return;
  if (!answer?.ok) {
    if (++job.missed < 20) return void setTimeout(ask, 250, job);
    running = null;
    return tell("How far it is cannot be told; your browser's list of downloads knows.");
  }
  const said = await answer.json();
  const counted = `${number(said.rows)} of ${number(said.of)} rows, ${size(said.bytes)}`;
  if (said.state === "writing") {
    tell(`${counted} of about ${size(job.bytes)}`, said.rows / said.of);
    setTimeout(ask, 400, job);
  } else {
    running = null;
    tell(`${ended[said.state]}: ${counted}`, said.rows / said.of);
  }
};
addEventListener("click", (event) => {
  const link = event.target?.closest?.("#export-download");
  if (!link) return;
  const id = [...crypto.getRandomValues(new Uint8Array(12))].map((each) => each.toString(16).padStart(2, "0")).join("");
  const address = chosen(link.href);
  address.searchParams.set("download", id);
  link.href = address.href;
  running = { address: link.dataset.progress + id, bytes: Number(link.dataset.bytes), missed: 0 };
  tell("Beginning", 0);
  setTimeout(ask, 150, running);
});
addEventListener("click", (event) => {
  if (event.target.id === "export-stop" && running) fetch(running.address, { method: "DELETE" }).catch(() => {});
});

addEventListener("click", async (event) => {
  if (event.target.id !== "export-copy") return;
  if (await copy(byId("export-command").textContent)) event.target.textContent = "Copied";
});
const ready = () => {
  const button = byId("export-copy");
  if (button) button.hidden = !canCopy();
};
addEventListener("DOMContentLoaded", ready);
addEventListener("htmx:afterSettle", ready);
if (document.readyState !== "loading") ready();
