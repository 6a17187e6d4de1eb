/** Tells apart values that are made of the same stuff, so that one id can never pass for another. */

declare const brand: unique symbol;

/**
 * Makes a plain value one of a kind: `type CaseId = string & Brand<"CaseId">`.
 * It exists for the compiler only. Cast to it only in the function that checks or creates the value.
 */
export type Brand<Name extends string> = { readonly [brand]: Name };
