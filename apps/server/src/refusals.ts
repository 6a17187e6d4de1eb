/**
 * What the server says when it does not do what it was asked: one table of code, status and words.
 *
 * The words are plain and blame nobody, and never repeat anything that was sent.
 */

export type Refusal = { readonly status: number; readonly words: string };

export const refusals = {
  AddressNotUnderstood: { status: 400, words: "This address could not be understood. Please check it." },
  NotForEveryone: { status: 403, words: "This address is for whoever runs the server." },
  PageNotFound: { status: 404, words: "There is no page at this address." },
  MethodNotAllowed: { status: 405, words: "This address can only be read." },
  TooSlow: { status: 408, words: "The request took too long to arrive. Please try again." },
  BodyNotExpected: { status: 413, words: "This address takes no data." },
  AddressTooLong: { status: 414, words: "This address is too long." },
  ExpectationUnknown: { status: 417, words: "The request expects something that this server does not do." },
  TooManyRequests: { status: 429, words: "Too much is asked from this place at once. Please wait a little." },
  HeadersTooLarge: { status: 431, words: "The request's headers are too large." },
  NotReady: { status: 503, words: "The server cannot reach what it keeps." },
  OurMistake: { status: 500, words: "Something went wrong on our side. Nothing you did caused it." },
} as const satisfies Record<string, Refusal>;

export type RefusalCode = keyof typeof refusals;

/** The text of a refusal. A reference lets a person report our mistake without describing what they did. */
export const wordsOf = (code: RefusalCode, reference?: string): string =>
  reference === undefined ? `${refusals[code].words}\n` : `${refusals[code].words} Reference: ${reference}\n`;
