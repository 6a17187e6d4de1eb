/** Whether something still says what it said when somebody began to write about it. */

import type { Card, Mark, Row } from "./screen.ts";

/**
 * A short mark of what was written on cards: equal for the same, whatever their entries are called before and after they are sent,
 * and whatever has run out meanwhile by time alone. It guards nothing; whoever tells it apart by chance is not told of a change.
 */
export const markOfCards = (cards: readonly Card[]): string => {
  const said = JSON.stringify(
    cards.map(({ title, marks, rows }) => [title, marks.filter(isWritten), rows.filter(isWritten)]),
  );
  let mark = 0;
  for (let place = 0; place < said.length; place += 1) mark = (Math.imul(mark, 31) + said.charCodeAt(place)) | 0;
  return String(mark);
};

const isWritten = ({ follows }: Mark | Row): boolean => follows !== true;
