/**
 * The directory of services as screens hold it: plain data of the organisation's own list, how it is searched, and how a name
 * typed by hand becomes a recipient.
 *
 * The id of a provider is what consents and referrals keep; the name is looked up whenever it is shown.
 */

import { type Language, foldSpelling } from "@amana/ui";

export type ProviderView = {
  readonly id: string;
  readonly names: Readonly<Record<string, string>>;
  readonly services: readonly string[];
  /** None means everywhere. */
  readonly governorates: readonly string[];
  readonly reach: string;
  readonly hours: string;
  readonly serves: string;
  readonly cost: "free" | "paid" | "not-known";
  readonly checkedOn: string;
  readonly checkedBy: string;
  readonly closedOn: string | undefined;
};

/** What somebody who is no supervisor has put forward. */
export type ProviderProposal = {
  readonly proposal: string;
  readonly canConfirm: boolean;
  readonly isClosing: boolean;
  readonly provider: ProviderView;
};

export type DirectoryView = {
  /** Changes whenever anything in it does. */
  readonly version: number;
  readonly isKnown: boolean;
  readonly isSupervisor: boolean;
  readonly providers: readonly ProviderView[];
  readonly waiting: readonly ProviderProposal[];
};

/** What a person fills in; who checked it and whether it is closed follow from the act. */
export type Listing = Omit<ProviderView, "checkedBy" | "closedOn">;

/** What stood in the directory when somebody began to write over it; nothing for a provider that is new. */
export type ListedBefore = Omit<ProviderView, "checkedBy"> | undefined;

export const listedBefore = ({ checkedBy: _by, ...said }: ProviderView): NonNullable<ListedBefore> => said;

/** The same word for word, whoever said it. */
export const isSameListed = (one: ListedBefore, other: ListedBefore): boolean =>
  JSON.stringify(one === undefined ? null : inOrder(one)) ===
  JSON.stringify(other === undefined ? null : inOrder(other));

const inOrder = (said: NonNullable<ListedBefore>): unknown => [
  ...[said.id, said.reach, said.hours, said.serves, said.cost, said.checkedOn, said.closedOn ?? null],
  ...[said.services, said.governorates, Object.entries(said.names).sort(([one], [other]) => (one < other ? -1 : 1))],
];

export type DirectoryAct =
  | { readonly type: "List"; readonly listing: Listing; readonly replaces: ListedBefore }
  | { readonly type: "Close"; readonly provider: string; readonly closedOn: string };

export const nameLanguages = ["en", "ar", "ckb", "kmr"] as const satisfies readonly Language[];

const prefix = "provider:";
export const recipientOf = (provider: string): string => `${prefix}${provider}`;
export const isProvider = (recipient: string): boolean => recipient.startsWith(prefix);

/** In the reader's language, or the nearest that somebody has written. */
export const nameOf = ({ names }: Pick<ProviderView, "names">, language: Language): string => {
  const order = language === "en" ? ["en", "ar", "ckb", "kmr"] : [language, "ckb", "kmr", "ar", "en"];
  return order.map((each) => names[each]).find((name) => name !== undefined) ?? Object.values(names)[0] ?? "";
};

export const namesById = (providers: readonly ProviderView[], language: Language): ReadonlyMap<string, string> =>
  new Map(providers.map((provider) => [recipientOf(provider.id), nameOf(provider, language)]));

/** Of a provider that nobody has asked for so long, what stands here may be wrong. */
const freshDaysMax = 180;
const dayMilliseconds = 86_400_000;

/** A day that is still to come, or that no calendar has, says nothing of when anybody asked. */
export const isStale = ({ checkedOn }: Pick<ProviderView, "checkedOn">, now: number): boolean => {
  const days = (now - Date.parse(`${checkedOn}T00:00:00Z`)) / dayMilliseconds;
  return !(days >= -1 && days <= freshDaysMax);
};

/** The date on the wall here. */
export const today = (now: Date): string =>
  [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((each) => String(each).padStart(2, "0")).join("-");

export type Sought = {
  readonly text: string;
  readonly service: string;
  readonly governorate: string;
  readonly isClosedShown: boolean;
};

/** Every word of what is sought, in whatever spelling, in whatever language it was written. Who is open and near comes first. */
export const findProviders = (
  providers: readonly ProviderView[],
  { text, service, governorate, isClosedShown }: Sought,
  wordsOf: (provider: ProviderView) => readonly string[],
): readonly ProviderView[] => {
  const words = foldSpelling(text)
    .split(" ")
    .filter((word) => word !== "");
  return providers.filter((provider) => {
    if (provider.closedOn !== undefined && !isClosedShown) return false;
    if (service !== "" && !provider.services.includes(service)) return false;
    const isThere = provider.governorates.length === 0 || provider.governorates.includes(governorate);
    if (governorate !== "" && !isThere) return false;
    if (words.length === 0) return true;
    const held = foldSpelling(
      [...Object.values(provider.names), provider.reach, provider.serves, ...wordsOf(provider)].join(" "),
    );
    return words.every((word) => held.includes(word));
  });
};

/** As it is kept: composed, one space between words, nothing that nobody sees. Nothing when nothing is left. */
export const freeNameOf = (typed: string): string | undefined => {
  const name = typed
    .normalize("NFC")
    .replace(/[\u00ad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
  return name === "" ? undefined : name;
};
