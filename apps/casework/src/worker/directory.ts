/** The directory of services as the page asks for it: read from the organisation's log, without the network. */

import type { Organisation, Provider, ProviderId, ProviderListing } from "@amana/vault";
import type {
  DirectoryAct,
  DirectoryView,
  ListedBefore,
  ProviderProposal,
  ProviderView,
} from "../directory/listing.ts";
import type { Face } from "../wire/face.ts";
import { refusedOr } from "./account.ts";
import type { Unlockable } from "./after-unlock.ts";
import { actedOrPending } from "./pending.ts";

type DirectoryOffers = Pick<Face, "directory" | "newProvider" | "actOnDirectory">;

export const directoryOffers = (holding: Unlockable): DirectoryOffers => {
  const { device } = holding;
  let version = 0;
  let last: Pick<Organisation, "providers" | "proposals" | "people"> | undefined;
  return {
    directory: async (seen) => {
      const [answer, me] = [await device().organisation(), await device().ownPerson()];
      const organisation = answer.ok ? answer.value : undefined;
      if (last?.providers !== organisation?.providers || last?.proposals !== organisation?.proposals) version += 1;
      else if (last?.people !== organisation?.people) version += 1;
      last = organisation;
      if (seen === version) return undefined;
      const waiting = await proposalsOf(holding);
      const roles = me.ok && me.value !== undefined ? organisation?.people.get(me.value)?.roles : undefined;
      return {
        version,
        isKnown: roles !== undefined,
        isSupervisor: roles?.has("supervisor") === true,
        providers: [...(organisation?.providers.values() ?? [])].map(viewOf),
        waiting,
      } satisfies DirectoryView;
    },
    newProvider: async () => refusedOr(await device().newProviderId()),
    actOnDirectory: async (act) => actedOrPending(await carryOut(holding, act)),
  };
};

const carryOut = ({ device }: Unlockable, act: DirectoryAct) => {
  if (act.type === "List") {
    const listed = { type: "ProviderListed", listing: listingOf(act.listing) } as const;
    return device().actOrWait(listed, { replaces: saidOf(act.replaces) });
  }
  // The page was given the id by the device.
  return device().actOrWait({ type: "ProviderClosed", provider: act.provider as ProviderId, closedOn: act.closedOn });
};

const saidOf = (before: ListedBefore): Omit<Provider, "checkedBy"> | undefined => {
  if (before === undefined) return undefined;
  const { id, ...said } = before;
  // The page was given all of it by the device.
  return { ...said, provider: id as ProviderId };
};

/** As it is sealed: what surrounds it is dropped, and an empty name is none. */
const listingOf = ({ id, ...listing }: Extract<DirectoryAct, { type: "List" }>["listing"]): ProviderListing => {
  const { names, reach, hours, serves } = listing;
  const written = Object.entries(names)
    .map(([language, name]): [string, string] => [language, name.trim().replace(/\s+/gu, " ").normalize("NFC")])
    .filter(([, name]) => name !== "");
  return {
    ...listing,
    // As above.
    provider: id as ProviderId,
    names: Object.fromEntries(written),
    reach: reach.trim(),
    hours: hours.trim(),
    serves: serves.trim(),
  };
};

const viewOf = ({ provider, ...listing }: Provider): ProviderView => ({ id: provider, ...listing });

const proposalsOf = async ({ device }: Unlockable): Promise<readonly ProviderProposal[]> => {
  const [proposals, answer] = [await device().proposals(), await device().organisation()];
  const providers = answer.ok ? answer.value?.providers : undefined;
  if (!proposals.ok) return [];
  return proposals.value.flatMap(({ entry, event, by, canConfirm }): readonly ProviderProposal[] => {
    const shared = { proposal: entry, canConfirm };
    if (event.type === "ProviderListed")
      return [
        { ...shared, isClosing: false, provider: viewOf({ ...event.listing, checkedBy: by, closedOn: undefined }) },
      ];
    const known = event.type === "ProviderClosed" ? providers?.get(event.provider) : undefined;
    if (known === undefined || event.type !== "ProviderClosed") return [];
    const provider = viewOf({ ...known, checkedBy: by, closedOn: event.closedOn });
    return [{ ...shared, isClosing: true, provider }];
  });
};
