/** The few parts of logic-solver that `solver.ts` uses; the library brings no types of its own. */

declare module "logic-solver" {
  /** Opaque: made by `or`, handed to `require`. */
  export type Formula = { readonly __formula: never };

  export type Solution = { getTrueVars(): readonly string[] };

  export type LibrarySolver = {
    require(formula: Formula | string): void;
    solveAssuming(formula: Formula | string): Solution | null;
  };

  const Logic: {
    readonly Solver: new () => LibrarySolver;
    readonly TRUE: string;
    readonly FALSE: string;
    or(...parts: readonly string[]): Formula;
    disablingAssertions<T>(action: () => T): T;
  };

  export default Logic;
}
