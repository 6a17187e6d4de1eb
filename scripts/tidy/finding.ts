/** What the checks of `tidy` read, and what they say. */

export type TextFile = { readonly path: string; readonly text: string };

export type Finding = { readonly path: string; readonly line: number; readonly says: string };
