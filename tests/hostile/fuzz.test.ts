/**
 * Whatever bytes arrive, every decoder reads them or refuses them: none throws, none goes on for ever. SECURITY §6.3.
 *
 * Half of the bytes are any CBOR at all, half are something valid with a few bytes changed, left out or put in, since only
 * those come deep into a decoder.
 */

import {
  answerInvitation,
  decodeBody,
  deriveAccount,
  encodeAnswer,
  encodeBody,
  encodeInvitation,
  encodeWrap,
  kitDigits,
  makeAccountSecret,
  makeAccountVault,
  makeDeviceVault,
  makeInvitation,
  makeRecoveryKey,
  openAccountVault,
  openDeviceVault,
  parseAnswer,
  parseInvitation,
  parseKit,
  parseSheet,
  parseWrap,
  platformDeflate,
  readCaseControlEvent,
  readOrganisationEvent,
  sealAccountVault,
  sealDeviceVault,
  sheetDigits,
  wrap,
  writeOrganisationEvent,
} from "@amana/vault";
import {
  decodeCbor,
  decodeHeader,
  encodeCbor,
  encodeEntry,
  fromAscii,
  isCborMap,
  parseEntry,
  sha256,
  toHex,
  type Bytes,
  type CborValue,
} from "@amana/log";
import { encodeEvent, eventShapes, parseEvent, type CaseEvent } from "@amana/casefile";
import { decodeRefusal, decodeRun, encodeRefusal, encodeRun, wire, type RequestName } from "@amana/sync";
import { requests, responses } from "../../packages/sync/src/testing/messages.ts";
import {
  cheapKdf,
  keysOf,
  makeWorld,
  must,
  noted,
  seededRandomness,
  tenOClock,
} from "../../packages/vault/src/testing/world.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const runs = 400;
const samplesOfEach = 3;

/** Any value of our subset, as deep as a few levels, and with the texts that have hurt other programs. */
const anyValue: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<CborValue>(
      null,
      true,
      false,
      "",
      "__proto_",
      "constructor",
      "toString",
      0,
      -1,
      2 ** 53 - 1,
      -(2 ** 53 - 1),
    ),
    fc.maxSafeInteger().filter((number) => !Object.is(number, -0)),
    fc.string(),
    fc.uint8Array({ maxLength: 70 }).map((bytes) => new Uint8Array(bytes)),
    fc.array(tie("value"), { maxLength: 15 }),
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("value"),
      { noNullPrototype: true, maxKeys: 6 },
    ),
  ),
})).value;

/** Up to four changes of a byte string: a byte changed, put in or left out, or the rest cut off. */
const changed = (sample: Bytes): fc.Arbitrary<Bytes> =>
  fc
    .array(fc.tuple(fc.constantFrom("set", "insert", "remove", "cut"), fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((changes) => changes.reduce<Bytes>((bytes, [how, at, byte]) => change(bytes, how, at, byte), sample));

const change = (bytes: Bytes, how: string, at: number, byte: number): Bytes => {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const list = [...bytes];
  if (how === "set") list[place] = byte;
  if (how === "insert") list.splice(place, 0, byte);
  if (how === "remove") list.splice(place, 1);
  return Uint8Array.from(how === "cut" ? list.slice(0, place) : list);
};

const anyBytesNear = (...samples: readonly Bytes[]): fc.Arbitrary<Bytes> =>
  fc.oneof(
    anyValue.map(encodeCbor),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
    ...samples.map(changed),
  );

/** Passes for any answer; fails when the decoder throws, and hangs when it does. */
const readsOrRefuses = async (samples: readonly Bytes[], decode: (bytes: Bytes) => unknown): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(anyBytesNear(...samples), async (bytes) => {
      await decode(bytes.slice());
    }),
    { numRuns: runs },
  );
};

const randomness = seededRandomness("fuzz");
const ports = { randomness, deflate: platformDeflate };
const world = await makeWorld();
const entries = world.organisation.entries.map(({ entry }) => ("header" in entry ? entry : undefined));
const anEntry = must(entries[1]);
const account = await deriveAccount(makeAccountSecret(randomness), "a password of the test", cheapKdf);
const own = await makeAccountVault(randomness);
const about = { root: world.root, organisationHead: world.root, inviter: world.nour.identityKey.keyId };
const invitation = makeInvitation(about, randomness, tenOClock, 60);
const aWrap = await wrap(
  {
    purpose: "key-wrap",
    logId: world.organisation.logId,
    key: must([...world.organisation.keys.values()][0]),
    recipient: world.nour.receivingKey,
    author: world.nour.identityKey,
  },
  randomness,
);

describe("A decoder of sealed things, given any bytes,", () => {
  test("property: reads or refuses CBOR, headers and entries", async () => {
    await readsOrRefuses([encodeEntry(anEntry)], decodeCbor);
    await readsOrRefuses([anEntry.headerBytes], decodeHeader);
    await readsOrRefuses(
      entries.slice(0, 3).map((entry) => encodeEntry(must(entry))),
      parseEntry,
    );
  });

  test("property: reads or refuses bodies, deflated or not", async () => {
    // The last is deflated into a stream that fills most of its body, so that most changes meet the stream.
    const varied = Array.from({ length: 14 }, (_, at) => toHex(sha256(fromAscii(`text ${at}`)))).join("");
    const texts = ["short", "long ".repeat(400), varied];
    const bodies = await Promise.all(
      texts.map((text) => encodeBody({ recordedAt: tenOClock, events: noted(text) }, platformDeflate)),
    );
    // In every run: what says that it is a stream, and is none.
    const [short] = bodies.map(must);
    const noStream = short?.with(0, 1) ?? new Uint8Array();
    expect(await decodeBody(new Uint8Array(noStream), platformDeflate)).toBeUndefined();
    await readsOrRefuses(bodies.map(must), (bytes) => decodeBody(bytes, platformDeflate));
  });

  test("property: reads or refuses wraps, invitations, answers and vaults", async () => {
    await readsOrRefuses([encodeWrap(aWrap)], parseWrap);
    await readsOrRefuses([encodeInvitation(invitation)], parseInvitation);
    await readsOrRefuses([encodeAnswer(await answerInvitation(invitation, own))], parseAnswer);
    const vault = await sealAccountVault(own, account, 1, ports);
    await readsOrRefuses([vault], (bytes) => openAccountVault(bytes, account, 1, platformDeflate));
    const deviceVault = must(await sealDeviceVault(makeDeviceVault(randomness, 1), account, ports));
    await readsOrRefuses([deviceVault], (bytes) => openDeviceVault(bytes, account, platformDeflate));
  });

  test("property: reads or refuses what is typed from paper", async () => {
    const { sheets } = await makeRecoveryKey(2, 3, randomness);
    const typed = [kitDigits(makeAccountSecret(randomness)), ...sheets.map(sheetDigits)].map(fromAscii);
    await readsOrRefuses(typed, (bytes) => parseKit(new TextDecoder().decode(bytes)));
    await readsOrRefuses(typed, (bytes) => parseSheet(new TextDecoder().decode(bytes)));
  });
});

describe("A decoder of events, given any data,", () => {
  const events = [
    "EpochBegun",
    "Adopted",
    "ErasureProposed",
    "ErasureConfirmed",
    "PersonEnrolled",
    "TeamFormed",
    "Confirmed",
  ];
  const founded = writeOrganisationEvent({ type: "OrganisationFounded", ...keysOf(world.nour) });

  test("property: reads or refuses what is said of the organisation and of control", async () => {
    const types = [...events, "KeysReplaced", "RecoveryKeySet", "PolicySet", "RoleGiven", "__proto__", "constructor"];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...types), fc.nat({ max: 2 }), anyValue, async (type, version, data) => {
        await readOrganisationEvent({ type, version, data });
        readCaseControlEvent({ type, version, data });
      }),
      { numRuns: runs },
    );
    const fields = isCborMap(founded.data) ? founded.data : {};
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(fields)), anyValue, async (field, value) => {
        await readOrganisationEvent({ ...founded, data: { ...fields, [field]: value } });
      }),
      { numRuns: runs },
    );
  });

  test("property: reads or refuses what is said of a case", () => {
    const types = [...Object.keys(eventShapes), "__proto__", "constructor", "toString", "OfTheFuture"];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.nat({ max: 2 }), anyValue, (type, version, data) => {
        parseEvent([type, version, data]);
        parseEvent(data);
      }),
      { numRuns: 4 * runs },
    );
    const note: CaseEvent = { type: "SafetyPlanReviewed", madeWithSurvivor: true, stillFits: true };
    expect(parseEvent(encodeEvent(note)).ok).toBe(true);
  });
});

describe("A decoder of the wire, given any bytes,", () => {
  test("property: reads or refuses every request and every answer", async () => {
    // The keys of the table are its names and nothing else.
    for (const name of Object.keys(wire) as RequestName[]) {
      const row = wire[name];
      const valid = [
        ...fc.sample(requests[name] as fc.Arbitrary<never>, samplesOfEach).map((request) => row.encodeRequest(request)),
        ...fc.sample(responses[name] as fc.Arbitrary<never>, samplesOfEach).map((answer) => row.encodeResponse(answer)),
      ];
      await readsOrRefuses(valid, (bytes) => [row.decodeRequest(bytes), row.decodeResponse(bytes)]);
    }
    await readsOrRefuses([encodeRefusal({ code: "NotNow", afterSeconds: 10 })], decodeRefusal);
    const room = { bytesLeft: 100_000, entriesLeft: 100 };
    const { logId } = world.organisation;
    const run = encodeRun(
      logId,
      entries.slice(0, 3).map((entry) => encodeEntry(must(entry))),
    );
    await readsOrRefuses([run, encodeEntry(anEntry)], (bytes) => decodeRun(logId, bytes, { ...room }));
  });
});
