/** What waits to be done in the organisation, as the page asks for it. */

import type { ActedOrPending, Device, PendingActView as Listed, WantedAct } from "@amana/device";
import { err, ok, type Result } from "@amana/kernel";
import type { Organisation, PersonId } from "@amana/vault";
import { mostUrgentFirst, type PendingActView } from "../screens/team/pending.ts";
import type { AccountRefusal, Face } from "../wire/face.ts";
import { refusalOf, settled } from "./account.ts";
import type { Unlockable } from "./after-unlock.ts";

type PendingOffers = Pick<Face, "pendingActs" | "dropPendingAct">;

export const pendingOffers = ({ device }: Unlockable): PendingOffers => ({
  pendingActs: async () => {
    const [listed, answer] = [await device().pendingActs(), await device().organisation()];
    const organisation = answer.ok ? answer.value : undefined;
    return listed.ok ? mostUrgentFirst(listed.value.map((each) => viewOf(each, organisation))) : [];
  },
  dropPendingAct: async (number) => settled(await device().dropPendingAct(number)),
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
