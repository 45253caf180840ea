// What the scripts of the pages find in every page beside what a browser has: what storage.js gives, htmx
// and its events, KaTeX.

/** What a browser keeps; `write` tells whether it does. */
interface Keeper {
  read(key: string): string | null;
  write(key: string, value: string | null): boolean;
}
declare var kept: Keeper;
declare var keptHere: Keeper;

interface HtmxDetail {
  elt: HTMLElement;
  target: HTMLElement;
  xhr: XMLHttpRequest;
  path: string;
  parameters: Record<string, any>;
  requestConfig: { elt: HTMLElement };
  serverResponse: string;
  shouldSwap: boolean;
  successful: boolean;
  selectOverride: string;
  swapOverride: string;
}
type HtmxEvent = CustomEvent<HtmxDetail>;
type HtmxEvents =
  | "htmx:afterRequest"
  | "htmx:afterSettle"
  | "htmx:afterSwap"
  | "htmx:beforeHistorySave"
  | "htmx:beforeRequest"
  | "htmx:beforeSwap"
  | "htmx:configRequest"
  | "htmx:load"
  | "htmx:pushedIntoHistory"
  | "htmx:replacedInHistory"
  | "htmx:sendError"
  | "htmx:timeout";
type WindowEventMapOfHtmx = { [name in HtmxEvents]: HtmxEvent };
interface WindowEventMap extends WindowEventMapOfHtmx {}

interface HtmxAsking {
  source?: Element;
  target: Element | string;
  swap: string;
  select?: string;
  push?: string;
}
interface Window {
  htmx?: {
    ajax(verb: "GET", path: string, how: HtmxAsking): Promise<void>;
    process(element: Element): void;
  };
  katex?: { render(tex: string, place: Element, options: object): void };
  navigation?: { currentEntry: { key: string } | null };
}
interface PerformanceEntry {
  readonly type?: string;
}
interface Navigator {
  readonly connection?: { readonly saveData?: boolean };
}

// What a selector finds is an element of HTML; of which kind, the templates say and no type can.
type Found = HTMLElement &
  Pick<HTMLInputElement, "checked" | "defaultValue" | "form" | "select" | "value"> &
  Pick<HTMLAnchorElement, "hash" | "href" | "rel"> &
  Pick<HTMLDetailsElement, "open"> &
  Pick<HTMLTemplateElement, "content">;
interface ParentNode {
  querySelector(selectors: string): Found | null;
  querySelectorAll(selectors: string): NodeListOf<Found>;
}
interface Element {
  closest(selectors: string): Found | null;
}
// What an event tells of is one of them mostly, or the document, which has none of these.
interface EventTarget {
  checked?: boolean;
  closest?(selectors: string): Found | null;
  id?: any;
  textContent?: string | null;
}
