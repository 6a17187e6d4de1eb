/** Counts passed and failed tests in the results that Vitest writes as JSON. */

export type Counts = { readonly passed: number; readonly failed: number };

export const noTests: Counts = { passed: 0, failed: 0 };

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
});

/** A file of tests that could not even be loaded counts as one failed test. */
export const countsIn = (json: string): Counts => {
  const results: unknown = JSON.parse(json);
  if (typeof results !== "object" || results === null) return noTests;
  const numberOf = (name: string): number => {
    const value: unknown = Reflect.get(results, name);
    return typeof value === "number" ? value : 0;
  };
  const testsFailed = numberOf("numFailedTests");
  const isUnloaded = testsFailed === 0 && Reflect.get(results, "success") === false;
  return { passed: numberOf("numPassedTests"), failed: isUnloaded ? 1 : testsFailed };
};
