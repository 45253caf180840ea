// @ts-check
// The overview's table by a field is put in order by its heads: figures highest first, names from A, and back.

const number = (cell) => {
  const text = cell.textContent.trim();
  if (text === "·") return 0;
  if (text.startsWith("<")) return 0.05;
  const found = parseFloat(text.replaceAll(",", ""));
  return Number.isNaN(found) ? -1 : found; // a dash is below every number
};
const compared = (place, figure) => (one, other) =>
  figure
    ? number(other.cells[place]) - number(one.cells[place])
    : one.cells[place].textContent.localeCompare(other.cells[place].textContent);

const sort = (head) => {
  const table = head.closest("table");
  const figure = head.classList.contains("figure");
  const [first, second] = figure ? ["descending", "ascending"] : ["ascending", "descending"];
  const order = head.getAttribute("aria-sort") === first ? second : first;
  for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  const rows = [...table.tBodies[0].rows].sort(compared(head.cellIndex, figure));
  table.tBodies[0].append(...(order === first ? rows : rows.reverse()));
};

const dress = () => {
  for (const head of document.querySelectorAll("#by thead th:is(.figure, :first-child)")) {
    if (head.querySelector("button")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "by-head";
    button.append(...head.childNodes);
    head.append(button);
  }
};
addEventListener("click", (event) => {
  const button = event.target?.closest?.("button.by-head");
  if (button) sort(button.closest("th"));
});
addEventListener("htmx:afterSettle", dress);
dress();
