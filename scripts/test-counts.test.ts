/** How the tests of a run are counted, from what the test program has written down. */

import { describe, expect, it } from "vitest";
import { addCounts, countsIn } from "./test-counts.ts";

describe("counting tests", () => {
  it("adds up what passed and failed", () => {
    const results = JSON.stringify({ numPassedTests: 3, numFailedTests: 1, success: false });
    expect(addCounts(countsIn(results), { passed: 2, failed: 0 })).toEqual({ passed: 5, failed: 1 });
  });

  it("counts a file that could not be loaded as a failure", () => {
    expect(countsIn(JSON.stringify({ numPassedTests: 3, numFailedTests: 0, success: false }))).toEqual({
      passed: 3,
      failed: 1,
    });
  });

  it("reads results that hold nothing as no tests", () => {
    expect(countsIn("null")).toEqual({ passed: 0, failed: 0 });
  });
});
