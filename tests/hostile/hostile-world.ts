/**
 * Shilan's case, with everybody's device behind a server that does as it is ordered, and what each of them sees of it.
 *
 * Azad's device holds the beginning of the case; Nour and Shilan have written since. A fresh device is Azad's as it was
 * before the case existed.
 */

import { assert } from "@amana/kernel";
import type { Bytes, EntryHash, LogId } from "@amana/log";
import { recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { caseReading, organisationReading } from "../../packages/device/src/logs/read.ts";
import { makeCaseWorld, must, openNewCase, syncAll, type CaseWorld, type Handset } from "../device/case-world.ts";
import { makeHostileServer, type HostileServer, type Orders } from "./hostile-server.ts";

export type HostileWorld = CaseWorld & {
  readonly hostile: HostileServer;
  readonly logId: LogId;
  readonly organisation: LogId;
  /** Azad's device before it met the case. */
  readonly fresh: Handset;
};

/** Where each entry of the case stands at the honest server. */
export const places = { beginning: 0, opening: 1, first: 2, second: 3, third: 4, last: 5 } as const;

/** What is written into the case, one entry each, after its opening. */
export const factsWritten = ["first", "second", "third", "last"] as const;

/** Something is written into a case; what it says does not matter here. */
export const write = async (by: Handset, logId: LogId, fact: string): Promise<void> => {
  must(await by.device().tell(logId, recordFact(fact, "yes")));
};

export const makeHostileWorld = async (seed: string): Promise<HostileWorld> => {
  const world = await makeCaseWorld(seed);
  const hostile = makeHostileServer(world.server);
  const behind = async (name: string, { store }: Handset): Promise<Handset> => {
    const handset = world.handset(`${name} behind`, hostile);
    await handset.restart(store().contents());
    return handset;
  };
  const [nour, azad, fresh, shilan] = [
    await behind("nour", world.nour),
    await behind("azad", world.azad),
    await behind("azad before", world.azad),
    await behind("shilan", world.shilan),
  ];
  const logId = await openNewCase(shilan);
  await syncAll(shilan, nour, azad);
  for (const [at, fact] of factsWritten.entries()) {
    const [by, other] = at % 2 === 0 ? [shilan, nour] : [nour, shilan];
    await write(by, logId, fact);
    await syncAll(by, other);
  }
  const organisation = nour.unlocked().organisation()?.logId;
  assert(organisation !== undefined, "The organisation was founded.");
  return { ...world, nour, azad, fresh, shilan, hostile, logId, organisation };
};

/** What a person is shown of the case, and told. */
export type Sight = {
  readonly facts: readonly string[];
  readonly marks: readonly string[];
  readonly isBehind: boolean;
  readonly notices: readonly string[];
};

export const sightOf = async (handset: Handset, logId: LogId): Promise<Sight> => {
  const view = await handset.device().viewCase(logId);
  const notices = [
    ...new Set(
      handset
        .device()
        .notices()
        .map(({ type }) => type),
    ),
  ].sort();
  if (!view.ok) return { facts: [], marks: [], isBehind: false, notices };
  const { state, marks, isBehind } = view.value;
  return {
    facts: [...state.facts.saidByFact.keys()].sort(),
    marks: marks.map(({ kind }) => kind).sort(),
    isBehind,
    notices,
  };
};

/** What one device sees while the server misbehaves. */
export const sightUnder = async (
  { hostile, logId }: Pick<HostileWorld, "hostile" | "logId">,
  handset: Handset,
  orders: Orders,
): Promise<Sight> => {
  hostile.order(orders);
  await handset.device().sync();
  const sight = await sightOf(handset, logId);
  hostile.order({});
  return sight;
};

/** What a device holds to be so: of the case, and of who is who. */
export const beliefOf = async (handset: Handset, logId: LogId) => {
  const unlocked = handset.unlocked();
  const organisation = await unlocked.inTurn(() => organisationReading(unlocked));
  const { state, marks, isBehind, isContradicted, openers, unsent } = must(await handset.device().viewCase(logId));
  return { state, marks, isBehind, isContradicted, openers, unsent, organisation: organisation?.current };
};

/** Once the server is honest again, and each device was unlocked anew. */
export const settled = async (world: Pick<HostileWorld, "hostile" | "logId">, ...handsets: readonly Handset[]) => {
  world.hostile.order({});
  for (const each of handsets) await each.restart();
  await syncAll(...handsets);
  const beliefs = [];
  for (const each of handsets) beliefs.push(await beliefOf(each, world.logId));
  return beliefs;
};

export const readingOn = async (handset: Handset, logId: LogId) => {
  const unlocked = handset.unlocked();
  const reading = await unlocked.inTurn(() => caseReading(unlocked, logId));
  assert(reading !== undefined, "The case is held here.");
  return reading;
};

/** What the honest server holds of a log, as it came. */
export const entriesAt = ({ server }: Pick<HostileWorld, "server">, logId: LogId): readonly Bytes[] =>
  (server.state.logs.get(logId)?.entries ?? []).map(({ bytes }) => bytes);

export const hashesAt = ({ server }: Pick<HostileWorld, "server">, logId: LogId): readonly EntryHash[] =>
  (server.state.logs.get(logId)?.entries ?? []).map(({ hash }) => hash);
