/**
 * An organisation whose people come in as they really do, on devices as they ship: founded, invited, words compared,
 * confirmed. For tests of who can read.
 */

import { assert, later, type Instant } from "@amana/kernel";
import type { Bytes, LogId } from "@amana/log";
import type { RequestName } from "@amana/sync";
import { platformDeflate, type Organisation, type PersonId } from "@amana/vault";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { openCase, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { codeOf, startAt } from "../../packages/casefile/src/testing/people.ts";
import type { InvitedFor } from "../../packages/device/src/access/invitation-record.ts";
import { deviceOver, type Device } from "../../packages/device/src/device.ts";
import { makeCore, type Core } from "../../packages/device/src/faces/core.ts";
import { holdLog } from "../../packages/device/src/logs/held-log.ts";
import { makeMemoryStore, type MemoryStore, type WriteFate } from "../../packages/device/src/store/memory-store.ts";
import { cheapKdf, seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { connect, type NetworkFault } from "./failing-network.ts";
import { makeMemoryServer, type Carrier, type MemoryServer } from "./memory-server.ts";

const origin = "https://amana.example";
export const password = "the river runs past four white houses";

export type Member = {
  readonly name: string;
  readonly device: () => Device;
  readonly store: () => MemoryStore;
  /** The case keys on this device. */
  readonly keysOf: (logId: LogId) => Promise<ReadonlyMap<string, unknown>>;
  readonly faults: NetworkFault[];
  readonly fates: WriteFate[];
  /** What becomes of the next request of a name. */
  readonly losing: Map<RequestName, NetworkFault>;
  /** What others do just before this device's next request of a name reaches the server. */
  readonly meanwhile: Map<RequestName, () => Promise<void>>;
  /** Starts again over what the store has kept, and unlocks. */
  readonly restart: () => Promise<void>;
  /** All that was lost: the device, and what it held. */
  readonly loseEverything: () => void;
  person: PersonId;
};

export type AccessWorld = {
  readonly server: MemoryServer;
  readonly member: (name: string, through?: Carrier, contents?: ReadonlyMap<string, Bytes>) => Member;
  readonly pass: (minutes: number) => void;
  readonly now: () => Instant;
};

type Failure = { readonly ok: false; readonly error: { readonly type: string } };

export const must = <T>(answer: { readonly ok: true; readonly value: T } | Failure): T => {
  if (!answer.ok) throw new Error(`A test's own step was refused: ${JSON.stringify(answer.error)}`);
  return answer.value;
};

export const makeAccessWorld = (seed: string, before?: AccessWorld): AccessWorld => {
  let now: Instant = before?.now() ?? startAt;
  const clock = (): Instant => now;
  const copied = before === undefined ? {} : { copied: before.server.state };
  const server = makeMemoryServer({ clock, randomness: seededRandomness(`${seed} server`), origin, ...copied });
  return {
    server,
    now: clock,
    pass: (minutes) => {
      now = later(now, minutes * 60_000);
    },
    member: (name, through = server, contents = new Map()) =>
      makeMember(name, `${seed} ${name}`, { through, contents }, clock),
  };
};

type Beginning = { readonly through: Carrier; readonly contents: ReadonlyMap<string, Bytes> };

const makeMember = (name: string, seed: string, { through, contents }: Beginning, clock: () => Instant): Member => {
  const faults: NetworkFault[] = [];
  const fates: WriteFate[] = [];
  const meanwhile = new Map<RequestName, () => Promise<void>>();
  const losing = new Map<RequestName, NetworkFault>();
  const chooseFault = (request: RequestName): NetworkFault => {
    const fault = losing.get(request) ?? faults.shift() ?? "none";
    losing.delete(request);
    return fault;
  };
  const carrier: Carrier = {
    call: async (request, token, bytes) => {
      const others = meanwhile.get(request);
      meanwhile.delete(request);
      await others?.();
      return through.call(request, token, bytes);
    },
  };
  const fateOf = (): WriteFate => fates.shift() ?? "written";
  const randomness = seededRandomness(seed);
  let store = makeMemoryStore({ contents, fateOf });
  const open = (): Core =>
    makeCore({
      store: {
        read: (stored) => store.read(stored),
        list: (prefix) => store.list(prefix),
        write: (changes) => store.write(changes),
      },
      transport: connect(carrier, chooseFault),
      clock,
      randomness,
      kdf: cheapKdf,
      deflate: platformDeflate,
      guidance: { assess: adviceFor },
      origin,
    });
  let core = open();
  let device = deviceOver(core);
  const start = (kept: ReadonlyMap<string, Bytes>): void => {
    store = makeMemoryStore({ contents: kept, fateOf });
    core = open();
    device = deviceOver(core);
  };
  return {
    name,
    faults,
    fates,
    meanwhile,
    losing,
    device: () => device,
    store: () => store,
    restart: async () => {
      start(store.contents());
      must(await device.unlock(password));
    },
    loseEverything: () => {
      start(new Map());
    },
    keysOf: async (logId) => {
      const unlocked = core.opened()?.unlocked;
      const log = unlocked === undefined ? undefined : await holdLog(unlocked, logId);
      assert(log !== undefined, "The test asks for the keys of a case on an unlocked device that holds it.");
      return log.record.keys;
    },
    person: "" as PersonId,
  };
};

export const found = async (world: AccessWorld, founder: Member): Promise<void> => {
  must(await founder.device().found({ code: world.server.makeSetUpCode(), password, language: "ckb" }));
  must(await founder.device().sync());
  const organisation = await organisationOf(founder);
  const [person] = organisation.people.keys();
  assert(person !== undefined, "Whoever founds an organisation is in it.");
  founder.person = person;
};

export const organisationOf = async (member: Member): Promise<Organisation> => {
  const organisation = must(await member.device().organisation());
  assert(organisation !== undefined, "The organisation is known on this device.");
  return organisation;
};

/** The whole way: invitation, answer, the same words on both sides, confirmed by a person. */
export const bringIn = async (inviter: Member, invited: Member, invitedFor: InvitedFor): Promise<void> => {
  const { id, answer } = await answered(inviter, invited, invitedFor);
  must(await inviter.device().confirmAnswer(id, answer));
  const organisation = await organisationOf(inviter);
  const newest = [...organisation.people.keys()].at(-1);
  if (invitedFor.kind === "join" && newest !== undefined) invited.person = newest;
};

export const answered = async (
  inviter: Member,
  invited: Member,
  invitedFor: InvitedFor,
): Promise<{ readonly id: string; readonly answer: Bytes }> => {
  const { id, invitation } = must(await inviter.device().openInvitation(invitedFor, 60));
  const accepted = must(await invited.device().acceptInvitation({ invitation, password, language: "ckb" }));
  const received = must(await inviter.device().readAnswers()).find((each) => each.id === id);
  assert(received?.outcome.kind === "to-compare", "An answer has come that can be compared.");
  assert(received.outcome.words.join() === accepted.words.join(), "Both have the same words.");
  return { id, answer: received.answer };
};

/** Nour and Azad supervise, Shilan and Omar are caseworkers. */
export type Team = { readonly nour: Member; readonly azad: Member; readonly shilan: Member; readonly omar: Member };

export const makeTeam = async (world: AccessWorld): Promise<Team> => {
  const [nour, azad, shilan, omar] = [
    world.member("nour"),
    world.member("azad"),
    world.member("shilan"),
    world.member("omar"),
  ];
  await found(world, nour);
  await bringIn(nour, azad, { kind: "join", role: "caseworker" });
  must(await nour.device().giveRole(azad.person, "supervisor"));
  await bringIn(nour, shilan, { kind: "join", role: "caseworker" });
  await bringIn(nour, omar, { kind: "join", role: "caseworker" });
  await syncAll(nour, azad, shilan, omar);
  // Nour has brought them; Azad has met them as well.
  for (const { person } of [shilan, omar]) must(await azad.device().confirmColleague(person));
  await syncAll(nour, azad, shilan, omar);
  return { nour, azad, shilan, omar };
};

export type Started = Team & { readonly world: AccessWorld; readonly all: readonly Member[] };
export type StartedCase = Started & { readonly logId: LogId };

/** Each story has a team of its own; it was founded once, and copied with all its devices and the server. */
export const startTeam = async (seed: string): Promise<Started> => copied(await foundedTeam(), seed);

/** Likewise with Shilan's case, which the two supervisors read as well. */
export const startCase = async (seed: string): Promise<StartedCase> => {
  const before = await foundedCase();
  return { ...(await copied(before, seed)), logId: before.logId };
};

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

const foundedTeam = once(async (): Promise<Started> => {
  const world = makeAccessWorld("the team");
  const team = await makeTeam(world);
  return { ...team, world, all: [team.nour, team.azad, team.shilan, team.omar] };
});

const foundedCase = once(async (): Promise<StartedCase> => {
  const started = await copied(await foundedTeam(), "the case");
  const logId = await openNewCase(started.shilan);
  await write(started.shilan, logId, "first");
  await syncAll(...started.all);
  return { ...started, logId };
});

const copied = async (before: Started, seed: string): Promise<Started> => {
  const world = makeAccessWorld(seed, before.world);
  const copyOf = async ({ name, store, person }: Member): Promise<Member> => {
    const member = world.member(name, world.server, store().contents());
    must(await member.device().unlock(password));
    member.person = person;
    return member;
  };
  const [nour, azad, shilan, omar] = [
    await copyOf(before.nour),
    await copyOf(before.azad),
    await copyOf(before.shilan),
    await copyOf(before.omar),
  ];
  // As a device is that has been in use: what it looks for once after unlocking it has looked for.
  for (const each of [nour, azad, shilan, omar]) must(await each.device().sync());
  return { nour, azad, shilan, omar, world, all: [nour, azad, shilan, omar] };
};

let codes = 0;

export const openNewCase = async (by: Member): Promise<LogId> =>
  must(await by.device().openCase({ ...openCase, code: codeOf(`KRI-2026-${String(1000 + codes++)}`) })).logId;

/** Until nothing is left to be said. */
export const syncAll = async (...members: readonly Member[]): Promise<void> => {
  for (let round = 0; round < 2; round++) for (const each of members) must(await each.device().sync());
};

/** The second person for all that waits for one. */
export const confirmAll = async ({ device }: Pick<Member, "device">): Promise<void> => {
  must(await device().sync());
  for (const { entry } of must(await device().proposals())) must(await device().confirmProposal(entry));
};

/** Something is written into a case; what it says does not matter here. */
export const write = async (by: Member, logId: LogId, fact: string): Promise<void> => {
  must(await by.device().tell(logId, recordFact(fact, "yes")));
};

/** What somebody reads of a case; nothing when it is not on their device. */
export const reads = async (member: Member, logId: LogId): Promise<readonly string[] | undefined> => {
  const view = await member.device().viewCase(logId);
  return view.ok ? [...view.value.state.facts.saidByFact.keys()].sort() : undefined;
};

/** Who can read a case, by name, as one of the devices says. */
export const readersOf = async (member: Member, logId: LogId, among: readonly Member[]): Promise<readonly string[]> => {
  const { people } = must(await member.device().peopleWhoCanRead(logId));
  const nameOf = (person: PersonId): string => among.find((each) => each.person === person)?.name ?? "a stranger";
  return people.map(({ person }) => nameOf(person)).sort();
};
