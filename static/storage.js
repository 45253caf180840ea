// @ts-check
// What this browser keeps for its reader. A browser may refuse to: then nothing is kept, and nothing
// breaks. No module, because the theme asks it before anything is drawn; the modules ask it by name.
/** @param {() => Storage} area @returns {Keeper} */
const keeper = (area) => ({
  read(key) {
    try {
      return area().getItem(key);
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      if (value === null) area().removeItem(key);
      else area().setItem(key, value);
      return true;
    } catch {
      return false;
    }
  },
});
globalThis.kept = keeper(() => localStorage); // for good
globalThis.keptHere = keeper(() => sessionStorage); // for this tab
