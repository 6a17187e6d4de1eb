/** Whether something still says what it said when somebody began to write about it. */

import type { Card } from "./screen.ts";

/**
 * A short mark of what cards say: equal for the same, whatever their entries are called before and after they are sent. It guards
 * nothing; whoever tells it apart by chance is not told of a change.
 */
export const markOfCards = (cards: readonly Card[]): string => {
  const said = JSON.stringify(cards.map(({ title, marks, rows }) => [title, marks, rows]));
  let mark = 0;
  for (let place = 0; place < said.length; place += 1) mark = (Math.imul(mark, 31) + said.charCodeAt(place)) | 0;
  return String(mark);
};
