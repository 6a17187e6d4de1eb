/** What waits for a connection, as the page asks for it: what is to be done in the organisation, and who is to read which case. */

import type { ActedOrPending, Device, PendingActView as Listed, PendingChange, WantedAct } from "@amana/device";
import { err, ok, type Result } from "@amana/kernel";
import type { Organisation, OrganisationEvent, PersonId } from "@amana/vault";
import type { PendingView } from "../case/screen.ts";
import {
  accessMostUrgentFirst,
  mostUrgentFirst,
  type PendingAccessView,
  type PendingActView,
} from "../screens/team/pending.ts";
import type { AccountRefusal, Face } from "../wire/face.ts";
import { refusalOf, settled } from "./account.ts";
import type { Unlockable } from "./after-unlock.ts";

type PendingOffers = Pick<Face, "pendingActs" | "dropPendingAct" | "pendingAccess">;

export const pendingOffers = ({ device }: Unlockable): PendingOffers => ({
  pendingActs: async () => {
    const [listed, answer] = [await device().pendingActs(), await device().organisation()];
    const organisation = answer.ok ? answer.value : undefined;
    return listed.ok ? mostUrgentFirst(listed.value.map((each) => viewOf(each, organisation))) : [];
  },
  dropPendingAct: async (number) => settled(await device().dropPendingAct(number)),
  pendingAccess: () => pendingAccess(device()),
});

/** A case that was opened here is shown and counted by its entries. All cases are listed only for whoever waits for something. */
const pendingAccess = async (device: Device): Promise<readonly PendingAccessView[]> => {
  const [changes, answer] = [await device.pendingChanges(), await device.organisation()];
  const waiting = changes.ok ? changes.value.filter(({ change }) => change.kind !== "open") : [];
  if (waiting.length === 0) return [];
  const listed = await device.listCases();
  const codes = new Map<string, string>(listed.ok ? listed.value.map((row) => [row.logId, row.codes.join(", ")]) : []);
  const organisation = answer.ok ? answer.value : undefined;
  return accessMostUrgentFirst(
    waiting.map((each) => ({
      ...{ log: each.logId, code: codes.get(each.logId) ?? "" },
      ...pendingChangeView(each, organisation),
    })),
  );
};

export const pendingChangeView = (
  { number, change, refusedAs }: PendingChange,
  organisation: Organisation | undefined,
): PendingView => ({
  number,
  what: change.kind,
  person: "reader" in change && change.reader.kind === "person" ? change.reader.person : undefined,
  team:
    "reader" in change && change.reader.kind === "team" ? organisation?.namesById.get(change.reader.team) : undefined,
  refusedAs,
});

type Answered = Awaited<ReturnType<Device["actOrWait"]>>;

/** `pending`: kept on this device until there is a connection. */
export const actedOrPending = (answer: Answered): Result<"pending" | null, AccountRefusal> => {
  if (!answer.ok) return err(refusalOf(answer.error));
  const { stands }: ActedOrPending = answer.value;
  return ok(stands === "pending" ? "pending" : null);
};

const viewOf = (listed: Listed, organisation: Organisation | undefined): PendingActView => {
  const { number, act, askedAt, refusedAs, isOnItsWay } = listed;
  const confirmed = act.type === "Confirmed" ? organisation?.proposals.get(act.proposal)?.event : undefined;
  const said = confirmed ?? act;
  return {
    number,
    what: act.type,
    people: peopleIn(said),
    isCover: act.type === "CoverArranged" || act.type === "CoverEnded",
    role: "role" in said ? said.role : undefined,
    name: nameIn(said, organisation),
    names: providerNames(said, organisation),
    days: act.type === "CoverArranged" ? { from: act.from, until: act.until } : undefined,
    confirms: confirmed?.type,
    askedAt,
    state: refusedAs !== undefined ? "refused" : isOnItsWay ? "on-its-way" : "waits",
    why: refusedAs,
    stillReads: refusedAs === undefined ? whoStillReads(act) : undefined,
  };
};

/** What is to be done itself, or what a second person's word is given to. */
type Said = WantedAct | OrganisationEvent;

const peopleIn = (said: Said): readonly string[] => {
  if ("absent" in said) return [said.cover, said.absent];
  if ("supervisors" in said) return said.supervisors;
  return "person" in said ? [said.person] : [];
};

const nameIn = (said: Said, organisation: Organisation | undefined): string | undefined => {
  if ("name" in said) return said.name;
  if (!("team" in said)) return undefined;
  return organisation?.namesById.get(typeof said.team === "string" ? said.team : said.team.id);
};

const providerNames = (said: Said, organisation: Organisation | undefined): PendingActView["names"] => {
  if (said.type === "ProviderListed") return said.listing.names;
  return said.type === "ProviderClosed" ? organisation?.providers.get(said.provider)?.names : undefined;
};

const whoStillReads = (act: WantedAct): PersonId | undefined => {
  if (act.type === "PersonLeft") return act.person;
  return act.type === "RoleTaken" && act.role === "supervisor" ? act.person : undefined;
};
