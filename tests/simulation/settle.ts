/**
 * The quiet end of a simulation: everyone is online, every clock is right, the server is honest and loses nothing, and all
 * devices sync until nothing changes any more.
 */

import { digestOfLogs } from "../device/memory-server.ts";
import { honestNetwork } from "../device/failing-network.ts";
import type { Handset } from "../device/handset.ts";
import type { Member } from "../device/office.ts";
import { attempt, handsetsOf, note, takePassword, wake, type World } from "./world.ts";

/** Generous: a device has at most a few things to do after another. */
const roundsMax = 20;

/** False when it never came to rest. */
export const settle = async (world: World): Promise<boolean> => {
  await makeQuiet(world);
  let before = "";
  for (let round = 0; round < roundsMax; round++) {
    const outcomes: string[] = [];
    for (const member of world.office.members)
      for (const handset of handsetsOf(world, member)) outcomes.push(await syncQuietly(world, member, handset));
    const after = `${digestOfLogs(world.office.server)} ${outcomes.join()}`;
    if (after === before) return true;
    before = after;
    note(world, `quiet round ${String(round)}: ${outcomes.join(", ")}`);
  }
  return false;
};

/** Everyone has locked their devices in the meantime, as they do many times a day. */
const makeQuiet = async (world: World): Promise<void> => {
  world.hostile.order({});
  for (const { handsets } of world.office.members) {
    for (const handset of handsets) {
      handset.isOnline = true;
      handset.chooseFault = honestNetwork;
      handset.clockErrorMilliseconds = 0;
      handset.fates.length = 0;
      handset.meanwhile = undefined;
      await attempt(handset, (device) => device.lock());
    }
  }
};

const syncQuietly = async (world: World, member: Member, handset: Handset): Promise<string> => {
  if (!(await wake(world, member, handset))) return `${handset.name} closed`;
  const synced = await attempt(handset, (device) => device.sync());
  if (synced?.ok === true) return `${handset.name} unsent ${String(synced.value.unsent)}`;
  const taken = await takePassword(world, member, handset);
  return `${handset.name} ${JSON.stringify(synced?.error)} ${taken?.ok === true ? "new password" : ""}`;
};
