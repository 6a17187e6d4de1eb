/** What is held back, cannot be read or is to be erased in one case, as the page asks for it. */

import { parseEvent } from "@amana/casefile";
import type { EntryHash, LogId } from "@amana/log";
import type { PersonId } from "@amana/vault";
import type { HeldBackView, RepairAct, RepairView } from "../case/repair.ts";
import type { Face } from "../wire/face.ts";
import { settled } from "./account.ts";
import type { Unlockable } from "./after-unlock.ts";
import { actorOf } from "./team.ts";
import { eventRows } from "./views/history.ts";

type RepairOffers = Pick<Face, "repair" | "actOnRepair">;

export const repairOffers = (holding: Unlockable): RepairOffers => ({
  repair: (log) => readRepair(holding, log),
  actOnRepair: async (log, act) => settled(await carryOut(holding, log, act)),
});

// The page was given each id by the device.
const logIdOf = (log: string): LogId => log as LogId;
const hashOf = (entry: string): EntryHash => entry as EntryHash; // As above.

/** What of the changes of access is about repair. */
const repairKinds: ReadonlySet<string> = new Set([
  ...["adopt", "leave-unread", "pass-over", "propose-erasure", "confirm-erasure"],
]);

const readRepair = async (holding: Unlockable, log: string): Promise<RepairView | undefined> => {
  const device = holding.device();
  const [reading, view] = [await device.peopleWhoCanRead(logIdOf(log)), await device.viewCase(logIdOf(log))];
  const [held, dates, actor] = [
    await device.heldBackEntries(logIdOf(log)),
    await device.backupDates(),
    await actorOf(holding),
  ];
  if (!reading.ok || !view.ok || actor === undefined) return undefined;
  const { erasures, pending, heldUpBy, unreadEpochs } = reading.value;
  const goneAt = new Map((dates.ok ? dates.value : []).map((date) => [date.proposal, date.goneFromBackupsAt]));
  const isMe = (person: PersonId | undefined): boolean => person !== undefined && person === asPerson(actor.person);
  const ofCase = (dates.ok ? dates.value : []).filter(({ logId }) => logId === logIdOf(log));
  return {
    isShredded: view.value.isShredded,
    goneFromBackupsAt: ofCase.at(-1)?.goneFromBackupsAt,
    heldBack: held.ok ? held.value.map(heldBackView) : [],
    erasures: erasures.map(({ proposal, proposedBy, entries, confirmation }) => ({
      proposal,
      by: proposedBy,
      entryCount: entries.length,
      isOwn: isMe(proposedBy),
      state: confirmation === undefined ? "waits" : "confirmed",
      goneFromBackupsAt: goneAt.get(proposal),
    })),
    unread: heldUpBy.map(({ entry, by }) => ({ entry, by, isOwn: isMe(by) })),
    keylessBy: unreadEpochs.map(({ by }) => by),
    isSupervisor: actor.roles.includes("supervisor"),
    isContradicted: view.value.isContradicted,
    pending: pending
      .filter(({ change }) => repairKinds.has(change.kind))
      .map(({ number, change, refusedAs }) => ({
        ...{ number, what: change.kind, refusedAs },
        ...{ person: undefined, team: undefined },
      })),
  };
};

/** The case file speaks of the same people by the same ids, under a brand of its own. */
const asPerson = (person: string): PersonId => person as PersonId;

const heldBackView = ({
  entry,
  person,
  recordedAt,
  firstSeenAt,
  canBeAdopted,
  isTakenBack,
  events,
}: {
  readonly entry: string;
  readonly person: string | undefined;
  readonly recordedAt: number | undefined;
  readonly firstSeenAt: number | undefined;
  readonly canBeAdopted: boolean;
  readonly isTakenBack: boolean;
  readonly events: readonly unknown[] | undefined;
}): HeldBackView => ({
  entry,
  person,
  at: recordedAt ?? firstSeenAt,
  canBeAdopted,
  isTakenBack,
  says: events?.flatMap((stored) => {
    const parsed = parseEvent(stored);
    return parsed.ok ? [{ event: parsed.value.type, rows: eventRows(parsed.value, recordedAt ?? 0) }] : [];
  }),
});

const carryOut = ({ device }: Unlockable, log: string, act: RepairAct) => {
  const logId = logIdOf(log);
  switch (act.type) {
    case "Adopt":
      return device().adoptEntries(logId, act.entries.map(hashOf));
    case "LeaveUnread":
      return device().leaveUnread(logId, act.entries.map(hashOf));
    case "PassOver":
      return device().passOverEpoch(logId);
    case "ProposeShredding":
      return device().proposeShredding(logId);
    case "ConfirmErasure":
      return device().confirmErasure(logId, hashOf(act.proposal));
    case "ProposeErasure": {
      const [first, ...others] = act.entries.map(hashOf);
      // Without an entry it would mean the whole case, which is asked for by another name.
      return first === undefined
        ? Promise.resolve({ ok: false, error: { type: "NotThere" } } as const)
        : device().proposeErasure(logId, [first, ...others]);
    }
    default:
      return act satisfies never;
  }
};
