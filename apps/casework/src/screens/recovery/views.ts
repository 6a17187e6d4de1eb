/** Recovery with sheets and the teams, as plain data. */

export type RecoveryView = {
  readonly id: string;
  /** Who asked; nothing for a key that the organisation does not know. */
  readonly by: string | undefined;
  readonly isMine: boolean;
  readonly requestedAt: number;
  readonly opensAt: number;
  readonly state: "waiting" | "open" | "forbidden" | "used";
};

export type RecoveryState = {
  readonly recoveries: readonly RecoveryView[];
  readonly sheets: { readonly k: number; readonly n: number } | undefined;
  /** Read and right so far; they lie in the worker until they are used or it is locked. */
  readonly held: number;
  readonly isSupervisor: boolean;
};

export type TeamFormed = {
  readonly id: string;
  readonly name: string | undefined;
  readonly formerNames: readonly string[];
  readonly supervisors: readonly string[];
  readonly members: readonly string[];
  /** Somebody holds its key who should not. */
  readonly waitsForKey: boolean;
};

export type TeamsAct =
  | { readonly type: "Form"; readonly name: string; readonly supervisors: readonly string[] }
  | { readonly type: "Name"; readonly team: string; readonly name: string }
  | { readonly type: "Join" | "Leave"; readonly team: string; readonly person: string }
  | { readonly type: "ReplaceKey"; readonly team: string; readonly supervisors: readonly string[] };
