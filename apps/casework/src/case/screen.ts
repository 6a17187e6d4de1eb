/**
 * What a screen of a case shows, as plain data: made in the worker, where the case lives, and put into words by the page.
 *
 * Nothing in it decides. An act that is closed carries the case file's own refusal.
 */

import type { AccessStep, CaseError, DueItem, Level } from "@amana/casefile";
import type { Answer, Reason } from "@amana/pathway";
import type { FormName } from "../forms/commands.ts";
import type { Values } from "../forms/fields.ts";

/** Something to say: a word of ours, an id that has a word in some vocabulary, or what a person wrote. */
export type Phrase =
  | { readonly kind: "word"; readonly key: string }
  /** A choice of a field: looked up under the field first, then alone. */
  | { readonly kind: "option"; readonly field: string; readonly value: string }
  /** As a person wrote it, in whatever language: never translated, never spell-checked. */
  | { readonly kind: "text"; readonly text: string }
  /** Shown in the digits of this person. */
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "moment"; readonly at: number }
  | { readonly kind: "date"; readonly on: string }
  | { readonly kind: "person"; readonly person: string }
  | { readonly kind: "recipient"; readonly recipient: string }
  | { readonly kind: "shared"; readonly field: string }
  | { readonly kind: "fact"; readonly fact: string }
  | { readonly kind: "answer"; readonly fact: string; readonly value: string | readonly string[] | undefined }
  | { readonly kind: "list"; readonly of: readonly Phrase[] };

/** What follows from the time, or from what was written elsewhere: it may change where nobody has written anything here. */
type Followed = { readonly follows?: true };

export type Row = Followed & { readonly label: Phrase; readonly value: Phrase };

/** A state in a word. `calm` is done or ordinary, `watch` waits for somebody, `alarm` must not be overlooked. */
export type Mark = Followed & { readonly phrase: Phrase; readonly tone: "calm" | "watch" | "alarm" };

/** Why the device or the case file refuses. */
export type Refusal = CaseError | { readonly type: "UpdateFirst" } | { readonly type: "NotReadable" };

export type Act = {
  readonly form: FormName;
  /** What is settled beforehand: the item it is about. Nobody is asked for it again. */
  readonly given: Values;
  /** What the form begins with, to be changed: the words as they stand. */
  readonly begin: Values;
  /** What may stay empty elsewhere, and may not here. */
  readonly needs?: readonly string[];
  readonly closed: Refusal | undefined;
};

export type Card = {
  readonly id: string;
  readonly title: Phrase;
  readonly marks: readonly Mark[];
  readonly rows: readonly Row[];
  /** Why the pathway said so, where it did. */
  readonly because?: readonly Reason[];
  readonly acts: readonly Act[];
};

export type Block = {
  readonly title: string;
  readonly cards: readonly Card[];
  /** Many of a kind with little in each: a line for each instead of a card. */
  readonly isList?: true;
  /** What is said with the acts of the block comes after what its cards say, and may take its place. */
  readonly isOneThing?: true;
  /** Said where there are no cards: what belongs here, and why. */
  readonly empty: string;
  readonly acts: readonly Act[];
};

export const sections = [
  ...(["now", "questions", "person", "assessment", "consent", "safety", "services", "content"] as const),
  ...(["law", "follow-up", "notes", "closure", "history", "people"] as const),
] as const;
export type Section = (typeof sections)[number];

/** Always in sight, whatever section is open. */
export type CaseHead = {
  readonly log: string;
  readonly codes: readonly string[];
  readonly level: Level | undefined;
  /** When something must have been done for the level, if a clock runs. */
  readonly actBy: number | undefined;
  readonly track: "adult" | "child" | "child-until-age-known";
  readonly contact: {
    readonly kind: "none" | "unsafe" | "expired" | "safe";
    readonly ways: readonly (readonly Row[])[];
    readonly mayLeaveMessage: boolean;
    readonly mustNotKnow: readonly string[];
  };
  readonly responsible: readonly string[];
  readonly readers: readonly string[];
  /** Providers and agencies that were named in a consent: a referral or a step is for exactly one of them. */
  readonly recipients: readonly string[];
  readonly isClosed: boolean;
  /** Two people have destroyed it: nothing of it is left. */
  readonly isShredded: boolean;
  readonly areLimitsTold: boolean;
  /** Entries that this device cannot read yet: what rests on consent, access or risk waits. */
  readonly isUnreadLeft: boolean;
  readonly draftCount: number;
};

export type QuestionView = {
  readonly fact: string;
  readonly kind: "yes-no" | "one" | "list";
  readonly values: readonly string[];
  readonly group: string;
  readonly given: string | readonly string[] | undefined;
  /** Whose word the answer is. */
  readonly saidBy: readonly string[];
  readonly isAsked: boolean;
  /** Two people wrote different things without knowing of each other. */
  readonly said: readonly {
    readonly person: string;
    readonly at: number;
    readonly value: Phrase;
    readonly saidBy: string;
  }[];
  /** What the records say is never typed in: where it comes from instead. */
  readonly from: Section | undefined;
};

/** Who tells what is written down, for as long as the case stays open: chosen by a person, never beforehand. */
export type Talk = { readonly speaker: string | undefined; readonly choose: (speaker: string) => void };

export type ConsentRow = {
  readonly purpose: string;
  readonly recipient: string;
  readonly isAgreed: boolean;
  readonly standings: readonly { readonly whose: string; readonly mark: Mark; readonly rows: readonly Row[] }[];
  readonly acts: readonly Act[];
};

export type ToolView = { readonly id: string; readonly isOpen: boolean; readonly act: Act };

export type HistoryView = {
  /** Its own: an entry may hold several. */
  readonly id: string;
  /** The name of the entry it stands in. */
  readonly entry: string;
  readonly at: number;
  readonly person: string;
  readonly event: string;
  /** What it is about first, where the entry itself has only a name of it. */
  readonly rows: readonly Row[];
  /** The rules that decided, of what the pathway answered (S-12). */
  readonly because: readonly Reason[];
  /** Why it changes nothing, if it does not count. */
  readonly without: string | undefined;
  readonly isWithoutConsent: boolean;
  /** An answer that the guidance here does not know: it counts as not known. */
  readonly isNotUnderstood: boolean;
  readonly isDraft: boolean;
};

export type SectionView =
  | {
      readonly kind: "now";
      readonly answer: Answer;
      readonly due: readonly DueItem[];
      readonly next: readonly QuestionView[];
      readonly acts: readonly Act[];
    }
  | { readonly kind: "questions"; readonly questions: readonly QuestionView[] }
  | {
      readonly kind: "consent";
      readonly rows: readonly ConsentRow[];
      readonly age: "child" | "adult" | "unknown";
      readonly isGuardianToBeAsked: boolean;
      readonly answer: Answer;
      readonly closed: Refusal | undefined;
      readonly acts: readonly Act[];
    }
  | {
      readonly kind: "content";
      readonly tools: readonly ToolView[];
      readonly answer: Answer;
      readonly blocks: readonly Block[];
    }
  | {
      readonly kind: "history";
      readonly items: readonly HistoryView[];
      readonly asOf: number | undefined;
      /** As it stood then. */
      readonly access: readonly AccessStep[];
    }
  | { readonly kind: "people"; readonly blocks: readonly Block[]; readonly access: AccessView }
  | { readonly kind: "blocks"; readonly blocks: readonly Block[] };

/** Who can read the case, and which changes of it wait to be carried out. */
export type AccessView = {
  readonly readers: readonly string[];
  /** Of these, who has a key of their own beside that of a team. */
  readonly byThemselves: readonly string[];
  /** All of the organisation, and which of them read this case. */
  readonly teams: readonly {
    readonly id: string;
    readonly name: string | undefined;
    readonly supervisors: readonly string[];
    readonly isReader: boolean;
  }[];
  readonly hasRecoveryKey: boolean;
  readonly waitsForEpoch: boolean;
  /** It waits, and one opener is left: there can be no new key before a colleague is let in. */
  readonly isAlone: boolean;
  readonly pending: readonly PendingView[];
  /** Who was given the case and who was taken out of it, the oldest first. */
  readonly history: readonly AccessStep[];
};

/** A change that this device has decided and the server does not have. */
export type PendingView = {
  readonly number: number;
  readonly what: string;
  readonly person: string | undefined;
  /** By its name. */
  readonly team: string | undefined;
  readonly refusedAs: string | undefined;
};

export type CaseView = { readonly head: CaseHead; readonly section: SectionView };
