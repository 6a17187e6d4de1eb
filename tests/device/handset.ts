/**
 * One device as a test has it in hand: the shipped composition over a store in memory, a network that may lose things, and
 * a clock that may be wrong. It can be switched off at any write, started again, and copied.
 */

import { assert, later, type Instant } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { makeMemoryStore, openDevice, type Device, type MemoryStore, type WriteFate } from "@amana/device";
import { platformDeflate, type Randomness } from "@amana/vault";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { cheapKdf } from "../../packages/vault/src/testing/world.ts";
import { connect, honestNetwork, type FaultChooser } from "./failing-network.ts";
import type { Carrier } from "./memory-server.ts";

export type Handset = {
  readonly name: string;
  /** Of the running program; another one after each restart. */
  readonly device: () => Device;
  readonly contents: () => ReadonlyMap<string, Bytes>;
  /** How far its clock is from the true time. */
  clockErrorMilliseconds: number;
  isOnline: boolean;
  chooseFault: FaultChooser;
  /** Something that happens once, while one of its next requests is on its way. */
  meanwhile: { atRequest: number; readonly act: () => Promise<unknown> } | undefined;
  /** What becomes of its next writes; afterwards all goes well. */
  readonly fates: WriteFate[];
  /** Whether the program has been ended by a crash at a write. */
  readonly hasCrashed: () => boolean;
  /** Ends the program and starts it again over what the store has kept; it is locked then. */
  readonly restart: () => void;
};

export type HandsetPorts = {
  readonly name: string;
  readonly server: Carrier;
  readonly origin: string;
  readonly trueTime: () => Instant;
  readonly randomness: Randomness;
  /** Of a device that was copied. */
  readonly contents?: ReadonlyMap<string, Bytes>;
};

export const makeHandset = (ports: HandsetPorts): Handset => {
  let hasCrashed = false;
  const fates: WriteFate[] = [];
  const fateOf = (): WriteFate => {
    const fate = fates.shift() ?? "written";
    hasCrashed ||= fate === "crash-before" || fate === "crash-after";
    return fate;
  };
  let store: MemoryStore = makeMemoryStore({ fateOf, contents: ports.contents ?? new Map() });
  const network: Carrier = {
    call: async (name, token, bytes) => {
      await happenMeanwhile(handset);
      const fault = handset.isOnline ? handset.chooseFault : unreachable;
      return connect(ports.server, fault).call(name, token, bytes);
    },
  };
  // Each program over the store of its own start: one that ended writes no more.
  const start = (): Device =>
    openDevice({
      store,
      transport: network,
      clock: () => later(ports.trueTime(), handset.clockErrorMilliseconds),
      randomness: ports.randomness,
      kdf: cheapKdf,
      deflate: platformDeflate,
      guidance: { assess: adviceFor },
      origin: ports.origin,
    });
  const handset: Handset = {
    name: ports.name,
    device: () => device,
    contents: () => store.contents(),
    clockErrorMilliseconds: 0,
    isOnline: true,
    chooseFault: honestNetwork,
    meanwhile: undefined,
    fates,
    hasCrashed: () => hasCrashed,
    restart: () => {
      hasCrashed = false;
      store = makeMemoryStore({ fateOf, contents: store.contents() });
      device = start();
    },
  };
  let device = start();
  return handset;
};

const unreachable: FaultChooser = () => "lost-before";

const happenMeanwhile = async (handset: Handset): Promise<void> => {
  const { meanwhile } = handset;
  if (meanwhile === undefined || meanwhile.atRequest-- > 0) return;
  handset.meanwhile = undefined;
  await meanwhile.act();
};

/** The value of an answer that a test cannot do without. */
export const mustOk = async <T>(
  answer: Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }>,
): Promise<T> => {
  const result = await answer;
  assert(result.ok, result.ok ? "" : `A test's own step was refused: ${JSON.stringify(result.error)}`);
  return result.value;
};
