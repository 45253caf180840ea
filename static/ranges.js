// @ts-check
// A range dragged over the bars of a histogram: it fills the two boxes below, and sends them.
const THRESHOLD = 4; // pixels that a click may move
/** @type {any} */
let drag = null; // the chart, its parts, where it began

const parts = (chart) => {
  const facet = chart.closest(".facet");
  const form = facet.querySelector("form.range");
  const [from, to] = form.querySelectorAll('input[name^="from."], input[name^="to."]');
  return { form, from, to, ends: facet.querySelector(".ends"), bars: [...chart.querySelectorAll("a")] };
};

// The bar under a pointer, the outermost ones for what lies beyond.
const barAt = ({ chart, bars }, x) => {
  const box = chart.getBoundingClientRect();
  const place = Math.floor(((x - box.left) / box.width) * bars.length);
  return Math.min(Math.max(place, 0), bars.length - 1);
};

const draw = (x) => {
  const { bars, first, from, to, ends } = drag;
  const other = barAt(drag, x);
  const [low, high] = [Math.min(first, other), Math.max(first, other)];
  bars.forEach((bar, place) => bar.classList.toggle("dragged", low <= place && place <= high));
  from.value = bars[low].dataset.low;
  to.value = bars[high].dataset.high;
  ends.dataset.would = `${bars[low].dataset.low} to ${bars[high].dataset.high}`;
};

const begin = (event) => {
  drag.begun = true;
  drag.chart.setPointerCapture(event.pointerId);
  drag.chart.classList.add("dragging");
};

// Ends a drag; one that is given up leaves the boxes as they were.
const end = (kept) => {
  const { chart, bars, begun, was, from, to, ends } = drag;
  drag = null;
  if (!begun) return;
  chart.classList.remove("dragging");
  bars.forEach((bar) => bar.classList.remove("dragged"));
  delete ends.dataset.would;
  if (!kept) [from.value, to.value] = was;
};

addEventListener("pointerdown", (event) => {
  const chart = event.target?.closest?.("svg.histogram");
  if (!chart || event.button || !event.isPrimary || !chart.querySelector("a")) return;
  drag = { chart, x: event.clientX, ...parts(chart) };
  drag.first = barAt(drag, event.clientX);
  drag.was = [drag.from.value, drag.to.value];
});
addEventListener("pointermove", (event) => {
  if (!drag || !event.isPrimary) return;
  if (!drag.begun && Math.abs(event.clientX - drag.x) > THRESHOLD) begin(event);
  if (drag.begun) draw(event.clientX);
});
// What the bar under the pointer stands for is said at once, below the bars.
/** @type {any} */
let told = null;
const untell = () => {
  if (told) delete told.dataset.would;
  told = null;
};
addEventListener("pointermove", (event) => {
  if (drag?.begun) return;
  const chart = event.target?.closest?.("svg.histogram");
  if (!chart) return untell();
  const { bars, ends } = parts(chart);
  if (!ends || !bars.length) return;
  if (told !== ends) untell();
  told = ends;
  ends.dataset.would = bars[barAt({ chart, bars }, event.clientX)].ariaLabel;
});
addEventListener("pointerup", (event) => {
  if (!drag || !event.isPrimary) return;
  const { form, begun, chart } = drag;
  end(true);
  if (!begun) return;
  // the click that follows a drag is none
  const swallow = (click) => (click.preventDefault(), click.stopPropagation());
  chart.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => chart.removeEventListener("click", swallow, { capture: true }), 50);
  form.requestSubmit();
});
addEventListener("pointercancel", () => drag && end(false));
addEventListener("keydown", (event) => event.key === "Escape" && drag && end(false));

// What is drawn has links that htmx does not take over: a bar is asked for as all others are.
addEventListener("click", (event) => {
  const bar = event.target?.closest?.("svg.histogram a");
  if (!bar || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  event.preventDefault();
  const how = { source: bar, target: "#main", swap: "outerHTML show:none", push: "true" };
  window.htmx.ajax("GET", bar.getAttribute("href"), how);
});
// else the browser would drag the link of the bar away
addEventListener("dragstart", (event) => event.target?.closest?.("svg.histogram") && event.preventDefault());
