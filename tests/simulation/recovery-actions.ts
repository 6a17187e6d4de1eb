/** The recovery key of a simulation: made, proposed, asked for, used with its sheets, forbidden, and given up again. */

import type { Handset } from "../device/handset.ts";
import type { Member } from "../device/office.ts";
import { attempt, type World } from "./world.ts";

const weights = { propose: 2, "choose none": 1, ask: 5, use: 6, forbid: 1 } as const;

export const recover = async (world: World, member: Member, handset: Handset): Promise<string> => {
  const kind = world.chooser.weighted(weights);
  return `${kind}: ${await acts[kind](world, member, handset)}`;
};

type Act = (world: World, member: Member, handset: Handset) => Promise<string>;

const outcome = (answer: { readonly ok: boolean; readonly error?: unknown } | undefined): string =>
  answer === undefined ? "crash" : answer.ok ? "ok" : JSON.stringify(answer.error);

const sheetsUsed = 2;
const sheetsPrinted = 3;

const acts: Readonly<Record<keyof typeof weights, Act>> = {
  propose: async (world, _member, handset) => {
    const made = await attempt(handset, (device) => device.makeSheets(sheetsUsed, sheetsPrinted));
    if (made?.ok !== true) return outcome(made);
    const { recoveryKey, sheets } = made.value;
    world.sheetsByKey.set(recoveryKey.receivingKey.keyId, sheets);
    return outcome(await attempt(handset, (device) => device.proposeRecoveryKey(recoveryKey)));
  },
  "choose none": async (_world, _member, handset) =>
    outcome(await attempt(handset, (device) => device.proposeRecoveryKey(undefined))),
  ask: async (_world, _member, handset) => outcome(await attempt(handset, (device) => device.requestRecovery())),
  use: async (world, member, handset) => {
    const organisation = await attempt(handset, (device) => device.organisation());
    const key = organisation?.ok === true ? organisation.value?.recoveryKey?.receivingKey.keyId : undefined;
    const sheets = key === undefined ? undefined : world.sheetsByKey.get(key);
    if (sheets === undefined) return "no sheets";
    // Whatever was answered, its keys may be here from now on.
    world.recovered.add(member);
    return outcome(await attempt(handset, (device) => device.recoverWithSheets(sheets.slice(-sheetsUsed))));
  },
  forbid: async (world, _member, handset) => {
    const listed = await attempt(handset, (device) => device.recoveries());
    const request = world.chooser.pick(listed?.ok === true ? listed.value : []);
    if (request === undefined) return "none asked for";
    return outcome(await attempt(handset, (device) => device.forbidRecovery(request.recovery)));
  },
};
