/** Counts what became of the changes that mutation made, from the tool's own report. */

export type Tally = {
  readonly killed: number;
  /** The tests did not end: counted as noticed, and shown, since a busy machine makes more of them. */
  readonly timedOut: number;
  readonly survived: number;
  readonly notReached: number;
};

/** The part of the tool's report that is read here. */
export type Report = {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
};

/** Changes that do not compile, or that the code says to leave out, are no changes. */
export const tallyOf = (report: Report): Tally => {
  const statuses = Object.values(report.files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (status: string): number => statuses.filter((each) => each === status).length;
  return {
    killed: count("Killed"),
    timedOut: count("Timeout"),
    survived: count("Survived"),
    notReached: count("NoCoverage"),
  };
};

export const sumOf = (tallies: readonly Tally[]): Tally => {
  const sum = (part: keyof Tally): number => tallies.reduce((all, tally) => all + tally[part], 0);
  return {
    killed: sum("killed"),
    timedOut: sum("timedOut"),
    survived: sum("survived"),
    notReached: sum("notReached"),
  };
};

/** In percent of all changes. What was not reached was not noticed. Nothing to change is nothing proved: 0. */
export const noticed = ({ killed, timedOut, survived, notReached }: Tally): number => {
  const all = killed + timedOut + survived + notReached;
  return all === 0 ? 0 : (100 * (killed + timedOut)) / all;
};
