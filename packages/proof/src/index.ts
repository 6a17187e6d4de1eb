/**
 * Reads a pack, checks it, compiles it, and proves its safety properties for every possible case.
 *
 * It runs where a pack is built or looked at (build, tests, terminal) and is never part of a bundle.
 */

export { readPack, type ReadOptions } from "./pack/read.ts";
export { describeProblem, type PackProblem, type PackProblemType } from "./pack/problem.ts";
export { type PackSource, type Text, propertyOf } from "./pack/source.ts";
export type { Scenario } from "./pack/scenarios.ts";
export type { Row, TableName, Tables } from "./pack/tables.ts";
export { type TextsToRead, textsToRead } from "./pack/overlay.ts";
export { type CheckPart, checkPack } from "./check/check.ts";
export { type StoredId, storedIds } from "./check/released.ts";
export { compilePack } from "./compile/pack.ts";
export { compileTexts } from "./compile/texts.ts";
export { type Counterexample, type ProofOptions, type PropertyResult, provePack } from "./proof/prove.ts";
export { describeResult } from "./proof/describe.ts";
