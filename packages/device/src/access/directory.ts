/**
 * The organisation's directory of services and its covers for absence, as whoever is signed in here changes them. Each is an
 * act that everyone sees; reading them needs no network.
 */

import { err, type Result } from "@amana/kernel";
import {
  makeProviderId,
  readOrganisationEvent,
  writeOrganisationEvent,
  type Cover,
  type Organisation,
  type OrganisationEvent,
  type PersonId,
  type ProviderId,
  type ProviderListing,
} from "@amana/vault";
import type { Unlocked } from "../unlocked.ts";
import { actInOrganisation, isSameProvider, type ActError, type Acted, type ProviderSaid } from "./organisation-act.ts";

/** For a form on a screen: the provider keeps this id however often it is sent. */
export const newProviderId = ({ ports }: Unlocked): ProviderId => makeProviderId(ports.randomness);

/** A name, a number or a text that nobody could read as it was meant, or too long. */
export type ListingError = ActError | { readonly type: "ListingNotUsable" };

/** What stood in the directory when somebody began to write: nothing for a provider that is new. */
export type Replacing = { readonly replaces: ProviderSaid | undefined };

/**
 * New, changed, or asked again and found as it was. From anybody but a supervisor it waits for a supervisor. With `replacing` it
 * is refused where a colleague has said something else since: a listing says everything, and would put their word out of sight.
 */
export const listProvider = (
  unlocked: Unlocked,
  listing: ProviderListing,
  replacing?: Replacing,
): Promise<Result<Acted, ListingError>> =>
  actWellWritten(unlocked, { type: "ProviderListed", listing }, ({ providers }) =>
    replacing === undefined ? true : isSameProvider(providers.get(listing.provider), replacing.replaces),
  );

export const closeProvider = (
  unlocked: Unlocked,
  provider: ProviderId,
  closedOn: string,
): Promise<Result<Acted, ListingError>> => actWellWritten(unlocked, { type: "ProviderClosed", provider, closedOn });

/** Opens no case: access is given and taken back case by case. */
export const arrangeCover = (unlocked: Unlocked, cover: Cover): Promise<Result<Acted, ListingError>> =>
  actWellWritten(unlocked, { type: "CoverArranged", ...cover });

export const endCover = (unlocked: Unlocked, absent: PersonId, cover: PersonId): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "CoverEnded", absent, cover });

const actWellWritten = async (
  unlocked: Unlocked,
  event: OrganisationEvent,
  isStillMeant: (current: Organisation) => boolean = () => true,
): Promise<Result<Acted, ListingError>> =>
  (await readOrganisationEvent(writeOrganisationEvent(event))) === undefined
    ? err({ type: "ListingNotUsable" })
    : actInOrganisation(unlocked, event, { isStillMeant });
