// @ts-check
// Draws formulas with KaTeX: those in view before they are painted, the others as they come near.
// The TeX stays in the page beside what is drawn: hits are marked in it, and copying takes it.
const KATEX = new URL("vendor/katex/katex.min", import.meta.url).href;
const CHEMICAL = new URL("vendor/katex/mhchem.min.js", import.meta.url).href;
const FONTS = ["", "bold ", "italic "].map((style) => `${style}1em KaTeX_Main`).concat(
  ["italic 1em KaTeX_Math", "1em KaTeX_AMS", "1em KaTeX_Size1", "1em KaTeX_Size2", "1em KaTeX_Size3", "1em KaTeX_Size4"]);
const BLOCK = "p, li, td, th, h3, h4, h5, h6, blockquote, .prose";
const DELIMITED = /^(\\\(|\\\[|\$\$?)([\s\S]*?)(?:\\\)|\\\]|\$\$?)$/;
const ONLY_DISPLAYED = /\\begin\{(?:align|alignat|equation|gather)\*?\}/;
const CHEMISTRY = /\\(?:ce|pu)(?![A-Za-z])/;
const root = document.documentElement;
const waiting = new Map(); // blocks that have formulas to draw, in the order of the page

const add = (tag, values) =>
  new Promise((done, failed) =>
    document.head.append(Object.assign(document.createElement(tag), values, { onload: done, onerror: failed })));
let loading, chemistry;
const load = () =>
  (loading ??= Promise.all([
    add("script", { src: KATEX + ".js" }),
    add("link", { rel: "stylesheet", href: KATEX + ".css" }).then(() => Promise.all(FONTS.map((font) => document.fonts.load(font)))),
  ]));
// Where it does not come, chemistry is left as it was typed.
const loadChemistry = () => (chemistry ??= add("script", { src: CHEMICAL }).catch(() => {}));
const isChemical = (formula) => CHEMISTRY.test(formula.textContent);

// What models write and KaTeX takes otherwise: a bare per cent sign, a price, words in a box, labels.
const texOf = (formula) => {
  const copy = formula.cloneNode(true);
  for (const badge of copy.querySelectorAll(".cc")) badge.remove();
  const text = copy.textContent;
  const inside = DELIMITED.exec(text)?.[2] ?? text;
  const priced = inside.replace(/\\[\s\S]/g, "").split("$").length === 2;
  return (priced ? inside.replace(/(\\[\s\S])|\$/g, (found, escaped) => escaped ?? "\\$") : inside)
    .replace(/(\\[\s\S])|%/g, (found, escaped) => escaped ?? "\\%")
    .replace(/\\boxed\{([^{}\\$^_&]*[A-Za-z]{2,} [^{}\\$^_&]*)\}/g, "\\boxed{\\text{$1}}")
    .replace(/\\label\{[^{}]*\}/g, "");
};

// KaTeX sets a few styles as attributes, which the page's policy refuses; as properties it takes them.
const withoutStyleAttributes = (work) => {
  const { setAttribute } = Element.prototype;
  /** @this {HTMLElement} */
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
  try {
    work();
  } finally {
    Element.prototype.setAttribute = setAttribute;
  }
};

// A formula with a command that KaTeX does not know, or will not follow, stays as it was typed.
const draw = (formula) => {
  const tex = texOf(formula);
  const displayMode = formula.classList.contains("math-display") || ONLY_DISPLAYED.test(tex);
  const drawn = document.createElement("span");
  drawn.className = "drawn";
  formula.dataset.math = "source";
  let refused = false;
  const trust = () => {
    refused = true;
    return false;
  };
  try {
    const options = { displayMode, throwOnError: true, trust, maxExpand: 200, maxSize: 20, strict: "ignore" };
    withoutStyleAttributes(() => window.katex.render(tex, drawn, options));
  } catch {
    return;
  }
  if (refused) return;
  const source = document.createElement("span");
  source.className = "tex";
  source.setAttribute("aria-hidden", "true");
  source.append(...formula.childNodes);
  formula.append(source, drawn);
  formula.dataset.math = "drawn";
};

const drawAll = (blocks) => {
  const drawn = blocks.flatMap((block) => {
    const formulas = waiting.get(block) ?? [];
    waiting.delete(block);
    near.unobserve(block);
    return formulas;
  });
  for (const formula of drawn) draw(formula);
  // What scrolls can be scrolled by keys
  for (const formula of drawn) if (formula.scrollWidth > formula.clientWidth && formula.matches(".math-display")) formula.tabIndex = 0;
};
let ready = false; // all is loaded that the formulas of the page want
const near = new IntersectionObserver(
  (entries) => ready && drawAll(entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target)),
  { rootMargin: "1500px 0px" });

const inView = (block) => {
  if (!block.checkVisibility()) return false; // what is folded has a place all the same
  const { top, bottom, width } = block.getBoundingClientRect();
  return (width || bottom > top) && bottom > 0 && top < 1.5 * innerHeight;
};
const drawInView = () => ready && waiting.size && drawAll([...waiting.keys()].filter(inView));
const soon = () => waiting.size && requestAnimationFrame(drawInView);

const begin = () => {
  for (const block of waiting.keys()) if (!block.isConnected) waiting.delete(block);
  for (const formula of document.querySelectorAll(".math:not([data-math])")) {
    formula.dataset.math = "waiting";
    const block = formula.closest(BLOCK) ?? formula;
    if (waiting.has(block)) waiting.get(block).push(formula);
    else waiting.set(block, [formula]);
  }
  if (!waiting.size) return;
  const chemical = [...waiting.values()].some((formulas) => formulas.some(isChemical));
  const go = () => {
    ready = true;
    root.dataset.mathematics = "ready";
    drawInView();
    root.classList.remove("drawing");
    for (const block of waiting.keys()) near.observe(block);
  };
  if (ready && (chemistry || !chemical)) return go();
  ready = false;
  // Nothing moves under the reader's eyes: what formulas would shift is shown when they are there.
  if ([...waiting.keys()].some(inView)) root.classList.add("drawing");
  const late = setTimeout(() => root.classList.remove("drawing"), 1500);
  load().then(() => chemical && loadChemistry()).then(go, () => root.classList.remove("drawing")).finally(() => clearTimeout(late));
};

let height = scrollY;
addEventListener("scroll", () => {
  if (Math.abs(scrollY - height) > innerHeight / 2) drawInView();
  height = scrollY;
}, { passive: true });
for (const name of ["click", "keydown", "hashchange"]) addEventListener(name, soon);
for (const name of ["htmx:afterSwap", "htmx:load"]) addEventListener(name, begin);
addEventListener("beforeprint", () => ready && drawAll([...waiting.keys()]));
begin();

// Copied formulas are TeX, whole ones always.
addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed || !event.clipboardData) return;
  const range = selection.getRangeAt(0).cloneRange();
  const formulaAt = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest('[data-math="drawn"]');
  const [first, last] = [formulaAt(range.startContainer), formulaAt(range.endContainer)];
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const box = document.createElement("div");
  box.className = "prose copied";
  box.append(range.cloneContents());
  const drawn = box.querySelectorAll(".drawn");
  if (!drawn.length) return;
  for (const each of drawn) each.remove();
  document.body.append(box);
  event.clipboardData.setData("text/plain", box.innerText);
  box.remove();
  event.preventDefault();
});
