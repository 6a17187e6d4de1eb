/** What a paper is written with: the words of its language, and the names of providers in it. No colleague has a name here. */

import type { Names, Words } from "../frame/words.ts";

export type Tongue = { readonly words: Words; readonly names: Names };

export const namesOnPaper = (provider: (id: string) => string | undefined): Names => ({ person: () => "", provider });

/** What is written into the history before it is printed: the copy, for a letter with its referral. A blank form is no copy. */
export type Noted = { readonly kind: "blank" } | { readonly kind: "copy"; readonly referral?: string };
