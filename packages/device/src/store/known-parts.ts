/**
 * How many parts may stand in the store of what lies there in parts, as far as it was looked for, read or written since the device
 * was unlocked. One device writes a store, so nothing is looked for twice: a store that answers from another process takes as long
 * for that as sealing does.
 */

export type KnownParts = {
  /** Nothing where it was not looked for. None of a higher number stands. */
  readonly of: (name: string) => number | undefined;
  /** Of what stands there, and of what is about to be written. */
  readonly note: (name: string, count: number) => void;
  readonly forget: (name: string) => void;
};

export const noPartsKnown = (): KnownParts => {
  const counts = new Map<string, number>();
  return {
    of: (name) => counts.get(name),
    note: (name, count) => {
      // Never fewer than before: whether what was to be written ever is, is not known here.
      counts.set(name, Math.max(counts.get(name) ?? 0, count));
    },
    forget: (name) => {
      counts.delete(name);
    },
  };
};
