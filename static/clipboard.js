// @ts-check
// The clipboard, which a page may not have: without a secure address there is none, and a browser may refuse.
export const canCopy = () => Boolean(navigator.clipboard);

/**
 * Copies a text, or the one that is on its way; says whether that was done.
 * @param {string | Promise<string>} text
 */
export const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(await text);
    return true;
  } catch {
    return false;
  }
};

/**
 * Selects what an element shows, ready for the reader's own keys.
 * @param {Node | null | undefined} element
 */
export const select = (element) => element && getSelection()?.selectAllChildren(element);
