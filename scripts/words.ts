/** For programs that take no words of their own. A word that is passed over could have been the one that mattered, such as a port. */

/** Ends with 2 where words stand after the program's name. `instead`: what to do, as a sentence without its end. */
export const refuseWords = (words: readonly string[], instead: string): void => {
  if (words.length === 0) return;
  console.error(`There is one word too many: ${instead}.`);
  process.exit(2);
};

export const settingsInstead =
  "settings stand before the call, such as PORT=8081 npm start, and are all in docs/guides/administrator.md";
