/** Who reads a case: given, taken, adopted, erased or shredded by two people. */

import type { EntryHash, LogId } from "@amana/log";
import type { Handset } from "../device/handset.ts";
import type { Member } from "../device/office.ts";
import { enrolDevice } from "./enrol.ts";
import { attempt, handsetsOf, note, presentMembers, wake, type World } from "./world.ts";

const weights = {
  give: 3,
  take: 2,
  renew: 1,
  adopt: 2,
  "propose erasure": 1,
  "propose shredding": 1,
  "shred together": 1,
  "confirm erasure": 6,
} as const;

export const actOnAccess = async (world: World, _member: Member, handset: Handset): Promise<string> => {
  const logId = world.chooser.pick(world.cases);
  if (logId === undefined) return "no case yet";
  const kind = world.chooser.weighted(weights);
  const done = await acts[kind](world, handset, logId);
  return `${kind} ${done}`;
};

type Act = (world: World, handset: Handset, logId: LogId) => Promise<string>;

const outcome = (answer: { readonly ok: boolean; readonly error?: unknown } | undefined): string =>
  answer === undefined ? "crash" : answer.ok ? "ok" : JSON.stringify(answer.error);

const anyone = ({ chooser, office }: World): { readonly kind: "person"; readonly person: Member["id"] } => {
  const member = chooser.pick(office.members);
  // There is always somebody in an office.
  return { kind: "person", person: (member as Member).id };
};

const nothingToConfirm = "nothing to confirm";

const acts: Readonly<Record<keyof typeof weights, Act>> = {
  give: async (world, handset, logId) => {
    const reader = anyone(world);
    return outcome(await attempt(handset, (device) => device.giveAccess(logId, reader)));
  },
  take: async (world, handset, logId) => {
    const reader = anyone(world);
    return outcome(await attempt(handset, (device) => device.takeAccess(logId, reader)));
  },
  renew: async (_world, handset, logId) => outcome(await attempt(handset, (device) => device.renewAccess(logId))),
  adopt: async (world, handset, logId) => {
    const viewed = await attempt(handset, (device) => device.viewCase(logId));
    const quarantined = viewed?.ok === true ? viewed.value.marks.filter(({ kind }) => kind === "quarantined") : [];
    const entry = world.chooser.pick(quarantined)?.entry;
    if (entry === undefined) return "nothing waits";
    return outcome(await attempt(handset, (device) => device.adoptEntries(logId, [entry])));
  },
  "propose erasure": async (world, handset, logId) => {
    const chosen = await erasableEntry(world, handset, logId);
    if (chosen === undefined) return "nothing to erase";
    const proposed = await attempt(handset, (device) => device.proposeErasure(logId, [chosen.entry]));
    // Whatever becomes of it: from now on the text may be gone one day.
    for (const mark of chosen.marks) world.erasable.add(mark);
    return `${chosen.marks.join(" ")} ${outcome(proposed)}`;
  },
  "propose shredding": async (_world, handset, logId) =>
    outcome(await attempt(handset, (device) => device.proposeShredding(logId))),
  "shred together": async (world, handset, logId) => {
    const proposed = await attempt(handset, (device) => device.proposeShredding(logId));
    if (proposed?.ok !== true) return outcome(proposed);
    await attempt(handset, (device) => device.sync());
    for (const owner of presentMembers(world).filter(({ handsets }) => !handsets.includes(handset))) {
      const [other] = handsetsOf(world, owner);
      if (other === undefined || !(await wake(world, owner, other))) continue;
      await attempt(other, (device) => device.sync());
      const said = await acts["confirm erasure"](world, other, logId);
      if (said === nothingToConfirm) continue;
      const synced = outcome(await attempt(other, (device) => device.sync()));
      // A device that comes later has never had a key of the case, and is to know what became of it.
      return `with ${other.name}: ${said} ${synced}; ${await enrolDevice(world, owner)}`;
    }
    return "nobody confirms";
  },
  "confirm erasure": async (world, handset, logId) => {
    const readers = await attempt(handset, (device) => device.peopleWhoCanRead(logId));
    const waiting =
      readers?.ok === true ? readers.value.erasures.filter((each) => each.confirmation === undefined) : [];
    const proposal = world.chooser.pick(waiting)?.proposal;
    if (proposal === undefined) return nothingToConfirm;
    note(world, `confirms ${proposal.slice(0, 8)}`);
    return outcome(await attempt(handset, (device) => device.confirmErasure(logId, proposal)));
  },
};

/** A sealed entry of this case with the texts that stand in it. */
const erasableEntry = async (
  world: World,
  handset: Handset,
  logId: LogId,
): Promise<{ readonly entry: EntryHash; readonly marks: readonly string[] } | undefined> => {
  const viewed = await attempt(handset, (device) => device.viewCase(logId));
  if (viewed?.ok !== true) return undefined;
  const unsent = new Set<string>(viewed.value.unsent.map(({ entry }) => entry));
  const sealed = viewed.value.state.history.filter(({ mark }) => !unsent.has(mark.entry));
  const chosen = world.chooser.pick(sealed);
  if (chosen === undefined) return undefined;
  const { entry } = chosen.mark;
  const events = sealed.filter(({ mark }) => mark.entry === entry).map(({ event }) => event);
  // Both are the hash of the same entry, by each package's own brand.
  return { entry, marks: JSON.stringify(events).match(/\[\d+\]/g) ?? [] };
};
