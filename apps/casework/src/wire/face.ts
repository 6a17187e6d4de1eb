/**
 * What the worker offers the page. Plain data goes in and out; keys and whole cases stay where they are.
 */

import type { CaseCommand, DueItem, Level, SearchMatch } from "@amana/casefile";
import type { Result } from "@amana/kernel";
import type { Language } from "@amana/ui";
import type { CaseView, Refusal, Section } from "../case/screen.ts";

export type Phase = "new" | "locked" | "unlocked" | "emptied";

export type Start =
  /** Another tab of this browser works with it. */
  | { readonly kind: "held-elsewhere" }
  | { readonly kind: "ready"; readonly phase: Phase; readonly language: Language | undefined };

/** Why setting up, unlocking or changing the password did not work. */
export type AccountRefusal = { readonly type: string; readonly failuresLeft?: number };

export type SyncView = {
  readonly kind: "idle" | "working" | "offline" | "stopped";
  readonly lastAt: number | undefined;
  readonly unsent: number;
};

export type DueView = DueItem & {
  readonly log: string;
  readonly code: string;
  readonly level: Level | undefined;
};

export type NoticeView = {
  readonly type: string;
  readonly log: string | undefined;
  readonly minutes: number | undefined;
};

export type HomeView = {
  readonly due: readonly DueView[];
  readonly caseCount: number;
  readonly notices: readonly NoticeView[];
  readonly sync: SyncView;
  /** Steps of the first day that are still to be done. */
  readonly firstSteps: readonly ("second-person" | "first-case" | "recovery")[];
};

export type CaseRow = {
  readonly log: string;
  readonly codes: readonly string[];
  readonly level: Level | undefined;
  readonly track: string;
  readonly isClosed: boolean;
  readonly isMine: boolean;
  readonly responsible: readonly string[];
  readonly nextDueAt: number | undefined;
  readonly nextDueKind: string | undefined;
  readonly hasDrafts: boolean;
  readonly match: SearchMatch | undefined;
};

export type Query = {
  readonly names: readonly string[];
  readonly phones: readonly string[];
  readonly ids: readonly string[];
};

export type PersonView = {
  readonly id: string;
  /** By the order in which people came: the same number on every device. */
  readonly number: number;
  /** What colleagues call them, once somebody has said it. */
  readonly name: string | undefined;
  readonly roles: readonly string[];
  readonly isMe: boolean;
  readonly hasLeft: boolean;
};

export type TeamView = {
  /** Nothing before this device has met its organisation's log: the invitation waits to be confirmed. */
  readonly isKnown: boolean;
  readonly people: readonly PersonView[];
  readonly invitations: readonly InvitationView[];
  readonly recovery: { readonly k: number; readonly n: number } | undefined;
  /** What waits for a second person. */
  readonly waiting: readonly {
    readonly id: string;
    readonly what: string;
    readonly by: string;
    readonly about: string | undefined;
    readonly role: string | undefined;
    readonly canConfirm: boolean;
  }[];
  /** What this person may do. */
  readonly isSupervisor: boolean;
  readonly isKeeper: boolean;
};

export type InvitationView = { readonly id: string; readonly role: string | undefined };

/** What came back to an invitation: six groups to compare aloud, or why it never counts. */
export type AnswerView = {
  readonly id: string;
  readonly outcome:
    | { readonly kind: "to-compare"; readonly words: readonly string[] }
    | { readonly kind: "confirmed" }
    | { readonly kind: "refused"; readonly type: string };
};

export type DeviceView = {
  readonly device: string;
  readonly signedInAt: number;
  readonly lastSeenAt: number;
  readonly isThis: boolean;
};

export type NewCase = {
  readonly command: Extract<CaseCommand, { type: "OpenCase" }>;
  /** Said right after opening, in this order. */
  readonly more: readonly CaseCommand[];
};

/** The kit to print; after an invitation also the words to compare. */
export type Begun = { readonly kit: string; readonly words?: readonly string[] };

type Settled = Promise<Result<null, AccountRefusal>>;

export type Face = {
  readonly start: () => Promise<Start>;
  readonly makePassword: () => Promise<string>;
  readonly strengthOf: (password: string) => Promise<"strong" | "too-short" | "too-simple">;
  readonly chooseLanguage: (language: Language) => Promise<void>;

  readonly found: (code: string, password: string, language: Language) => Promise<Result<Begun, AccountRefusal>>;
  readonly acceptInvitation: (
    invitation: string,
    password: string,
    language: Language,
  ) => Promise<Result<Begun, AccountRefusal>>;
  readonly enrolWithKit: (kit: string, password: string, language: Language) => Settled;
  readonly unlock: (password: string) => Settled;
  readonly changePassword: (before: string, after: string) => Settled;

  readonly sync: () => Promise<SyncView>;
  readonly home: () => Promise<HomeView>;
  readonly cases: () => Promise<readonly CaseRow[]>;
  readonly find: (query: Query) => Promise<readonly CaseRow[]>;
  readonly openCase: (newCase: NewCase) => Promise<Result<string, Refusal>>;
  readonly readCase: (log: string, section: Section, asOf: number | undefined) => Promise<CaseView | undefined>;
  readonly tell: (log: string, command: CaseCommand) => Promise<Result<null, Refusal>>;

  readonly team: () => Promise<TeamView>;
  readonly invite: (
    role: "caseworker" | "administrator",
    minutes: number,
  ) => Promise<Result<{ readonly invitation: string }, AccountRefusal>>;
  readonly answers: () => Promise<Result<readonly AnswerView[], AccountRefusal>>;
  readonly confirmInvited: (invitation: string) => Settled;
  readonly closeInvitation: (invitation: string) => Settled;
  readonly actOnTeam: (act: TeamAct) => Settled;
  readonly devices: () => Promise<Result<readonly DeviceView[], AccountRefusal>>;
  readonly signOut: (device: string | undefined) => Settled;
  readonly readKit: () => Promise<Result<string, AccountRefusal>>;
  readonly makeSheets: (k: number, n: number) => Promise<Result<readonly string[], AccountRefusal>>;
  readonly proposeSheets: () => Settled;
  readonly eraseDevice: () => Promise<void>;
};

export type TeamAct =
  | {
      readonly type: "GiveRole" | "TakeRole";
      readonly person: string;
      readonly role: "caseworker" | "supervisor" | "administrator";
    }
  | { readonly type: "PersonLeft"; readonly person: string }
  | { readonly type: "NamePerson"; readonly person: string; readonly name: string }
  | { readonly type: "Confirm"; readonly proposal: string }
  | { readonly type: "GiveAccess" | "TakeAccess"; readonly log: string; readonly person: string };

/** Told without being asked. */
export type News = { readonly kind: "changed" } | { readonly kind: "sync"; readonly sync: SyncView };
