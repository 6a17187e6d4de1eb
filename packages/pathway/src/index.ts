/**
 * The pathway: from what is known about a case to what to do now, with the reason of each part.
 *
 * Pure and small enough for an old phone. The guidance itself is data (a compiled pack); nothing
 * here knows a rule of the field.
 */

export { assess } from "./assess.ts";
export { type FactProblem, type FactVocabulary, parseFacts, vocabularyOf } from "./facts.ts";
export { type PreparedPack, preparePack } from "./prepare.ts";
export { operation } from "./pack.ts";
export type * from "./answer.ts";
export type * from "./pack.ts";
