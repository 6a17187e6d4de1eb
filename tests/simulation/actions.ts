/** What happens in a simulation, one thing after the other: people write, sync, lose, change and leave; devices fail. */

import { later } from "@amana/kernel";
import { isOpened, type CaseCommand } from "@amana/casefile";
import type { LogId } from "@amana/log";
import type { CaseView } from "@amana/device";
import { nextDeviceVaultName } from "../../packages/device/src/store/names.ts";
import type { Handset } from "../device/handset.ts";
import { openingOf, type Member } from "../device/office.ts";
import { actOnAccess } from "./access-actions.ts";
import { anyAct } from "./acts.ts";
import { anyCommand, type Teller } from "./commands.ts";
import { enrolDevice, handsetsPerMemberMax, said } from "./enrol.ts";
import { anyOrders } from "./hostility.ts";
import { actInOrganisation } from "./organisation-actions.ts";
import { recover } from "./recovery-actions.ts";
import { attempt, handsetsOf, note, presentMembers, takePassword, wake, type World } from "./world.ts";

const casesMax = 3;
const millisecondsPerHour = 3_600_000;
const hoursPerYear = 8766;

const weights = {
  tell: 25,
  sync: 26,
  "open a case": 4,
  "let time pass": 5,
  "go offline or online": 6,
  "crash at a write": 5,
  "fill the storage": 1,
  "lose requests": 4,
  "server changes": 4,
  lock: 2,
  "write while syncing": 4,
  "lock while syncing": 2,
  "set the clock": 2,
  "copy a device": 1,
  "enrol a device": 2,
  "change the password": 1,
  access: 6,
  organisation: 5,
  recovery: 4,
} as const;

export const takeAStep = async (world: World): Promise<void> => {
  const { chooser } = world;
  const member = chooser.pick(presentMembers(world));
  const handset = member === undefined ? undefined : chooser.pick(handsetsOf(world, member));
  if (member === undefined || handset === undefined) return;
  const kind = chooser.weighted(weights);
  if (!(await wake(world, member, handset))) {
    note(world, `${handset.name} stays closed`);
    return;
  }
  const outcome = await steps[kind](world, member, handset);
  note(world, `${handset.name}: ${kind}: ${outcome}`);
};

type Step = (world: World, member: Member, handset: Handset) => Promise<string>;

const tellAny: Step = async (world, member, handset) => {
  const found = await anyCaseOf(world, handset);
  if (found === undefined) return "no case yet";
  const told: string[] = [];
  for (const command of commandsFor(world, member, handset, found.view))
    told.push(await tellOne(world, member, handset, found.logId, command));
  return told.join("; ");
};

/** One of those that this device can show. */
const anyCaseOf = async (
  { cases, chooser }: World,
  handset: Handset,
): Promise<{ readonly logId: LogId; readonly view: CaseView } | undefined> => {
  const first = chooser.below(cases.length);
  for (const logId of [...cases.slice(first), ...cases.slice(0, first)]) {
    const viewed = await attempt(handset, (device) => device.viewCase(logId));
    if (viewed?.ok === true) return { logId, view: viewed.value };
  }
  return undefined;
};

/** Mostly one thing or a few; now and then a whole act with all that it rests on. */
const wholeActsOneIn = 16;
const commandsAtOnceMax = 3;

const commandsFor = (world: World, member: Member, handset: Handset, { state }: CaseView): readonly CaseCommand[] => {
  const { chooser, planter, office } = world;
  const now = later(office.clock.now, handset.clockErrorMilliseconds);
  const people = office.members.map(({ id }) => id);
  const teller: Teller = { chooser, planter, state, now, self: member.id, people };
  if (!isOpened(state)) return [anyCommand(teller)];
  if (chooser.isOneIn(wholeActsOneIn)) return anyAct(teller);
  return Array.from({ length: 1 + chooser.below(commandsAtOnceMax) }, () => anyCommand(teller));
};

const tellOne = async (
  world: World,
  member: Member,
  handset: Handset,
  logId: LogId,
  command: CaseCommand,
): Promise<string> => {
  const told = await attempt(handset, (device) => device.tell(logId, command));
  const mark = /\[\d+\]/.exec(JSON.stringify(command))?.[0];
  if (told?.ok === true) world.accepted.add(command.type);
  if (told?.ok === true && mark !== undefined) world.written.push({ mark, logId, by: member, on: handset });
  return `${command.type} ${mark ?? ""} ${said(told)}`;
};

const sync: Step = async (world, member, handset) => {
  const synced = await attempt(handset, (device) => device.sync());
  const isRefused = synced?.ok === false && synced.error.type === "Refused";
  const hasOthers = world.passwords.get(handset) !== member.password || world.papers.get(member)?.size !== 0;
  if (!isRefused || !hasOthers) return said(synced);
  return `takes the new password: ${said(await takePassword(world, member, handset))}`;
};

/** Something happens at one of its requests, while it waits for the answer. */
const duringSync = async (handset: Handset, atRequest: number, act: () => Promise<unknown>): Promise<string> => {
  handset.meanwhile = { atRequest, act };
  const synced = await attempt(handset, (device) => device.sync());
  handset.meanwhile = undefined;
  return said(synced);
};

const changePassword: Step = async (world, member, handset) => {
  const current = world.passwords.get(handset) ?? member.password;
  const next = `${member.name} walks past ${String(world.chooser.below(1_000_000))} green doors`;
  const isUnderWay = (): boolean => handset.contents().has(nextDeviceVaultName);
  const wasUnderWay = isUnderWay();
  const changed = await attempt(handset, (device) => device.changePassword({ current, next }));
  // Until the answer is there either may open it. The form asks to keep both until it says more, and so does the locked screen.
  const isOpen = !wasUnderWay && isUnderWay();
  if (changed === undefined || isOpen) world.papers.get(member)?.add(next);
  if (changed?.ok !== true) return said(changed);
  member.password = next;
  world.passwords.set(handset, next);
  return said(changed);
};

const steps: Readonly<Record<keyof typeof weights, Step>> = {
  tell: tellAny,
  sync,
  "open a case": async (world, _member, handset) => {
    if (world.cases.length >= casesMax) return "enough cases";
    const code = `KRI-2026-${String(1000 + world.chooser.below(9000))}`;
    const searchedAt = later(world.office.clock.now, handset.clockErrorMilliseconds);
    const opened = await attempt(handset, (device) => device.openCase(openingOf(code, searchedAt)));
    if (opened?.ok === true) {
      world.cases.push(opened.value.logId);
      world.accepted.add("OpenCase");
    }
    return said(opened);
  },
  "let time pass": (world) => {
    const hours = world.chooser.oneOf(1, 5, 30, 24 * 20);
    world.office.clock.now = later(world.office.clock.now, hours * millisecondsPerHour);
    return Promise.resolve(`${String(hours)} hours`);
  },
  "go offline or online": (_world, _member, handset) => {
    handset.isOnline = !handset.isOnline;
    return Promise.resolve(handset.isOnline ? "online" : "offline");
  },
  "crash at a write": (world, _member, handset) => {
    for (let left = world.chooser.below(6); left > 0; left--) handset.fates.push("written");
    handset.fates.push(world.chooser.oneOf("crash-before", "crash-after"));
    return Promise.resolve(`in ${String(handset.fates.length)} writes`);
  },
  "fill the storage": (world, _member, handset) => {
    for (let left = 1 + world.chooser.below(3); left > 0; left--) handset.fates.push("full");
    return Promise.resolve("full");
  },
  "lose requests": (world, _member, handset) => {
    const faults = world.chooser.part("network");
    const every = world.chooser.oneOf(0, 2, 5, 12);
    handset.chooseFault =
      every === 0
        ? () => "none"
        : () => (faults.isOneIn(every) ? faults.oneOf("lost-before", "lost-after", "answer-cut") : "none");
    return Promise.resolve(`one of ${String(every)}`);
  },
  "server changes": (world) => {
    if (world.chooser.isOneIn(2)) {
      world.hostile.order({});
      return Promise.resolve("honest");
    }
    const { name, orders } = anyOrders(world.chooser, [...world.cases, world.office.organisation()]);
    world.hostile.order(orders);
    world.wasHostile = true;
    world.hasKeptBackKeys ||= orders.lies?.["read-wraps"] !== undefined;
    return Promise.resolve(name);
  },
  lock: async (_world, _member, handset) => {
    await attempt(handset, (device) => device.lock());
    return "locked";
  },
  "write while syncing": (world, member, handset) =>
    duringSync(handset, world.chooser.below(8), async () => note(world, await tellAny(world, member, handset))),
  "lock while syncing": (world, _member, handset) =>
    duringSync(handset, world.chooser.below(8), () => handset.device().lock()),
  "set the clock": (world, _member, handset) => {
    const hours = world.chooser.oneOf(0, 0, 1, -30, hoursPerYear * 3, -hoursPerYear * 10);
    handset.clockErrorMilliseconds = Math.round(hours * millisecondsPerHour);
    return Promise.resolve(`${String(hours)} hours off`);
  },
  "copy a device": async (world, member, handset) => {
    if (handsetsOf(world, member).length >= handsetsPerMemberMax) return "enough devices";
    const copy = world.office.newHandset(member, handset);
    world.passwords.set(copy, world.passwords.get(handset) ?? member.password);
    return Promise.resolve(copy.name);
  },
  "enrol a device": enrolDevice,
  "change the password": changePassword,
  access: actOnAccess,
  organisation: actInOrganisation,
  recovery: recover,
};
