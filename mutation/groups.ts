/** What mutation breaks, in groups: each is run by itself with the tests of its own package, which have to notice. */

export type MutationGroup = {
  readonly name: string;
  /** Files as patterns from the root of the project. */
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
};

const testsOf = (part: string): string => `packages/${part}/src/**/*.test.ts`;

const verification: MutationGroup = {
  name: "verification",
  mutate: ["packages/log/src/authentic.ts", "packages/log/src/control-line.ts"],
  tests: [testsOf("log")],
};

const sealing: MutationGroup = {
  name: "sealing",
  mutate: ["packages/vault/src/seal.ts", "packages/vault/src/hazmat/ed25519.ts"],
  tests: [testsOf("vault")],
};

const consent: MutationGroup = {
  name: "consent",
  mutate: [
    "packages/casefile/src/authority.ts",
    "packages/casefile/src/gates.ts",
    "packages/casefile/src/approvals/*.ts",
    "packages/casefile/src/consent/*.ts",
    "!**/*.test.ts",
  ],
  tests: [testsOf("casefile"), "tests/casefile/**/*.test.ts"],
};

const caseAuthority: MutationGroup = {
  name: "case-authority",
  mutate: ["control", "epochs", "read", "verify"].map((file) => `packages/vault/src/case/${file}.ts`),
  tests: [testsOf("vault")],
};

const organisationAuthority: MutationGroup = {
  name: "organisation-authority",
  mutate: ["evolve", "places", "two-persons"].map((file) => `packages/vault/src/organisation/${file}.ts`),
  tests: [testsOf("vault")],
};

export const mutationGroups = [verification, sealing, consent, caseAuthority, organisationAuthority];

/** By this the tool and its tests, in processes of their own, know which group is run. */
export const groupVariable = "AMANA_MUTATION_GROUP";

/** Fails where the variable names none. */
export const runGroup = (): MutationGroup => {
  const name = process.env[groupVariable];
  const group = mutationGroups.find((each) => each.name === name);
  if (group === undefined) throw new Error(`${groupVariable} names no group of mutation/groups.ts: ${String(name)}`);
  return group;
};

/** From the root of the project. */
export const reportOf = (group: MutationGroup): string => `mutation/reports/${group.name}.json`;
