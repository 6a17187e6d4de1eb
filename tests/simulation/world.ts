/**
 * The world of one simulation: people of an office on several devices each, a server that is honest, failing or hostile by
 * turns, and a memory of everything that a device has said is written down.
 */

import { waitingProposals, type CaseCommand } from "@amana/casefile";
import { assert } from "@amana/kernel";
import type { KeyId, LogId } from "@amana/log";
import type { Device } from "@amana/device";
import type { Handset } from "../device/handset.ts";
import { copyOffice, deviceOf, openCaseOf, openingOf, openOffice, type Member, type Office } from "../device/office.ts";
import { mustOk } from "../device/handset.ts";
import { makeHostileServer, type HostileServer } from "../hostile/hostile-server.ts";
import { makeChooser, seededRandomness, type Chooser } from "./chooser.ts";
import { makePlanter, type Planter } from "./commands.ts";
import { exceptionOfAdult, ofAChild, ofAnAdult } from "./first-cases.ts";

/** Something that a device has said is written down: by whom, where, and the mark it is found by. */
export type WrittenDown = { readonly mark: string; readonly logId: LogId; readonly by: Member; readonly on: Handset };

export type World = {
  readonly seed: number;
  readonly office: Office;
  readonly hostile: HostileServer;
  readonly chooser: Chooser;
  readonly planter: Planter;
  readonly cases: LogId[];
  readonly written: WrittenDown[];
  /** Texts that two people may have erased. */
  readonly erasable: Set<string>;
  /** The sheets of every recovery key that somebody made, by the key. */
  readonly sheetsByKey: Map<KeyId, readonly string[]>;
  /** Who has opened with sheets what was never for them. */
  readonly recovered: Set<Member>;
  /** Devices that were lost for good: nobody has them any more, or a stranger has. */
  readonly lost: Set<Handset>;
  /** People who have left, as far as somebody has said so. */
  readonly left: Set<Member>;
  /** What opens each device, as its owner remembers it. */
  readonly passwords: Map<Handset, string>;
  /** What somebody chose as a new password and was not told of any more: kept beside the others, as the screen asks. */
  readonly papers: Map<Member, Set<string>>;
  readonly trace: string[];
  /** The commands that some device has taken. */
  readonly accepted: Set<CaseCommand["type"]>;
  /** Whether the server has ever lied in this story. */
  wasHostile: boolean;
  /** Whether it has kept back or spoiled keys: what a device could not open it did not know. */
  hasKeptBackKeys: boolean;
};

export const makeWorld = async (seed: number): Promise<World> => {
  const beginning = await (commonBeginning ??= makeBeginning());
  const hostileServers: HostileServer[] = [];
  const office = copyOffice(beginning.office, {
    randomnessFor: (name) => seededRandomness(`${String(seed)} ${name}`),
    putInFront: (server) => {
      const hostile = makeHostileServer(server);
      hostileServers.push(hostile);
      return hostile;
    },
  });
  const [hostile] = hostileServers;
  assert(hostile !== undefined, "Devices are connected through the hostile server.");
  const chooser = makeChooser(`simulation ${String(seed)}`);
  const passwords = new Map(
    office.members.flatMap(({ handsets, password }) => handsets.map((handset) => [handset, password] as const)),
  );
  return {
    seed,
    office,
    hostile,
    chooser,
    planter: makePlanter(chooser.part("texts")),
    cases: [...beginning.cases],
    written: [],
    erasable: new Set(),
    sheetsByKey: new Map([beginning.sheets]),
    recovered: new Set(),
    lost: new Set(),
    left: new Set(),
    passwords,
    papers: new Map(office.members.map((member) => [member, new Set()])),
    trace: [],
    accepted: new Set(),
    wasHostile: false,
    hasKeptBackKeys: false,
  };
};

type Beginning = {
  readonly office: Office;
  readonly cases: readonly LogId[];
  readonly sheets: readonly [KeyId, readonly string[]];
};

/** Founding an organisation costs more than a simulation in it; it is done once, and every simulation begins with a copy. */
let commonBeginning: Promise<Beginning> | undefined;

const makeBeginning = async (): Promise<Beginning> => {
  const office = await openOffice({ randomnessFor: (name) => seededRandomness(`beginning ${name}`) });
  await formHouse(office);
  const sheets = await chooseRecoveryKey(office);
  return { office, sheets, cases: await openFirstCases(office) };
};

/** One team that Nour and Azad supervise, so that keys go by teams as well as by people. */
const formHouse = async (office: Office): Promise<void> => {
  const [nour, azad, rojin, shilan] = office.members;
  assert(nour !== undefined && azad !== undefined, "An office has two supervisors.");
  assert(rojin !== undefined && shilan !== undefined, "An office has caseworkers.");
  const device = deviceOf(nour);
  const team = await mustOk(device.newTeamId());
  await mustOk(device.formTeam(team, [nour.id, azad.id]));
  for (const { id } of [rojin, shilan]) await mustOk(device.joinTeam(team, id));
  for (const member of office.members) await mustOk(deviceOf(member).sync());
};

/** Nour has printed the sheets, and Azad has confirmed the key. */
const chooseRecoveryKey = async (office: Office): Promise<Beginning["sheets"]> => {
  const [nour, azad] = office.members;
  assert(nour !== undefined && azad !== undefined, "An office has two supervisors.");
  const { recoveryKey, sheets } = await mustOk(deviceOf(nour).makeSheets(2, 3));
  await mustOk(deviceOf(nour).proposeRecoveryKey(recoveryKey));
  await mustOk(deviceOf(azad).sync());
  for (const { entry } of await mustOk(deviceOf(azad).proposals())) await mustOk(deviceOf(azad).confirmProposal(entry));
  for (const member of office.members) await mustOk(deviceOf(member).sync());
  return [recoveryKey.receivingKey.keyId, sheets];
};

/** An adult's case for the house, and a child's, which Rami reads as well. */
const openFirstCases = async (office: Office): Promise<LogId[]> => {
  const [nour, azad, rojin, shilan, rami] = office.members;
  assert(nour !== undefined && azad !== undefined && rojin !== undefined, "An office has people.");
  assert(shilan !== undefined && rami !== undefined, "An office has people.");
  const ofHouse = (await mustOk(deviceOf(rojin).openCase(openingOf("KRI-2026-0001")))).logId;
  await tellAll(rojin, ofHouse, [...ofAnAdult(office.clock.now), exceptionOfAdult]);
  const ofThree = await openCaseOf(office, shilan, [nour, shilan, rami], "KRI-2026-0002");
  await tellAll(shilan, ofThree, ofAChild);
  await mustOk(deviceOf(azad).sync());
  const { state } = await mustOk(deviceOf(azad).viewCase(ofHouse));
  const answers = waitingProposals(state).map(({ kind, mark }): CaseCommand => {
    return { type: "Approve", proposal: mark.entry, what: kind };
  });
  await tellAll(azad, ofHouse, answers);
  for (const member of office.members) await mustOk(deviceOf(member).sync());
  return [ofHouse, ofThree];
};

const tellAll = async (member: Member, logId: LogId, commands: readonly CaseCommand[]): Promise<void> => {
  for (const command of commands) await mustOk(deviceOf(member).tell(logId, command));
  await mustOk(deviceOf(member).sync());
};

export const note = (world: World, line: string): void => {
  world.trace.push(`${String(world.trace.length)} ${line}`);
};

/** Present people, and their devices that are not lost. */
export const presentMembers = ({ office, left }: World): readonly Member[] =>
  office.members.filter((member) => !left.has(member));

export const handsetsOf = ({ lost }: World, { handsets }: Member): readonly Handset[] =>
  handsets.filter((handset) => !lost.has(handset));

/** What a step gave; nothing when the device crashed on the way, as it was meant to. Anything else that is thrown is a finding. */
export const attempt = async <T>(handset: Handset, step: (device: Device) => Promise<T>): Promise<T | undefined> => {
  try {
    return await step(handset.device());
  } catch (reason) {
    if (handset.hasCrashed()) return undefined;
    throw reason;
  }
};

/** Running and unlocked, whatever was before. False when nobody can open it any more. */
export const wake = async (world: World, member: Member, handset: Handset): Promise<boolean> => {
  // A crash may come while it starts; it does not come for ever.
  for (let tries = 0; tries < wakingTriesMax; tries++) {
    if (handset.hasCrashed()) handset.restart();
    if ((await attempt(handset, (device) => device.phase())) === "unlocked") return true;
    for (const password of candidatesFor(world, member, handset)) {
      const opened = await attempt(handset, (device) => device.unlock(password));
      if (opened === undefined) break;
      if (!opened.ok) continue;
      world.passwords.set(handset, password);
      // It opens with nothing else any more, so that it was changed after all.
      if (world.papers.get(member)?.delete(password) === true) member.password = password;
      return true;
    }
  }
  return false;
};

const wakingTriesMax = 4;

/** The password was changed on another device, or here and nobody was told: every paper is tried. Gives what the last one said. */
export const takePassword = async (
  world: World,
  member: Member,
  handset: Handset,
): Promise<Awaited<ReturnType<Device["takeNewPassword"]>> | undefined> => {
  const papers = world.papers.get(member) ?? new Set();
  let taken: Awaited<ReturnType<typeof takePassword>>;
  for (const password of [member.password, ...papers]) {
    taken = await attempt(handset, (device) => device.takeNewPassword(password));
    if (taken?.ok !== true) continue;
    world.passwords.set(handset, password);
    member.password = password;
    papers.delete(password);
    return taken;
  }
  return taken;
};

/** A change that was under way may have been finished by a sync, or by what was ended in the middle of it: either may open the device. */
export const candidatesFor = ({ passwords, papers }: World, member: Member, handset: Handset): readonly string[] => [
  ...new Set([passwords.get(handset) ?? member.password, member.password, ...(papers.get(member) ?? [])]),
];
