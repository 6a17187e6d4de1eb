/**
 * Of several readings of one thing the newest stays. The worker answers side by side what it is asked, so an answer may come
 * after the answer to what was asked later, and would put what is over in the place of what stands.
 */

/**
 * `show` is given the answer and what was asked, unless a newer answer was shown already or something else is asked by now.
 * What the worker told of since makes another reading, and is no part of the question: while it is read, what was read before
 * it may be shown, or nothing would be for as long as there is news.
 */
export const newestOf = <Asked extends readonly unknown[], Answer>(
  ask: (...asked: Asked) => Promise<Answer>,
  show: (answer: Answer, ...asked: Asked) => void,
): ((changes: number, ...asked: Asked) => Promise<void>) => {
  let readings = 0;
  let newestShown = 0;
  let question: readonly unknown[] = [];
  return async (_changes, ...asked) => {
    readings += 1;
    const mine = readings;
    question = asked;
    const answer = await ask(...asked);
    const isStillAsked = asked.every((each, place) => each === question[place]);
    if (!isStillAsked || mine < newestShown) return;
    newestShown = mine;
    show(answer, ...asked);
  };
};
