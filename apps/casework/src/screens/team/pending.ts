/** What was decided about the organisation, and about who reads a case, and waits for a connection, as plain data. Nothing of it is so. */

import type { PendingView } from "../../case/screen.ts";

export type PendingActView = {
  readonly number: number;
  /** The kind of act. */
  readonly what: string;
  /** Of a cover, who covers and who is absent. */
  readonly people: readonly string[];
  readonly isCover: boolean;
  /** Here and below, of a second person's word, what it is given to. */
  readonly role: string | undefined;
  /** Of a team or of a person, what it is called now or will be. */
  readonly name: string | undefined;
  /** Of a provider, by language. */
  readonly names: Readonly<Record<string, string>> | undefined;
  readonly days: { readonly from: string; readonly until: string } | undefined;
  /** The kind of what a second person confirms. */
  readonly confirms: string | undefined;
  readonly askedAt: number;
  readonly state: "waits" | "on-its-way" | "refused";
  readonly why: string | undefined;
  /** Who goes on reading, and having a say, until it is carried out. */
  readonly stillReads: string | undefined;
};

/** Whoever still reads comes first; the rest in the order in which it is carried out. */
export const mostUrgentFirst = (acts: readonly PendingActView[]): readonly PendingActView[] => [
  ...acts.filter(({ stillReads }) => stillReads !== undefined),
  ...acts.filter(({ stillReads }) => stillReads === undefined),
];

/** Of a second person's word, what it is given to. */
export const isAboutDirectory = ({ what, confirms = what }: PendingActView): boolean =>
  confirms === "ProviderListed" || confirms === "ProviderClosed";

export const isAboutCoverOrReading = (act: PendingActView): boolean => act.isCover || isStillReading(act);

/** What a day must not pass over: whoever still reads, and what was decided here and will not be. */
export const isForToday = (act: PendingActView): boolean => isStillReading(act) || act.state === "refused";

const isStillReading = ({ stillReads }: PendingActView): boolean => stillReads !== undefined;

/** A change of who reads a case, with the case it is about. */
export type PendingAccessView = PendingView & { readonly log: string; readonly code: string };

/** Whoever is to be taken out, and still reads until then. */
export const isTakingOut = ({ what, refusedAs }: Pick<PendingView, "what" | "refusedAs">): boolean =>
  what === "take" && refusedAs === undefined;

/** Whoever still reads comes first, then what was refused and nobody has seen; the rest in the order in which it is carried out. */
export const accessMostUrgentFirst = <Waiting extends Pick<PendingView, "what" | "refusedAs">>(
  waiting: readonly Waiting[],
): readonly Waiting[] => {
  const urgency = (each: Waiting): number => (isTakingOut(each) ? 0 : each.refusedAs === undefined ? 2 : 1);
  return [...waiting].sort((one, other) => urgency(one) - urgency(other));
};
