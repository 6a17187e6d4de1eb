/** A further device of somebody, of a version that is not written yet: it says things that today's app cannot read. */

import { assert, isInstant, type Instant } from "@amana/kernel";
import { accountFace, deviceOver, makeCore, makeMemoryStore } from "@amana/device";
import { encodeEntry, type LogId } from "@amana/log";
import { argon2idKdf, platformDeflate, platformRandomness, seal } from "@amana/vault";
import { fetchTransport } from "../../apps/casework/src/worker/transport.ts";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { holdLog } from "../../packages/device/src/logs/held-log.ts";
import { organisationReading, readCaseLog } from "../../packages/device/src/logs/read.ts";
import { caseSealingKey } from "../../packages/device/src/logs/sealing.ts";

export type NewerDevice = {
  /** Writes into the case with this code what no version of today knows. */
  readonly writeOfTheFuture: (code: string) => Promise<void>;
};

const clock = (): Instant => {
  const now = Date.now();
  assert(isInstant(now), "This machine's clock is outside of the years 0001 to 9999.");
  return now;
};

export const openNewerDevice = async (origin: string, kit: string, password: string): Promise<NewerDevice> => {
  const core = makeCore({
    store: makeMemoryStore(),
    transport: fetchTransport(origin),
    clock,
    randomness: platformRandomness,
    kdf: argon2idKdf,
    deflate: platformDeflate,
    guidance: { assess: adviceFor },
    origin,
  });
  const device = deviceOver(core);
  const enrolled = await accountFace(core).enrolWithKit({ digits: kit, password, language: "en" });
  assert(enrolled.ok, "The kit and the password open the account.");
  assert((await device.sync()).ok, "The server answers.");
  return {
    writeOfTheFuture: async (code) => {
      const cases = await device.listCases();
      const found = cases.ok ? cases.value.find(({ codes }) => codes.some((each) => each === code)) : undefined;
      assert(found !== undefined, "The case is on this device.");
      const { logId } = found;
      const unlocked = core.opened()?.unlocked;
      assert(unlocked !== undefined, "The device is unlocked.");
      const entry = await sealOfTheFuture(unlocked, logId);
      const pushed = await unlocked.ask("push", { logs: [{ logId, entries: [entry] }] });
      assert(pushed.ok, "The server takes the entry.");
    },
  };
};

type Opened = NonNullable<ReturnType<ReturnType<typeof makeCore>["opened"]>>["unlocked"];

const sealOfTheFuture = (unlocked: Opened, logId: LogId): Promise<Uint8Array<ArrayBuffer>> =>
  unlocked.inTurn(async () => {
    const log = await holdLog(unlocked, logId);
    const organisation = await organisationReading(unlocked);
    const reading = log === undefined ? undefined : await readCaseLog(unlocked, log);
    assert(log !== undefined && organisation !== undefined && reading !== undefined, "The case is held.");
    const caseKey = caseSealingKey(log, reading);
    assert(caseKey !== undefined, "The case has a key.");
    const sealed = await seal(
      {
        header: {
          kind: "content",
          logKind: "case",
          logId,
          control: reading.review.controlLine.at(-1),
          organisationHead: organisation.review.controlLine.at(-1),
          device: unlocked.deviceVault().device,
          counter: 1,
          previous: undefined,
          parents: [],
          nonce: unlocked.ports.randomness(32),
          keyCommitment: undefined,
        },
        body: { recordedAt: unlocked.now(), events: [{ type: "SomethingOfTheFuture", version: 1, data: {} }] },
        author: unlocked.own.identityKey,
        caseKey,
      },
      unlocked.ports.deflate,
    );
    assert(sealed.ok, "It fits into an entry.");
    return encodeEntry(sealed.value);
  });
