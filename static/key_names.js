// @ts-check
// The key that is meant, whatever layout the keyboard has: a letter by its name where the layout has Latin
// letters, else by its place; n and N by Shift, whether Caps Lock is on or not.
const MAC = /^Mac/.test(navigator.platform);
const SIGNS = ["/", "?", "[", "]"];
const WRITES = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])";

/** Whether somebody types there. @param {EventTarget | null} target */
export const typing = (target) => target instanceof Element && Boolean(target.closest(WRITES));

// AltGr (on a Mac the Option key) is how many layouts write a sign.
/** @param {KeyboardEvent} event */
const written = (event) => event.getModifierState("AltGraph") || (MAC && event.altKey && !event.ctrlKey && !event.metaKey);

/** What a key says by its place, as on a US keyboard. @param {KeyboardEvent} event */
const byPlace = ({ code, shiftKey }) => {
  if (code === "Slash") return shiftKey ? "?" : "/";
  const plain = code === "BracketLeft" ? "[" : code === "BracketRight" ? "]" : "";
  return shiftKey ? "" : plain;
};

/** The name of a key as the table of keys has it; "" for a key that means nothing. @param {KeyboardEvent} event */
export const keyOf = (event) => {
  const { key, code, shiftKey } = event;
  if (SIGNS.includes(key) && !event.isComposing && written(event)) return key;
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  if (event.isComposing || event.keyCode === 229) return ""; // an input method has it
  if (SIGNS.includes(key)) return key;
  const foreign = /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key);
  const letter = foreign ? /^Key([A-Z])$/.exec(code)?.[1] : /^[a-z]$/i.exec(key)?.[0];
  if (letter) return shiftKey ? letter.toUpperCase() : letter.toLowerCase();
  // the key of / has . and , on Cyrillic layouts
  return foreign || (code === "Slash" && ".,؟".includes(key)) ? byPlace(event) : key;
};
