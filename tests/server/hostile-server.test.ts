/**
 * A hostile server in the real one's place: it speaks real HTTP to the shipped server, and does as it is ordered to devices
 * as they ship. Whatever it does is refused or seen, nothing untrue is ever read, and all is well once it is honest. SECURITY §6.1.
 */

import { assert } from "@amana/kernel";
import { encodeEntry, sha256, type LogId } from "@amana/log";
import { encodeAnswer, parseAnswer } from "@amana/vault";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fetchTransport } from "../../apps/casework/src/worker/transport.ts";
import { makeHandset } from "../device/handset.ts";
import { makeHostileServer, type HostileServer, type Orders, type View } from "../hostile/hostile-server.ts";
import {
  acknowledgeWithoutStoring,
  changeAnswers,
  changeWraps,
  denyAll,
  dropAt,
  dropTail,
  duplicateAt,
  entryOf,
  forgedFork,
  keepBackWraps,
  only,
  replaceAt,
  replay,
  reverse,
  rollBackTo,
  spoilSignature,
  swapParts,
  swapPlaces,
  withCiphertext,
  withoutBody,
  olderVault,
} from "../hostile/misdeeds.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import {
  bringIn,
  makeTown,
  openCase,
  openOffice,
  reads,
  restart,
  syncAll,
  take,
  viewOf,
  write,
  type Office,
  type Person,
  type Town,
} from "./people.ts";
import { serve, type Served } from "./served.ts";

let served: Served;
let hostile: HostileServer;
let town: Town;
let office: Office;
beforeAll(async () => {
  served = await serve();
  hostile = makeHostileServer(fetchTransport(served.address));
  town = makeTown(served, served, "hostile server");
  office = await openOffice(town, hostile);
});
afterAll(() => served.close());
beforeEach(() => hostile.order({}));

/** Where the entries of the case stand: its beginning, its opening, and what was written after. */
const place = { beginning: 0, first: 2, second: 3, third: 4, last: 5 } as const;
const all = ["first", "last", "second", "third"];

/** Shilan's device holds the beginning of the case; Rojin and Nour have written since. */
const openTold = async (): Promise<LogId> => {
  const { nour, rojin, shilan } = office;
  const logId = await openCase(rojin, nour, shilan);
  await syncAll(rojin, shilan, nour);
  for (const [at, fact] of ["first", "second", "third", "last"].entries()) {
    const [by, other] = at % 2 === 0 ? [rojin, nour] : [nour, rojin];
    await write(by, logId, fact);
    await syncAll(by, other);
  }
  return logId;
};

/** What a person is shown and told while the server does as it was ordered. */
const sightUnder = async (person: Person, logId: LogId, orders: Orders) => {
  const before = person.device.notices().length;
  hostile.order(orders);
  await person.device.sync();
  hostile.order({});
  const view = await viewOf(person, logId);
  return {
    facts: [...view.state.facts.saidByFact.keys()].sort(),
    marks: [...new Set(view.marks.map(({ kind }) => kind))].sort(),
    isBehind: view.isBehind,
    notices: [
      ...new Set(
        person.device
          .notices()
          .slice(before)
          .map(({ type }) => type),
      ),
    ],
  };
};

type Sight = Awaited<ReturnType<typeof sightUnder>>;
const seen = (facts: readonly string[], more: Partial<Sight> = {}): Sight => ({
  facts: [...facts],
  marks: [],
  isBehind: false,
  notices: [],
  ...more,
});

const behind = { isBehind: true } as const;

const misdeeds: readonly (readonly [string, View, Sight])[] = [
  ["sends an old entry again", replay(place.first), seen(all)],
  ["sends one twice", duplicateAt(place.first), seen(all)],
  ["changes the order of two", swapPlaces(place.first, place.last), seen(all)],
  ["turns the order round", reverse, seen(all)],
  ["drops one in the middle", dropAt(place.first), seen([], { ...behind, marks: ["waiting"] })],
  ["drops the beginning", dropAt(place.beginning), seen(all, { notices: ["ServerLacked"] })],
  ["drops the end", dropTail(2), seen(["first", "second"])],
  ["rolls back behind what the device holds", rollBackTo(1), seen([], { notices: ["ServerLacked"] })],
  ["denies that there is any case", denyAll, seen([])],
  [
    "swaps headers",
    swapParts(place.second, place.last, "header"),
    seen(["first"], { ...behind, marks: ["unauthentic", "waiting"] }),
  ],
  [
    "swaps ciphertexts",
    swapParts(place.second, place.last, "ciphertext"),
    seen(["first"], { ...behind, marks: ["unauthentic", "waiting"] }),
  ],
  [
    "swaps bodies with their signatures",
    swapParts(place.second, place.last, "body-and-signature"),
    seen(["first"], { ...behind, marks: ["unauthentic", "waiting"] }),
  ],
  [
    "swaps signatures",
    swapParts(place.second, place.last, "signature"),
    seen(["first"], { marks: ["barred", "unauthentic"] }),
  ],
  [
    "spoils a signature",
    replaceAt(place.last, spoilSignature),
    seen(["first", "second", "third"], { marks: ["unauthentic"] }),
  ],
  [
    "leaves out a body that nobody erased",
    replaceAt(place.last, withoutBody),
    seen(["first", "second", "third"], { ...behind, marks: ["damaged"], notices: ["DamagedEntry"] }),
  ],
  [
    "changes a ciphertext",
    replaceAt(place.last, (entry) =>
      encodeEntry(
        withCiphertext(
          entry,
          (entry.ciphertext ?? new Uint8Array()).map((byte) => byte ^ 1),
        ),
      ),
    ),
    seen(["first", "second", "third"], { marks: ["unauthentic"] }),
  ],
  [
    "makes up a second beginning",
    ({ entries }) => {
      const [first] = entries.flatMap((bytes) => entryOf(bytes) ?? []);
      return first === undefined ? entries : [...entries, forgedFork(first, sha256(first.headerBytes))];
    },
    seen(all, { marks: ["unauthentic"] }),
  ],
];

describe("a server that shows another log than the true one", () => {
  it.each(misdeeds)("and %s is refused or seen, and loses nothing", async (_misdeed, view, expected) => {
    const { nour, rojin, shilan } = office;
    const logId = await openTold();
    expect(await sightUnder(shilan, logId, { view: only(logId, view) })).toEqual(expected);
    await restart(shilan);
    await syncAll(shilan, nour, rojin);
    const [after, truth] = [await viewOf(shilan, logId), await viewOf(nour, logId)];
    expect([...after.state.facts.saidByFact.keys()].sort()).toEqual(all);
    expect(after.state).toEqual(truth.state);
    expect(after.isBehind).toBe(false);
  });

  it("different to each of two is found out by itself as soon as one reads the other, and by six words before", async () => {
    const { nour, rojin } = office;
    const logId = await openTold();
    const words = (person: Person) => take(() => person.device.wordsOfHeads([logId]));
    expect(await words(rojin)).toEqual(await words(nour));
    await write(nour, logId, "hidden-from-rojin");
    await take(() => nour.device.sync());
    const tail = only(logId, dropTail(1));
    hostile.order({ view: tail });
    await take(() => rojin.device.sync());
    expect(await words(rojin)).not.toEqual(await words(nour));
    hostile.order({});
    await write(nour, logId, "after-it");
    await take(() => nour.device.sync());
    const withoutIt = only(logId, ({ entries }) => entries.toSpliced(-2, 1));
    expect(await sightUnder(rojin, logId, { view: withoutIt })).toEqual(seen(all, { ...behind, marks: ["waiting"] }));
    await restart(rojin);
    await syncAll(rojin);
    expect(await reads(rojin, logId)).toEqual([...all, "hidden-from-rojin", "after-it"].sort());
  });

  it("with an organisation of the past is found out by what others write", async () => {
    const { nour, rojin } = office;
    const logId = await openTold();
    const lana = await bringIn(town, nour, "Lana", undefined, hostile);
    await syncAll(nour);
    await write(nour, logId, "under-the-newest");
    await take(() => nour.device.sync());
    const stale: View = ({ kind, entries }) => (kind === "organisation" ? entries.slice(0, -1) : entries);
    expect(await sightUnder(rojin, logId, { view: stale })).toMatchObject({ facts: all, isBehind: true });
    const people = (await take(() => rojin.device.organisation()))?.people;
    expect(people?.has(lana.id)).toBe(false);
    await syncAll(rojin);
    expect(await reads(rojin, logId)).toContain("under-the-newest");
  });
});

describe("a server that lies in single answers", () => {
  it("and says it has stored what it threw away is found out, and sent it again", async () => {
    const { nour, rojin } = office;
    const logId = await openTold();
    await write(rojin, logId, "thrown-away");
    await sightUnder(rojin, logId, { lies: acknowledgeWithoutStoring });
    await syncAll(rojin, nour);
    expect(await reads(nour, logId)).toContain("thrown-away");
    expect(rojin.device.notices()).toContainEqual({ type: "ServerLacked", logId, count: 1 });
  });

  it.each([
    ["keeps back the keys", keepBackWraps],
    ["spoils the keys", changeWraps((wrap) => ({ ...wrap, ciphertext: wrap.ciphertext.map((byte) => byte ^ 1) }))],
    ["says that another sent them", changeWraps((wrap) => ({ ...wrap, author: wrap.recipient }))],
  ])("and %s keeps a case closed for a while, and nobody from their own work", async (_lie, lies) => {
    const { nour, rojin, shilan } = office;
    const logId = await openCase(rojin, nour, shilan);
    await write(rojin, logId, "written");
    await syncAll(rojin);
    hostile.order({ lies });
    await shilan.device.sync();
    const sight = await viewOf(shilan, logId);
    expect([...sight.state.facts.saidByFact.keys()]).toEqual([]);
    expect(sight.isBehind).toBe(true);
    hostile.order({});
    await syncAll(shilan);
    expect(await reads(shilan, logId)).toEqual(["written"]);
  });

  it("and puts its own keys into the answer of an invited person is refused, before anyone is asked", async () => {
    const { nour } = office;
    const invited = town.newHandset("Hana", hostile);
    const { id, invitation } = await take(() => nour.device.openInvitation({ kind: "join", role: "caseworker" }, 60));
    const accepting = { invitation, password: "the river runs past four white houses of Hana", language: "ar" };
    await take(() => invited.device().acceptInvitation(accepting));
    const strangers = parseAnswer(await answerOfAStranger());
    assert(strangers.ok, "The stranger's own answer is one.");
    hostile.order({
      lies: changeAnswers((bytes) => {
        const answer = parseAnswer(bytes);
        return answer.ok ? encodeAnswer({ ...answer.value, receivingPublic: strangers.value.receivingPublic }) : bytes;
      }),
    });
    const told = await take(() => nour.device.readAnswers());
    expect(told.find((each) => each.id === id)?.outcome.kind).toBe("refused");
    hostile.order({});
    const honest = await take(() => nour.device.readAnswers());
    expect(honest.find((each) => each.id === id)?.outcome.kind).toBe("to-compare");
  });

  it("and gives out the account vault of an earlier password opens nothing with it", async () => {
    const { azad } = office;
    const digits = azad.kit;
    const kept: { generation: number; vault: Uint8Array<ArrayBuffer> }[] = [];
    hostile.order({
      lies: {
        "sign-in": async ({ pass }) => {
          const answer = await pass();
          if (answer.ok && answer.value.fresh !== undefined) kept.push(answer.value.fresh);
          return answer;
        },
      },
    });
    const second = town.newHandset("Azad's tablet", hostile);
    await take(() => second.device().enrolWithKit({ digits, password: azad.password, language: "ckb" }));
    hostile.order({});
    const next = "a blue kettle sings before the seventh morning";
    await take(() => azad.device.changePassword({ current: azad.password, next }));
    const [earlier] = kept;
    assert(earlier !== undefined, "The earlier vault was handed out.");
    for (const generation of [earlier.generation, earlier.generation + 1]) {
      hostile.order({ lies: olderVault(generation, earlier.vault) });
      const third = town.newHandset("Azad's new phone", hostile);
      const refused = await third.device().enrolWithKit({ digits, password: next, language: "ckb" });
      expect(refused.ok).toBe(false);
    }
    azad.password = next;
  });

  it("and stands between a person and the true one signs in as nobody: what is signed is for its own address", async () => {
    const { shilan } = office;
    const between = fetchTransport(served.address);
    const tricked = makeHandset({
      name: "a tricked phone",
      server: between,
      origin: "https://arnana.example.org",
      trueTime: served.now,
      randomness: seededRandomness("a tricked phone"),
    });
    const enrolling = { digits: shilan.kit, password: shilan.password, language: "ckb" };
    expect(await tricked.device().enrolWithKit(enrolling)).toMatchObject({ ok: false });
    // The same phone with the true address is let in.
    const phone = town.newHandset("Shilan's phone", between);
    await take(() => phone.device().enrolWithKit(enrolling));
  });
});

/** The answer of somebody whom nobody invited, to an invitation of their own. */
const answerOfAStranger = async () => {
  const stranger = makeTown(served, served, "a stranger's own");
  const keeper = await openOffice(stranger);
  const { invitation } = await take(() => keeper.nour.device.openInvitation({ kind: "join", role: "caseworker" }, 60));
  let sent: Uint8Array<ArrayBuffer> = new Uint8Array();
  const listening = makeHostileServer(fetchTransport(served.address));
  listening.order({
    lies: {
      "answer-invitation": ({ request, pass }) => {
        sent = request.answer;
        return pass();
      },
    },
  });
  const { device } = stranger.newHandset("the stranger", listening);
  const password = "the river runs past four white houses of nobody";
  await take(() => device().acceptInvitation({ invitation, password, language: "en" }));
  return sent;
};
