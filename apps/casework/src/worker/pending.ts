/** What waits for a connection, as the page asks for it: what is to be done in the organisation, and who is to read which case. */

import type { ActedOrPending, Device, PendingActView as Listed, PendingChange, WantedAct } from "@amana/device";
import { err, ok, type Result } from "@amana/kernel";
import type { Organisation, PersonId } from "@amana/vault";
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
  const proposal = act.type === "Confirmed" ? organisation?.proposals.get(act.proposal) : undefined;
  const confirmed = proposal?.event;
  return {
    number,
    what: act.type,
    people: peopleIn(confirmed ?? act),
    isCover: act.type === "CoverArranged" || act.type === "CoverEnded",
    role: "role" in act ? act.role : undefined,
    name: nameIn(act, organisation),
    names: act.type === "ProviderListed" ? act.listing.names : providerNames(act, organisation),
    days: act.type === "CoverArranged" ? { from: act.from, until: act.until } : undefined,
    confirms: confirmed?.type,
    askedAt,
    state: refusedAs !== undefined ? "refused" : isOnItsWay ? "on-its-way" : "waits",
    why: refusedAs,
    stillReads: refusedAs === undefined ? whoStillReads(act) : undefined,
  };
};

const peopleIn = (act: object): readonly string[] => {
  if ("absent" in act && "cover" in act) return [String(act.cover), String(act.absent)];
  if ("supervisors" in act && Array.isArray(act.supervisors)) return act.supervisors.map(String);
  return "person" in act ? [String(act.person)] : [];
};

const nameIn = (act: WantedAct, organisation: Organisation | undefined): string | undefined => {
  if ("name" in act) return act.name;
  return "team" in act ? organisation?.namesById.get(act.team) : undefined;
};

const providerNames = (act: WantedAct, organisation: Organisation | undefined): PendingActView["names"] =>
  act.type === "ProviderClosed" ? organisation?.providers.get(act.provider)?.names : undefined;

const whoStillReads = (act: WantedAct): PersonId | undefined => {
  if (act.type === "PersonLeft") return act.person;
  return act.type === "RoleTaken" && act.role === "supervisor" ? act.person : undefined;
};
