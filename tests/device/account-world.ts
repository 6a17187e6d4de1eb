/** A server, a clock that a test sets, and devices that come and go: for tests of accounts. */

import { assert, err, later, parseInstant, type Instant } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { platformDeflate, type Kdf } from "@amana/vault";
import type { Enrolled } from "../../packages/device/src/account/enrolment.ts";
import { found } from "../../packages/device/src/account/found.ts";
import type { OpenedDevice } from "../../packages/device/src/account/opened-device.ts";
import { makePasswordRule } from "../../packages/device/src/account/password-rule.ts";
import { unlock } from "../../packages/device/src/account/unlock.ts";
import type { Notice } from "../../packages/device/src/notice.ts";
import type { DevicePorts } from "../../packages/device/src/ports.ts";
import { makeMemoryStore, type MemoryStore, type WriteFate } from "../../packages/device/src/store/memory-store.ts";
import { cheapKdf, seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { connect, type NetworkFault } from "./failing-network.ts";
import { makeMemoryServer, type Carrier, type MemoryServer } from "./memory-server.ts";

const origin = "https://amana.example";
export const password = "the river runs past four white houses";
export const otherPassword = "a blue kettle sings before the seventh morning";
/** Nobody's password. */
export const wrong = "nobody would ever guess at these words";

const parsed = parseInstant("2026-11-21T08:00:00Z");
assert(parsed.ok, "The test's own moment must be well formed.");
const startAt = parsed.value;

/** One device as a test has it in hand: what it stores, and what becomes of its writes and requests. */
export type Handset = {
  readonly ports: DevicePorts;
  readonly store: () => MemoryStore;
  readonly notices: Notice[];
  readonly tell: (notice: Notice) => void;
  /** What becomes of the next requests, and of the next writes; afterwards all goes well. */
  readonly faults: NetworkFault[];
  readonly fates: WriteFate[];
  /** How often the password was stretched. */
  readonly stretched: () => number;
  /** Starts again over what the store has kept. */
  readonly restart: (contents?: ReadonlyMap<string, Bytes>) => void;
};

export type AccountWorld = {
  readonly server: MemoryServer;
  readonly handset: (name: string, through?: Carrier) => Handset;
  readonly now: () => Instant;
  readonly pass: (minutes: number) => void;
};

export const makeAccountWorld = (seed: string): AccountWorld => {
  let now = startAt;
  const clock = (): Instant => now;
  const server = makeMemoryServer({ clock, randomness: seededRandomness(`${seed} server`), origin });
  return {
    server,
    now: clock,
    pass: (minutes) => {
      now = later(now, minutes * 60_000);
    },
    handset: (name, through = server) => makeHandset(`${seed} ${name}`, through, clock),
  };
};

const makeHandset = (seed: string, through: Carrier, clock: () => Instant): Handset => {
  const faults: NetworkFault[] = [];
  const fates: WriteFate[] = [];
  const notices: Notice[] = [];
  const fateOf = (): WriteFate => fates.shift() ?? "written";
  let store = makeMemoryStore({ fateOf });
  let stretched = 0;
  const kdf: Kdf = (bytes, salt, cost) => {
    stretched++;
    return cheapKdf(bytes, salt, cost);
  };
  return {
    notices,
    faults,
    fates,
    tell: (notice) => notices.push(notice),
    store: () => store,
    stretched: () => stretched,
    restart: (contents = store.contents()) => {
      store = makeMemoryStore({ contents, fateOf });
    },
    ports: {
      store: {
        read: (name) => store.read(name),
        list: (prefix) => store.list(prefix),
        write: (changes) => store.write(changes),
      },
      transport: connect(through, () => faults.shift() ?? "none"),
      clock,
      randomness: seededRandomness(seed),
      kdf,
      deflate: platformDeflate,
      guidance: {
        assess: () => {
          throw new Error("No case is assessed here.");
        },
      },
      origin,
    },
  };
};

export const ruleFor = (handset: Handset): ReturnType<typeof makePasswordRule> =>
  makePasswordRule(handset.ports.randomness);

/** Nour founds an organisation; everything goes well. */
export const foundWith = async (world: AccountWorld, handset: Handset): Promise<Enrolled> => {
  const code = world.server.makeSetUpCode();
  const founding = { code, password, language: "ckb" };
  const enrolled = await found(handset.ports, ruleFor(handset), founding, handset.tell);
  assert(enrolled.ok, "The test's own organisation must be founded.");
  return enrolled.value;
};

/** The device as somebody opens it who knows the password. */
export const opened = async (handset: Handset, given = password): Promise<OpenedDevice> => {
  const answer = await unlock(handset.ports, given, handset.tell);
  if (!answer.ok) throw new Error(answer.error.type);
  return answer.value;
};

/** What the store of a handset holds, as a thief would read it. */
export const storedText = (handset: Handset): string =>
  [...handset.store().contents().values()].map((value) => Buffer.from(value).toString("latin1")).join("\n");

export const latin1 = (bytes: Bytes): string => Buffer.from(bytes).toString("latin1");

/** Nour on the handset with which she has founded an organisation. */
export const start = async (
  seed: string,
): Promise<{ world: AccountWorld; nour: Handset; device: OpenedDevice; kit: string }> => {
  const world = makeAccountWorld(seed);
  const nour = world.handset("nour");
  const { device, kit } = await foundWith(world, nour);
  return { world, nour, device, kit };
};

export const notSignedIn = err({ type: "Refused", code: "NotSignedIn", afterSeconds: undefined });
