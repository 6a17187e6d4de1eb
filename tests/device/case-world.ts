/**
 * An organisation with two supervisors and a caseworker, each on devices as they ship, and an honest server: for tests of
 * cases, drafts and syncing.
 */

import type { CaseCommand } from "@amana/casefile";
import { assert, later, ok, type Instant } from "@amana/kernel";
import { toHex, type Bytes, type EntryHash, type LogId } from "@amana/log";
import {
  checkAnswer,
  encodeInvitation,
  invitationId,
  makeInvitation,
  makePersonId,
  parseAnswer,
  platformDeflate,
  wrap,
  writeOrganisationEvent,
  type OrganisationEvent,
  type PersonId,
  type Wrap,
} from "@amana/vault";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { openCase } from "../../packages/casefile/src/testing/commands.ts";
import { codeOf, startAt } from "../../packages/casefile/src/testing/people.ts";
import { deviceOver, type Device } from "../../packages/device/src/device.ts";
import { makeCore } from "../../packages/device/src/faces/core.ts";
import { appendControl } from "../../packages/device/src/logs/append-control.ts";
import type { DevicePorts, Guidance } from "../../packages/device/src/ports.ts";
import { makeMemoryStore, type MemoryStore, type WriteFate } from "../../packages/device/src/store/memory-store.ts";
import { cheapKdf, seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import type { Unlocked } from "../../packages/device/src/unlocked.ts";
import { connect, type NetworkFault } from "./failing-network.ts";
import { makeMemoryServer, type Carrier, type MemoryServer } from "./memory-server.ts";
import type { ServerState } from "./memory-server/state.ts";

const origin = "https://amana.example";
export const password = "the river runs past four white houses";

/** A device as a test has it in hand. */
export type Handset = {
  readonly device: () => Device;
  readonly unlocked: () => Unlocked;
  readonly store: () => MemoryStore;
  readonly faults: NetworkFault[];
  readonly fates: WriteFate[];
  /** Without a network until it is put back. */
  isOffline: boolean;
  /** The pack in use on this device; a stand-in until a test puts a real one in its place. */
  guidance: Guidance;
  /** This device's clock runs so many minutes ahead of the others. */
  minutesAhead: number;
  /** Starts again, and unlocks. */
  readonly restart: (contents?: ReadonlyMap<string, Bytes>) => Promise<void>;
};

export type CaseWorld = {
  readonly server: MemoryServer;
  readonly nour: Handset;
  readonly azad: Handset;
  readonly shilan: Handset;
  readonly handset: (name: string, through?: Carrier) => Handset;
  readonly pass: (minutes: number) => void;
  readonly now: () => Instant;
};

type Clocked = { now: Instant };

type Beginning = { readonly through: Carrier; readonly contents?: ReadonlyMap<string, Bytes> };

const makeHandset = (seed: string, { through, contents = new Map() }: Beginning, time: Clocked): Handset => {
  const faults: NetworkFault[] = [];
  const fates: WriteFate[] = [];
  const fateOf = (): WriteFate => fates.shift() ?? "written";
  let store = makeMemoryStore({ contents, fateOf });
  const randomness = seededRandomness(seed);
  const portsOver = (): DevicePorts => ({
    store: {
      read: (name) => store.read(name),
      list: (prefix) => store.list(prefix),
      write: (changes) => store.write(changes),
    },
    transport: connect(through, () => (handset.isOffline ? "lost-before" : (faults.shift() ?? "none"))),
    clock: () => later(time.now, handset.minutesAhead * 60_000),
    randomness,
    kdf: cheapKdf,
    deflate: platformDeflate,
    get guidance() {
      return handset.guidance;
    },
    origin,
  });
  const open = (): { device: Device; unlocked: () => Unlocked } => {
    const core = makeCore(portsOver());
    return {
      device: deviceOver(core),
      unlocked: () => {
        const opened = core.opened();
        assert(opened !== undefined, "The test's own device must be unlocked.");
        return opened.unlocked;
      },
    };
  };
  let current = open();
  const handset: Handset = {
    faults,
    fates,
    isOffline: false,
    guidance: { assess: adviceFor },
    minutesAhead: 0,
    device: () => current.device,
    unlocked: () => current.unlocked(),
    store: () => store,
    restart: async (kept = store.contents()) => {
      store = makeMemoryStore({ contents: kept, fateOf });
      current = open();
      must(await current.device.unlock(password));
    },
  };
  // The ports name the handset, which is there by the time they are asked.
  current = open();
  return handset;
};

export const must = <T>(
  answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly type: string } },
): T => {
  if (!answer.ok) throw new Error(`A test's own step was refused: ${JSON.stringify(answer.error)}`);
  return answer.value;
};

/** Each story has a world of its own; it was founded once, and copied with all its devices and the server. */
export const makeCaseWorld = async (seed: string): Promise<CaseWorld> => {
  founded ??= foundWorld();
  const before = await founded;
  const time: Clocked = { now: before.now() };
  const world = worldOver(seed, time, before.server.state);
  const copyOf = async (name: string, { store }: Handset): Promise<Handset> => {
    const copy = makeHandset(`${seed} ${name}`, { through: world.server, contents: store().contents() }, time);
    must(await copy.device().unlock(password));
    // As a device is that has been in use: what it looks for once after unlocking it has looked for.
    must(await copy.device().sync());
    return copy;
  };
  const nour = await copyOf("nour", before.nour);
  const azad = await copyOf("azad", before.azad);
  return { ...world, nour, azad, shilan: await copyOf("shilan", before.shilan) };
};

let founded: Promise<CaseWorld> | undefined;

const foundWorld = async (): Promise<CaseWorld> => {
  const world = worldOver("founded", { now: startAt }, undefined);
  const [nour, azad, shilan] = [world.handset("nour"), world.handset("azad"), world.handset("shilan")];
  must(await nour.device().found({ code: world.server.makeSetUpCode(), password, language: "ckb" }));
  must(await nour.device().sync());
  const azadId = await invite(nour, azad);
  await act(nour, [{ type: "RoleGiven", person: azadId, role: "supervisor" }]);
  await invite(nour, shilan);
  for (const each of [nour, azad, shilan]) must(await each.device().sync());
  return { ...world, nour, azad, shilan };
};

const worldOver = (
  seed: string,
  time: Clocked,
  copied: ServerState | undefined,
): Omit<CaseWorld, "nour" | "azad" | "shilan"> => {
  const clock = (): Instant => time.now;
  const ports = { clock, randomness: seededRandomness(`${seed} server`), origin };
  const server = makeMemoryServer(copied === undefined ? ports : { ...ports, copied });
  return {
    server,
    handset: (name, through = server) => makeHandset(`${seed} ${name}`, { through }, time),
    now: clock,
    pass: (minutes) => {
      time.now = later(time.now, minutes * 60_000);
    },
  };
};

/** Azad or Shilan come in by an invitation; the words were compared. */
export const invite = async (inviter: Handset, invited: Handset): Promise<PersonId> => {
  const unlocked = inviter.unlocked();
  const root = unlocked.expected.root;
  const about = { root, organisationHead: root, inviter: unlocked.own.identityKey.keyId };
  const invitation = makeInvitation(about, unlocked.ports.randomness, unlocked.now(), 60);
  const id = await invitationId(invitation);
  must(await unlocked.ask("open-invitation", { invitation: id, expiresAt: invitation.expiresAt }));
  must(
    await invited.device().acceptInvitation({ invitation: encodeInvitation(invitation), password, language: "ckb" }),
  );
  const { answers } = must(await unlocked.ask("read-answers", {}));
  const answer = answers.find((each) => toHex(each.invitation) === toHex(id));
  const parsed = must(parseAnswer(answer?.answer ?? new Uint8Array()));
  const keys = must(await checkAnswer(invitation, parsed, unlocked.now(), new Set()));
  const person = makePersonId(unlocked.ports.randomness);
  const recipients = await act(
    inviter,
    [{ type: "PersonEnrolled", person, role: "caseworker", ...keys }],
    keys.receivingKey,
  );
  assert(recipients.length > 0, "Somebody is enrolled.");
  return person;
};

/** Appends to the organisation's log, and serves it to everybody who is in it and to whoever comes. */
export const act = async (
  by: Handset,
  events: readonly OrganisationEvent[],
  newcomer?: Wrap extends never ? never : Parameters<typeof wrap>[0]["recipient"],
): Promise<EntryHash> => {
  const unlocked = by.unlocked();
  const logId = unlocked.organisation()?.logId;
  assert(logId !== undefined, "The test's own organisation is known.");
  return must(
    await appendControl(unlocked, logId, async ({ log, organisation }) => {
      const author = unlocked.own.identityKey;
      const wraps: Wrap[] = [];
      for (const key of newcomer === undefined ? [] : log.record.keys.values())
        wraps.push(
          await wrap(
            { purpose: "key-wrap", logId, key, recipient: newcomer ?? unlocked.own.receivingKey, author },
            unlocked.ports.randomness,
          ),
        );
      const present = [...organisation.current.people.values()].filter(({ hasLeft }) => !hasLeft);
      const keys = [
        ...present.map(({ receivingKey }) => receivingKey.keyId),
        ...(newcomer === undefined ? [] : [newcomer.keyId]),
      ];
      return ok({
        events: events.map(writeOrganisationEvent),
        begins: undefined,
        wraps,
        serving: { keys },
        organisation: undefined,
      });
    }),
  );
};

let codes = 0;

/** Opened on this device, for its person and the supervisors; begins on the server with the next sync. */
export const openNewCase = async (by: Handset, command?: CaseCommand): Promise<LogId> => {
  const code = codeOf(`KRI-2026-${String(1000 + codes++)}`);
  return must(await by.device().openCase(command ?? { ...openCase, code })).logId;
};

/** Until nothing is left to be said. */
export const syncAll = async (...handsets: readonly Handset[]): Promise<void> => {
  for (let round = 0; round < 2; round++) for (const each of handsets) must(await each.device().sync());
};
