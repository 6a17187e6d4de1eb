/**
 * The organisation's own directory of services: who helps with what, where, how they are reached, and when somebody last
 * checked that it is so. Format: docs/formats/keys.md §7.
 *
 * A false number in it can send a survivor to whoever wants to find them. So what stands in it is a supervisor's word, or
 * was confirmed by one; who said it comes from the envelope, and everyone sees it.
 */

import { assert, type Brand } from "@amana/kernel";
import { fromHex, isCborArray, isCborMap, type CborMap, type CborValue, type EntryHash } from "@amana/log";
import { exactFields, readId } from "../fields.ts";
import type { Organisation, Person, PersonId } from "./organisation.ts";

export type ProviderId = string & Brand<"ProviderId">;

/** What is said of one provider, whole each time. */
export type ProviderListing = {
  readonly provider: ProviderId;
  /** By language, at least one. */
  readonly names: Readonly<Record<string, string>>;
  /** Ids of the case file's services. */
  readonly services: readonly string[];
  /** Ids of governorates; none means everywhere. */
  readonly governorates: readonly string[];
  readonly reach: string;
  readonly hours: string;
  /** Whom it serves, and whom it does not. */
  readonly serves: string;
  readonly cost: ProviderCost;
  /** The day somebody last asked them, `2026-11-22`. */
  readonly checkedOn: string;
};

export type ProviderCost = "free" | "paid" | "not-known";

export type ProviderListed = { readonly type: "ProviderListed"; readonly listing: ProviderListing };
export type ProviderClosed = {
  readonly type: "ProviderClosed";
  readonly provider: ProviderId;
  readonly closedOn: string;
};
export type DirectoryEvent = ProviderListed | ProviderClosed;

export type Provider = ProviderListing & {
  /** Whose word it is: the author of the entry, also where a supervisor confirmed it. */
  readonly checkedBy: PersonId;
  /** Kept, so that an old referral still has a name. */
  readonly closedOn: string | undefined;
};

export const providersMax = 1000;
const textLengthMax = 2000;
const nameLengthMax = 160;
const idsMax = 40;
const costs: readonly ProviderCost[] = ["free", "paid", "not-known"];

const readProviderId = (value: CborValue | undefined): ProviderId | undefined =>
  readId(value) as ProviderId | undefined; // Any 16 bytes are an id.

// Signs that nobody sees can make two names look the same, or turn the digits of a number around. Without the joiner that
// Kurdish and Persian writing need, words would be misspelled.
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u00ad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

const isLine = (value: CborValue | undefined, lengthMax: number): value is string =>
  typeof value === "string" && value.length <= lengthMax && !unseen.test(value) && value === value.trim();

/** May be empty, and of several lines. */
const readText = (value: CborValue | undefined): string | undefined =>
  typeof value === "string" && value.length <= textLengthMax && isLine(value.replaceAll("\n", " "), textLengthMax)
    ? value
    : undefined;

const dayForm = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const readDay = (value: CborValue | undefined): string | undefined =>
  typeof value === "string" && dayForm.test(value) ? value : undefined;

const idForm = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;
const readIds = (value: CborValue | undefined): readonly string[] | undefined => {
  if (value === undefined || !isCborArray(value) || value.length > idsMax) return undefined;
  const ids = value.filter((each): each is string => typeof each === "string" && idForm.test(each));
  return ids.length === value.length && new Set(ids).size === ids.length ? ids : undefined;
};

/** Blocks that are full, never properties, so that an older device and a newer one agree on every name. */
const nameLetters = /^[ -~\u00a1-\u024f\u1e00-\u1eff\u0600-\u06ff\u0750-\u077f\u200c]+$/;
const isName = (value: CborValue | undefined): value is string =>
  isLine(value, nameLengthMax) && nameLetters.test(value) && value === value.normalize("NFC");

const languageForm = /^[a-z]{2,3}$/;
const readNames = (value: CborValue | undefined): Readonly<Record<string, string>> | undefined => {
  if (value === undefined || !isCborMap(value)) return undefined;
  const all = Object.entries(value);
  const names = all.filter((each): each is [string, string] => languageForm.test(each[0]) && isName(each[1]));
  return all.length > 0 && names.length === all.length ? Object.fromEntries(names) : undefined;
};

const fieldsListed = [
  ...["provider", "names", "services", "governorates", "reach", "hours", "serves", "cost", "checkedOn"],
];

export const readProviderListed = (data: CborValue): ProviderListed | undefined => {
  const fields = exactFields(data, fieldsListed);
  const [provider, names] = [readProviderId(fields?.["provider"]), readNames(fields?.["names"])];
  const [services, governorates] = [readIds(fields?.["services"]), readIds(fields?.["governorates"])];
  const [reach, hours, serves] = [
    readText(fields?.["reach"]),
    readText(fields?.["hours"]),
    readText(fields?.["serves"]),
  ];
  const cost = costs.find((each) => each === fields?.["cost"]);
  const checkedOn = readDay(fields?.["checkedOn"]);
  if (provider === undefined || names === undefined || services === undefined || governorates === undefined)
    return undefined;
  if (reach === undefined || hours === undefined || serves === undefined) return undefined;
  if (cost === undefined || checkedOn === undefined) return undefined;
  const listing = { provider, names, services, governorates, reach, hours, serves, cost, checkedOn };
  return { type: "ProviderListed", listing };
};

export const readProviderClosed = (data: CborValue): ProviderClosed | undefined => {
  const fields = exactFields(data, ["provider", "closedOn"]);
  const [provider, closedOn] = [readProviderId(fields?.["provider"]), readDay(fields?.["closedOn"])];
  return provider === undefined || closedOn === undefined ? undefined : { type: "ProviderClosed", provider, closedOn };
};

export const writeDirectoryEvent = (event: DirectoryEvent): CborMap => {
  const bytes = fromHex(event.type === "ProviderListed" ? event.listing.provider : event.provider);
  assert(bytes?.length === 16, "An id of a provider is not 16 bytes.");
  if (event.type === "ProviderClosed") return { provider: bytes, closedOn: event.closedOn };
  return { ...event.listing, provider: bytes };
};

export const isDirectoryEvent = (event: { readonly type: string }): event is DirectoryEvent =>
  event.type === "ProviderListed" || event.type === "ProviderClosed";

type Act = { readonly hash: EntryHash; readonly event: DirectoryEvent; readonly by: Person };

/** A supervisor's word stands at once; anybody else's waits for a supervisor. Nothing when the act does not count. */
export const decideDirectory = (before: Organisation, { hash, event, by }: Act): Organisation | undefined => {
  if (by.roles.size === 0 || !fits(before, event)) return undefined;
  if (by.roles.has("supervisor")) return withDirectoryEvent(before, event, by.id);
  // One proposal for each entry, since a confirmation names the entry.
  if (before.proposals.has(hash)) return undefined;
  return { ...before, proposals: new Map(before.proposals).set(hash, { event, by: by.id }) };
};

/** By a supervisor; whose word it is remains the proposer. Nothing when it does not count. */
export const confirmDirectory = (
  before: Organisation,
  hash: EntryHash,
  proposal: { readonly event: DirectoryEvent; readonly by: PersonId },
  by: Person,
): Organisation | undefined => {
  const isProposerHere = before.people.get(proposal.by)?.hasLeft === false;
  if (!by.roles.has("supervisor") || proposal.by === by.id || !isProposerHere) return undefined;
  if (!fits(before, proposal.event)) return undefined;
  const proposals = new Map(before.proposals);
  proposals.delete(hash);
  return withDirectoryEvent({ ...before, proposals }, proposal.event, proposal.by);
};

const fits = ({ providers }: Organisation, event: DirectoryEvent): boolean =>
  event.type === "ProviderClosed"
    ? providers.get(event.provider)?.closedOn === undefined && providers.has(event.provider)
    : providers.has(event.listing.provider) || providers.size < providersMax;

const withDirectoryEvent = (before: Organisation, event: DirectoryEvent, by: PersonId): Organisation => {
  const providers = new Map(before.providers);
  if (event.type === "ProviderListed")
    providers.set(event.listing.provider, { ...event.listing, checkedBy: by, closedOn: undefined });
  else {
    const provider = before.providers.get(event.provider);
    if (provider !== undefined) providers.set(event.provider, { ...provider, closedOn: event.closedOn });
  }
  return { ...before, providers };
};
