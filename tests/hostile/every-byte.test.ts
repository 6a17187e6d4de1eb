/**
 * Each byte of an entry on its way to a device as it ships, changed alone: nothing of what it says ever counts, and the
 * device names what came instead. SECURITY §6.3.
 */

import { assert } from "@amana/kernel";
import { parseEntry, type Bytes, type EntryHash, type LogId } from "@amana/log";
import { describe, expect, it } from "vitest";
import { unsignedMax } from "../../packages/device/src/logs/unsigned.ts";
import { mustOk } from "../device/handset.ts";
import { deviceOf, openCaseOf, openOffice, type Member } from "../device/office.ts";
import { digestOfState } from "../simulation/check.ts";
import { seededRandomness } from "../simulation/chooser.ts";
import { makeHostileServer, type HostileServer } from "./hostile-server.ts";
import { append, dropTail, only } from "./misdeeds.ts";

/** Of what nobody has signed a device keeps so much in one case that each part of the bytes has a case of its own. */
const parts = 3;

/** Nour reads a case in which Rojin has written one more thing than Nour has seen. */
const makeStory = async (part: number) => {
  const hostileServers: HostileServer[] = [];
  const office = await openOffice({
    randomnessFor: (name) => seededRandomness(`every byte ${part} ${name}`),
    putInFront: (server) => {
      const hostile = makeHostileServer(server);
      hostileServers.push(hostile);
      return hostile;
    },
  });
  const { nour, azad, rojin } = office;
  const logId = await openCaseOf(office, rojin, [rojin, nour, azad]);
  await mustOk(deviceOf(rojin).tell(logId, { type: "RaiseRisk", level: "high", because: "He knows where she lives." }));
  await mustOk(deviceOf(rojin).sync());
  const entry = office.server.state.logs.get(logId)?.entries.at(-1);
  const [hostile] = hostileServers;
  assert(entry !== undefined && hostile !== undefined, "The server holds what was written.");
  return { nour, rojin, logId, hostile, bytes: entry.bytes };
};

/** One bit of each byte; which one makes no difference to what is checked. */
const changedAt = (bytes: Bytes, at: number): Bytes => bytes.map((byte, place) => (place === at ? byte ^ 1 : byte));

/** Nothing for bytes that are no entry, or one of another log. */
const nameOf = (bytes: Bytes, logId: LogId): EntryHash | undefined => {
  const parsed = parseEntry(bytes);
  if (!parsed.ok) return undefined;
  const { kind, entry } = parsed.value;
  return kind === "newer" || entry.header.logId === logId ? entry.hash : undefined;
};

const stateOf = async (member: Member, logId: LogId): Promise<string> =>
  digestOfState((await mustOk(deviceOf(member).viewCase(logId))).state);

describe("an entry with one byte changed on its way", () => {
  it("is never counted, and the device names what it was given instead", async () => {
    const counts = { whole: 0, broken: 0 };
    for (let part = 0; part < parts; part++) {
      const { whole, broken } = await checkEach(part);
      counts.whole += whole;
      counts.broken += broken;
    }
    expect(counts.whole).toBeGreaterThan(400);
    expect(counts.broken).toBeGreaterThan(10);
  });
});

/** Gives how many bytes were changed so that an entry of this log stays, and so that none does. */
const checkEach = async (part: number) => {
  const { nour, rojin, logId, hostile, bytes } = await makeStory(part);
  const before = await stateOf(nour, logId);
  const variants = Array.from(bytes, (_, at) => changedAt(bytes, at)).filter((_, at) => at % parts === part);
  const whole = variants.filter((variant) => nameOf(variant, logId) !== undefined);
  const broken = variants.filter((variant) => nameOf(variant, logId) === undefined);
  expect(whole.length).toBeLessThan(unsignedMax);

  // What is no entry of this log is not even kept.
  for (const variant of broken) {
    hostile.order({ view: only(logId, (log) => append(variant)({ ...log, entries: dropTail()(log) })) });
    await deviceOf(nour).sync();
    expect(await stateOf(nour, logId)).toBe(before);
  }

  // What has the shape of one is kept, and changes nothing but a mark.
  hostile.order({ view: only(logId, (log) => append(...whole)({ ...log, entries: dropTail()(log) })) });
  await deviceOf(nour).sync();
  expect(await stateOf(nour, logId)).toBe(before);
  const marked = new Set((await mustOk(deviceOf(nour).viewCase(logId))).marks.map(({ entry }) => entry));
  const named = whole.map((variant) => nameOf(variant, logId));
  expect(named.filter((hash) => hash !== undefined && !marked.has(hash))).toEqual([]);

  hostile.order({});
  await deviceOf(nour).lock();
  await mustOk(deviceOf(nour).unlock(nour.password));
  await mustOk(deviceOf(nour).sync());
  expect(await stateOf(nour, logId)).toBe(await stateOf(rojin, logId));
  return { whole: whole.length, broken: broken.length };
};
