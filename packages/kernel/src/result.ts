/** What a call that can be refused gives back. Expected refusals are values, never exceptions. */

export type Result<T, E> = Ok<T> | Err<E>;
export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<E> = { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

/** The error is a plain object named for what happened, with no text for a screen and no value from a case. */
export const err = <E>(error: E): Err<E> => ({ ok: false, error });
