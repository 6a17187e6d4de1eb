/** What every screen works with: words, names, calls to the worker, where one is. Handed down by the frame. */

import { getContext, setContext } from "svelte";
import type { Keeper } from "../forms/keeper.ts";
import type { Caller } from "../wire/calls.ts";
import type { Face, HomeView, PersonView, SyncView, TeamView } from "../wire/face.ts";
import type { DirectoryView } from "../directory/listing.ts";
import type { Route } from "./route.ts";
import type { Digits, Names, Words } from "./words.ts";

export type Desk = {
  readonly call: Caller<Face>;
  readonly words: Words;
  readonly names: Names;
  readonly people: readonly PersonView[];
  /** Nothing until it was read. */
  readonly directory: DirectoryView | undefined;
  /** How much of the organisation waits for this person's own word, under Team. */
  readonly waitsForMe: number;
  readonly route: Route;
  readonly go: (route: Route) => void;
  /** The time that this device goes by, in milliseconds since 1970: what is due is due by it, whatever the clock says meanwhile. */
  readonly now: () => number;
  /** Counts what the worker told of: whoever reads it is read again. */
  readonly changes: number;
  readonly sync: SyncView;
  /** What was asked for at once with unlocking, for the first screen. Given once. */
  readonly takeFirstHome: () => Promise<HomeView> | undefined;
  /** Forms that keep what is typed: asked to finish before a lock that somebody wants. */
  readonly keepers: Set<Keeper>;
  readonly lock: () => void;
  readonly chooseLanguage: (language: Words["language"]) => void;
  readonly chooseDigits: (digits: Digits) => void;
};

/** What this person can confirm: proposals of others, and colleagues whom nobody but their inviter has met. */
export const waitingFor = ({ waiting, people }: Pick<TeamView, "waiting" | "people">): number =>
  waiting.filter(({ canConfirm }) => canConfirm).length +
  people.filter(({ hasLeft, unmet }) => !hasLeft && unmet?.canConfirm === true).length;

/** Who is here and has a part in cases; whoever only administers has none. */
export const peopleOfCases = (people: readonly PersonView[]): readonly PersonView[] =>
  people.filter(
    ({ hasLeft, roles }) => !hasLeft && roles.some((role) => role === "caseworker" || role === "supervisor"),
  );

type Naming = Pick<Desk, "names" | "words">;

/** Several people by their names, in one line. */
export const peopleInLine = ({ names, words }: Naming, people: readonly string[]): string =>
  people.map((person) => names.person(person)).join(words.word("list.separator"));

/** The same for whoever is sent something, or for what something is taken up with. */
export const recipientsInLine = ({ names, words }: Naming, recipients: readonly string[]): string =>
  recipients.map((recipient) => words.say({ kind: "recipient", recipient }, names)).join(words.word("list.separator"));

const key = "desk";

export const provideDesk = (desk: Desk): Desk => setContext(key, desk);

/** The frame provides it above every screen. */
export const useDesk = (): Desk => getContext<Desk>(key);

/** Whose name still stands somewhere, and who is not here any more. */
export const hasLeft = (people: readonly PersonView[], id: string): boolean =>
  people.some((person) => person.id === id && person.hasLeft);
