/**
 * An organisation with hostile members in it. Nour supervises and has been bribed; Rami is a caseworker who reads the case;
 * Sara is enrolled and reads none. They write with the vault directly. Azad and Shilan are honest, on devices as they ship.
 */

import type { CaseEvent } from "@amana/casefile";
import { assert } from "@amana/kernel";
import { toHex, type CborValue, type LogId } from "@amana/log";
import type { PersonId, SealedEvent } from "@amana/vault";
import { expect } from "vitest";
import {
  invite,
  makeCaseWorld,
  must,
  openNewCase,
  syncAll,
  type CaseWorld,
  type Handset,
} from "../device/case-world.ts";
import { clientOf } from "./client-of.ts";
import type { HostileMember } from "./hostile-member.ts";
import { beliefOf, sightOf, write } from "./hostile-world.ts";

export type Bribed = CaseWorld & {
  readonly logId: LogId;
  readonly organisation: LogId;
  readonly rami: Handset;
  readonly ids: Readonly<Record<"nour" | "azad" | "shilan" | "rami" | "sara", PersonId>>;
  /** The hostile clients of those three, on devices of their own. */
  readonly hostile: Readonly<Record<"nour" | "rami" | "sara", HostileMember>>;
};

let stories = 0;

/** Each story has a world of its own. */
export const bribe = async (): Promise<Bribed> => {
  const seed = `member ${stories++}`;
  const { handset, ...started } = await makeCaseWorld(seed);
  const { nour, azad, shilan } = started;
  const [rami, sara] = [handset("rami"), handset("sara")];
  await invite(nour, rami);
  await invite(nour, sara);
  await syncAll(nour, azad, shilan, rami, sara);
  const logId = await openNewCase(shilan);
  must(await shilan.device().giveAccess(logId, { kind: "person", person: await personOf(rami) }));
  await write(shilan, logId, "first");
  await syncAll(shilan, nour, azad, rami);
  const known = nour.unlocked().organisation();
  assert(known !== undefined, "The organisation was founded.");
  const organisation = known.logId;
  const hostile = {
    nour: await clientOf(started, `${seed} hostile nour`, nour),
    rami: await clientOf(started, `${seed} hostile rami`, rami),
    sara: await clientOf(started, `${seed} hostile sara`, sara),
  };
  for (const client of [hostile.nour, hostile.rami]) await client.readCase(logId);
  const ids = {
    nour: await personOf(nour),
    azad: await personOf(azad),
    shilan: await personOf(shilan),
    rami: await personOf(rami),
    sara: await personOf(sara),
  };
  return { ...started, handset, logId, organisation, rami, ids, hostile };
};

const personOf = async ({ device }: Handset): Promise<PersonId> => {
  const person = must(await device().ownPerson());
  assert(person !== undefined, "Everybody here is enrolled.");
  return person;
};

export const event = (type: CaseEvent["type"] | (string & {}), data: CborValue, version = 1): SealedEvent => ({
  type,
  version,
  data,
});
export const raised = (because: string): SealedEvent => event("RiskRaised", { level: "high", because });
export const noted = (text: string): SealedEvent =>
  event("NoteWritten", { note: `note-${text.length}`, about: "case", text });

/** What the honest see; they see the same, and go on writing. */
export const seenByHonest = async ({ azad, shilan, logId }: Bribed) => {
  await syncAll(azad, shilan);
  const [one, other] = [await beliefOf(azad, logId), await beliefOf(shilan, logId)];
  expect(one.state).toEqual(other.state);
  expect(one.marks).toEqual(other.marks);
  expect(one.openers).toEqual(other.openers);
  expect(one.organisation).toEqual(other.organisation);
  const notices = [azad, shilan].flatMap(({ device }) =>
    device()
      .notices()
      .map(({ type }) => type),
  );
  return { ...one, kinds: one.marks.map(({ kind }) => kind).sort(), notices };
};

/** What is written afterwards by somebody honest is read by the other. */
export const expectWriting = async (world: Bribed): Promise<void> => {
  const { azad, shilan, logId } = world;
  await write(shilan, logId, "going-on");
  await syncAll(shilan, azad);
  expect((await sightOf(azad, logId)).facts).toContain("going-on");
  await seenByHonest(world);
};

/** And nothing rests on something that is not there. */
export const expectGoingOn = async (world: Bribed): Promise<void> => {
  await expectWriting(world);
  expect((await sightOf(world.azad, world.logId)).isBehind).toBe(false);
};

/** Names the key of the newest epoch, as everybody sees it. */
export const newestCommitment = ({ server, logId }: Bribed): string => {
  const { entries } = server.state.logs.get(logId) ?? { entries: [] };
  const begun = entries.findLast(({ header }) => header.keyCommitment !== undefined);
  assert(begun?.header.keyCommitment !== undefined, "The case has begun.");
  return toHex(begun.header.keyCommitment);
};

/** The server is Sara's accomplice, and serves her the case. */
export const withServed = async <T>({ server, logId, hostile }: Bribed, act: () => Promise<T>): Promise<T> => {
  const log = server.state.logs.get(logId);
  assert(log !== undefined, "The case has begun.");
  log.serving = new Set([...log.serving, hostile.sara.own.receivingKey.keyId]);
  return act();
};
