/** A pack as it was written: its tables, its texts and its scenarios, read and checked, but not compiled. */

import type { PackProblem } from "./problem.ts";
import type { Scenario } from "./scenarios.ts";
import type { Tables } from "./tables.ts";

export type PackSource = {
  /** The folder as it was given; the start of every file named in a problem. */
  readonly folder: string;
  readonly tables: Tables;
  /** By language, then by key. Languages without a folder are absent. */
  readonly texts: Texts;
  readonly scenarios: readonly Scenario[];
  /** The pack this one lies over; null for a pack that stands alone. */
  readonly below: PackSource | null;
};

export type Texts = ReadonlyMap<string, ReadonlyMap<string, Text>>;

export type Text = { readonly text: string; readonly file: string; readonly line: number };

/** The files of a pack by their path below its folder. */
export type PackFiles = ReadonlyMap<string, string>;

/** Collects problems, so that one reading reports all of them. */
export type Report = (problem: PackProblem) => void;

/** A property of `pack.csv`; empty when it is not there. */
export const propertyOf = (tables: Tables, property: string): string =>
  tables.pack.find((row) => row.property === property)?.value ?? "";
