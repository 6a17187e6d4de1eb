/**
 * In which order the files of tests begin.
 *
 * On a fresh checkout Vitest begins with the file of most letters, and some of the slowest are short: begun last, one of them keeps
 * one worker busy while the others have nothing left.
 */

import { join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { projectRoot } from "./workspaces.ts";

/** Short, and among those that take longest. */
export const slowFiles: readonly string[] = [
  "tests/browser/guide-pages.test.ts",
  "tests/browser/casework-screens.test.ts",
  "tests/browser/casework-ways-in.test.ts",
  "tests/browser/casework-walk.test.ts",
  "tests/browser/guide-traces.test.ts",
  "tests/browser/casework-password.test.ts",
  "tests/simulation/even-seeds.test.ts",
  "tests/simulation/odd-seeds.test.ts",
].map((path) => join(projectRoot, path));

export const slowestFirst = <File extends { readonly moduleId: string }>(files: readonly File[]): File[] => [
  ...files.filter(({ moduleId }) => slowFiles.includes(moduleId)),
  ...files.filter(({ moduleId }) => !slowFiles.includes(moduleId)),
];

// eslint-disable-next-line house/no-class-for-data -- Vitest takes a class that it makes itself
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return slowestFirst(await super.sort(files));
  }
}
