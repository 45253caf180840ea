// The place in the list: back from a conversation, its result has the focus where it stood.
const PLACE = "thinklens.place";
const address = () => location.pathname + location.search;

// What is opened from the list is noted: its row, and how far the list was scrolled.
addEventListener("click", (event) => {
  const row = event.target.closest?.("li.result");
  if (!row || !event.target.closest("a")) return;
  const { id } = row;
  try {
    sessionStorage.setItem(PLACE, JSON.stringify({ id, list: address(), y: scrollY }));
  } catch {
    // then the result is shown in the middle
  }
}, true);

const noted = () => {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE)) || {};
  } catch {
    return {};
  }
};

const arrive = () => {
  const row = location.hash.startsWith("#row-") ? document.getElementById(location.hash.slice(1)) : null;
  if (!row) return;
  const { id, list, y } = noted();
  if (id === row.id && list === address()) scrollTo({ top: y, behavior: "instant" });
  const { top, bottom } = row.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) row.scrollIntoView({ block: "center", behavior: "instant" });
  row.querySelector("a.title")?.focus({ preventScroll: true });
};

// The Back button scrolls by itself (htmx loads the page anew for it); the focus is put back here.
const wentBack = () => performance.getEntriesByType("navigation")[0]?.type !== "navigate";
const first = () => {
  const { id, list } = noted();
  if (location.hash) arrive();
  else if (wentBack() && list === address()) {
    document.getElementById(id)?.querySelector("a.title")?.focus({ preventScroll: true });
  }
};
first();
addEventListener("htmx:afterSettle", () => queueMicrotask(arrive)); // htmx itself scrolls after it
addEventListener("hashchange", arrive);
