/**
 * What the worker offers the page. Plain data goes in and out; keys and whole cases stay where they are.
 */

import type { CaseCommand, DueItem, Level, SearchMatch } from "@amana/casefile";
import type { Result } from "@amana/kernel";
import type { Language } from "@amana/ui";
import type { CaseView, Refusal, Section } from "../case/screen.ts";
import type { CaseFileKind, PaperAsked, PaperView } from "../print/paper.ts";
import type { FirstStep } from "../screens/first-day.ts";
import type { DirectoryAct, DirectoryView } from "../directory/listing.ts";
import type { RepairAct, RepairView } from "../case/repair.ts";
import type { RecoveryState, RecoveryView, TeamFormed, TeamsAct } from "../screens/recovery/views.ts";
import type { PendingAccessView, PendingActView } from "../screens/team/pending.ts";
import type { ApprovalView, CoverAct, Supervision, WaitingCase } from "../screens/supervise/views.ts";

export type Phase = "new" | "locked" | "unlocked" | "emptied";

/** With what somebody begins on a device: a set-up code, a colleague's invitation, the printed kit. */
export type WayIn = "found" | "invitation" | "kit";

export type Start =
  /** Another tab of this browser works with it. */
  | { readonly kind: "held-elsewhere" }
  | {
      readonly kind: "ready";
      readonly phase: Phase;
      readonly language: Language | undefined;
      /** Nobody knows yet whether the server has the new password: either opens this device. */
      readonly isChangingPassword: boolean;
    };

/** Why setting up, unlocking or changing the password did not work. */
export type AccountRefusal = {
  readonly type: string;
  readonly failuresLeft?: number;
  /** Of the digits that were typed, the group that is wrong, counted from 1. */
  readonly group?: number;
};

export type SyncView = {
  readonly kind: "idle" | "working" | "offline" | "stopped" | "full";
  readonly lastAt: number | undefined;
  readonly unsent: number;
  readonly stillToFetch: number;
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

export type DueGroup = DueItem["when"];

/** A case once, with what of it stands under that heading. */
export type CaseDue = {
  readonly log: string;
  readonly code: string;
  readonly level: Level | undefined;
  readonly items: readonly DueView[];
};

/** How many there are, and the most pressing of them. */
export type CasesDue = { readonly count: number; readonly cases: readonly CaseDue[] };

/** On the first screen; whoever wants more asks for it. */
export const dueShownAtFirst: Readonly<Record<DueGroup, number>> = { overdue: 8, due: 8, coming: 8 };

export type HomeView = {
  readonly due: Readonly<Record<DueGroup, CasesDue>>;
  readonly caseCount: number;
  readonly notices: readonly NoticeView[];
  /** Somebody wants to open all cases with the recovery sheets: everyone is told, and whoever asked also that it was forbidden. */
  readonly recoveries: readonly RecoveryView[];
  readonly sync: SyncView;
  /** Steps of the first day that are still to be done. */
  readonly firstSteps: readonly FirstStep[];
};

export type CaseFilter = "open" | "mine" | "high" | "closed";

/** As many as are shown; `count` is of all. */
export type CaseRows = { readonly rows: readonly CaseRow[]; readonly count: number };

export type CaseRow = {
  readonly log: string;
  readonly codes: readonly string[];
  readonly level: Level | undefined;
  readonly track: string;
  readonly isClosed: boolean;
  /** Two people have destroyed it: nothing of it is here but that it was. */
  readonly isShredded: boolean;
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
  /** Nothing where two people at least stand for who they are, or nobody else could have met them. */
  readonly unmet: { readonly broughtBy: string | undefined; readonly canConfirm: boolean } | undefined;
  readonly formerNames: readonly string[];
};

export type ProposalView = {
  readonly id: string;
  readonly what: string;
  readonly by: string;
  readonly about: string | undefined;
  readonly role: string | undefined;
  /** Of a recovery key: how many of how many sheets. */
  readonly sheets: { readonly k: number; readonly n: number } | undefined;
  /** Of a provider, by language, or of a team. */
  readonly names: Readonly<Record<string, string>> | undefined;
};

/** Nobody confirmed where the organisation had no second person for it. */
export type ChangeView = ProposalView & {
  readonly proposedAt: number | undefined;
  readonly confirmedBy: string | undefined;
  readonly confirmedAt: number | undefined;
};

export type TeamView = {
  /** Nothing before this device has met its organisation's log: the invitation waits to be confirmed. */
  readonly isKnown: boolean;
  readonly people: readonly PersonView[];
  readonly invitations: readonly InvitationView[];
  readonly recovery: { readonly k: number; readonly n: number } | undefined;
  /** What waits for a second person. */
  readonly waiting: readonly (ProposalView & { readonly canConfirm: boolean })[];
  /** Who began keys of the organisation that this device was not given. */
  readonly unreadBy: readonly (string | undefined)[];
  /** What changed who can read, the newest first. */
  readonly changes: readonly ChangeView[];
  /** What this person may do. */
  readonly isSupervisor: boolean;
  readonly isKeeper: boolean;
};

export type InvitationMade = { readonly id: string; readonly invitation: string };

export type InvitationView = {
  readonly id: string;
  readonly role: string | undefined;
  /** Who comes back with new keys. */
  readonly person: string | undefined;
};

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

/** What was typed in a form and not saved; `log` is nothing for a case that is not opened yet. */
export type FormDraftView = {
  readonly log: string | undefined;
  /** The code of its case, if there is one. */
  readonly code: string;
  readonly form: string;
  readonly keptAt: number;
  readonly content: string;
};

type Settled = Promise<Result<null, AccountRefusal>>;

/** `pending`: nothing of it is so yet; it waits on this device for a connection. */
type ActedOrPending = Promise<Result<"pending" | null, AccountRefusal>>;

export type Face = {
  /** `isTakingOver`: the tab that works with it now is asked to lock. */
  readonly start: (isTakingOver: boolean) => Promise<Start>;
  /** Loads what unlocks, and then what comes after it. For once the first screen is there. */
  readonly prepare: () => Promise<void>;
  readonly makePassword: () => Promise<string>;
  readonly strengthOf: (password: string) => Promise<"strong" | "too-short" | "too-simple">;
  readonly chooseLanguage: (language: Language) => Promise<void>;

  /** Said where it is typed, before a password is chosen. Whether it was used before, the server alone knows. */
  readonly checkCode: (way: WayIn, code: string) => Settled;
  readonly found: (code: string, password: string, language: Language) => Promise<Result<Begun, AccountRefusal>>;
  readonly acceptInvitation: (
    invitation: string,
    password: string,
    language: Language,
  ) => Promise<Result<Begun, AccountRefusal>>;
  readonly enrolWithKit: (kit: string, password: string, language: Language) => Settled;
  readonly unlock: (password: string) => Settled;
  readonly changePassword: (before: string, after: string) => Settled;
  /** It was changed on another device of this person. */
  readonly takeNewPassword: (password: string) => Settled;

  /** By how many milliseconds the time that this device goes by is ahead of its clock: nothing, unless the clock was set back. */
  readonly aheadOfClock: () => Promise<number>;
  readonly sync: () => Promise<SyncView>;
  /** As many cases under each heading as are shown: carrying thousands to the screen would take longer than reading them. */
  readonly home: (shownMax: Readonly<Record<DueGroup, number>>) => Promise<HomeView>;
  /** The most dangerous first. */
  readonly cases: (filter: CaseFilter, shownMax: number) => Promise<CaseRows>;
  /** The nearest first. */
  readonly find: (query: Query, shownMax: number) => Promise<CaseRows>;
  /** Said where it is typed; opening refuses it too, but only after everything else was asked. */
  readonly isCaseCode: (code: string) => Promise<boolean>;
  readonly openCase: (newCase: NewCase) => Promise<Result<string, Refusal>>;
  readonly readCase: (log: string, section: Section, asOf: number | undefined) => Promise<CaseView | undefined>;
  readonly tell: (log: string, command: CaseCommand) => Promise<Result<null, Refusal>>;
  readonly readPaper: (log: string, asked: PaperAsked) => Promise<PaperView | undefined>;
  /** The text of the file. That it was made stands in the history before it is given. */
  readonly makeFile: (log: string, kind: CaseFileKind) => Promise<Result<string, Refusal>>;

  readonly formDrafts: () => Promise<readonly FormDraftView[]>;
  readonly keepFormDraft: (log: string | undefined, form: string, content: string) => Settled;
  readonly dismissFormDraft: (log: string | undefined, form: string) => Promise<void>;
  /** What this person has chosen on this device, by name. */
  readonly choices: () => Promise<Readonly<Record<string, string>>>;
  readonly choose: (name: string, value: string) => Promise<void>;

  readonly team: () => Promise<TeamView>;
  readonly invite: (
    role: "caseworker" | "administrator",
    minutes: number,
  ) => Promise<Result<InvitationMade, AccountRefusal>>;
  readonly answers: () => Promise<Result<readonly AnswerView[], AccountRefusal>>;
  readonly confirmInvited: (invitation: string) => Settled;
  readonly closeInvitation: (invitation: string) => Settled;
  readonly actOnTeam: (act: TeamAct) => ActedOrPending;
  /** What was decided here and refused is not tried again. */
  readonly dropPendingChange: (number: number) => Settled;
  /** What was decided about the organisation and waits for a connection. */
  readonly pendingActs: () => Promise<readonly PendingActView[]>;
  /** Called off, or seen after it was refused. */
  readonly dropPendingAct: (number: number) => Settled;
  /** What was decided about who reads a case and waits for a connection. */
  readonly pendingAccess: () => Promise<readonly PendingAccessView[]>;
  /** Nothing when it is still the version that was seen. */
  readonly directory: (seen: number) => Promise<DirectoryView | undefined>;
  readonly newProvider: () => Promise<Result<string, AccountRefusal>>;
  readonly actOnDirectory: (act: DirectoryAct) => ActedOrPending;
  readonly supervision: () => Promise<Supervision>;
  readonly approvals: () => Promise<readonly ApprovalView[]>;
  /** Cases in which something waits for a second person: nothing for whoever may not decide it. */
  readonly approvalCount: () => Promise<number>;
  /** Asks the colleague, and lets them read the case. */
  readonly reassign: (log: string, to: string, because: string) => Promise<Result<null, Refusal>>;
  readonly actOnCover: (act: CoverAct) => ActedOrPending;
  /** Reads every case: for whoever asks, not for every day. */
  readonly casesWaitingForKey: () => Promise<readonly WaitingCase[]>;
  readonly renewCases: (logs: readonly string[]) => Settled;
  readonly repair: (log: string) => Promise<RepairView | undefined>;
  readonly actOnRepair: (log: string, act: RepairAct) => Settled;
  readonly recovery: () => Promise<Result<RecoveryState, AccountRefusal>>;
  readonly requestRecovery: () => Settled;
  readonly forbidRecovery: (recovery: string) => Settled;
  /** How many are read and right so far. */
  readonly addSheet: (digits: string) => Promise<Result<number, AccountRefusal>>;
  readonly dropSheets: () => Promise<void>;
  readonly recoverWithSheets: () => Promise<
    Result<{ readonly cases: number; readonly falseKeys: number }, AccountRefusal>
  >;
  readonly teams: () => Promise<readonly TeamFormed[]>;
  readonly actOnTeams: (act: TeamsAct) => ActedOrPending;
  /** For a colleague who has lost everything. */
  readonly inviteBack: (
    person: string,
    minutes: number,
    /** From whoever runs the server, where nobody is left who may invite. */
    code: string | undefined,
  ) => Promise<Result<InvitationMade, AccountRefusal>>;
  /** What two people read to each other, to see that their devices hold the same. */
  readonly headWords: (log?: string) => Promise<readonly string[]>;
  readonly devices: () => Promise<Result<readonly DeviceView[], AccountRefusal>>;
  readonly signOut: (device: string | undefined) => Settled;
  /** With nothing it ends; in any case it gives the key to ask the browser's push service with, if the server has one. */
  readonly setWakeUp: (
    place:
      | {
          readonly endpoint: string;
          readonly publicKey: Uint8Array<ArrayBuffer>;
          readonly authentication: Uint8Array<ArrayBuffer>;
        }
      | undefined,
  ) => Promise<Result<Uint8Array<ArrayBuffer> | null, AccountRefusal>>;
  readonly readKit: () => Promise<Result<string, AccountRefusal>>;
  readonly makeSheets: (k: number, n: number) => Promise<Result<readonly string[], AccountRefusal>>;
  readonly proposeSheets: () => ActedOrPending;
  readonly eraseDevice: () => Promise<void>;
};

export type TeamAct =
  | {
      readonly type: "GiveRole" | "TakeRole";
      readonly person: string;
      readonly role: "caseworker" | "supervisor" | "administrator";
    }
  | { readonly type: "PersonLeft" | "PersonMet"; readonly person: string }
  | { readonly type: "NamePerson"; readonly person: string; readonly name: string }
  | { readonly type: "Confirm"; readonly proposal: string }
  | { readonly type: "PassOver" }
  | { readonly type: "GiveAccess" | "TakeAccess"; readonly log: string; readonly person: string }
  | { readonly type: "OpenForTeam" | "CloseForTeam"; readonly log: string; readonly team: string };

/** Told without being asked. */
export type News =
  | { readonly kind: "changed" }
  | { readonly kind: "sync"; readonly sync: SyncView }
  /** The server knows this device no more, and it has locked itself. */
  | { readonly kind: "signed-out" };
