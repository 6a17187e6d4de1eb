/**
 * A list that grows at its head, and is kept as it was after each step: what is kept later shares all that is kept earlier.
 *
 * Of a case with thousands of control entries one such list is kept for each, and a copy for each would be millions.
 */

/** Empty where it is undefined. */
export type NewestFirst<T> = { readonly newest: T; readonly before: NewestFirst<T> } | undefined;

export const newestFirst = function* <T>(list: NewestFirst<T>): Generator<T> {
  for (let at = list; at !== undefined; at = at.before) yield at.newest;
};

/** Of things of which the last is the newest. */
export const toNewestFirst = <T>(inOrder: readonly T[]): NewestFirst<T> =>
  inOrder.reduce<NewestFirst<T>>((before, newest) => ({ newest, before }), undefined);
