/**
 * The life of one device in a browser's worker: the composition that ships, with Argon2id at its real cost, over a store
 * in memory and the wire over HTTP. A test takes it step by step.
 */

import type { CaseCommand } from "@amana/casefile";
import { makeMemoryStore, openDevice, type Device } from "@amana/device";
import { assert } from "@amana/kernel";
import { fromHex, logIdOf, toHex, type LogId } from "@amana/log";
import { argon2idKdf, platformDeflate, platformRandomness, type PersonId } from "@amana/vault";
import { adviceFor } from "../../../packages/casefile/src/testing/advice.ts";
import { consent, openCase, recordFact } from "../../../packages/casefile/src/testing/commands.ts";
import { codeOf, itemOf, startAt } from "../../../packages/casefile/src/testing/people.ts";
import { must } from "../../../packages/vault/src/testing/world.ts";
import { httpTransport } from "./http-transport.ts";

export const origin = "https://amana.example";
export const password = "the river runs past four white houses";

export type Step =
  | { readonly kind: "found"; readonly code: string }
  | { readonly kind: "invite" }
  | { readonly kind: "confirm"; readonly invitation: string }
  | { readonly kind: "make-supervisor"; readonly person: PersonId }
  | { readonly kind: "open-case"; readonly code: string }
  | { readonly kind: "write-note"; readonly logId: LogId; readonly note: string; readonly text: string }
  | { readonly kind: "read-case"; readonly logId: LogId }
  | { readonly kind: "lock" }
  | { readonly kind: "unlock"; readonly password: string }
  /** The program ends and starts again over what it has stored. */
  | { readonly kind: "start-again" }
  | { readonly kind: "sync" };

/** What a step came to, or the type of the refusal. */
export type Lived = Readonly<Record<string, string | number | readonly string[]>>;

export const startLife = () => {
  let store = makeMemoryStore();
  let device = deviceOver(store);
  return {
    live: async (step: Step): Promise<Lived> => {
      if (step.kind !== "start-again") return live(device, step);
      store = makeMemoryStore({ contents: store.contents() });
      device = deviceOver(store);
      return { phase: await device.phase() };
    },
  };
};

const deviceOver = (store: ReturnType<typeof makeMemoryStore>): Device =>
  openDevice({
    store,
    transport: httpTransport,
    clock: () => startAt,
    randomness: platformRandomness,
    kdf: argon2idKdf,
    deflate: platformDeflate,
    guidance: { assess: adviceFor },
    origin,
  });

const live = (device: Device, step: Exclude<Step, { readonly kind: "start-again" }>): Promise<Lived> => {
  switch (step.kind) {
    case "found":
      return found(device, step.code);
    case "invite":
      return invite(device);
    case "confirm":
      return confirm(device, step.invitation);
    case "make-supervisor":
      return lived(device.giveRole(step.person, "supervisor"), () => ({ given: "supervisor" }));
    case "open-case":
      return begin(device, step.code);
    case "write-note":
      return tell(device, step.logId, { type: "WriteNote", note: itemOf(step.note), about: "case", text: step.text });
    case "read-case":
      return read(device, step.logId);
    case "lock":
      return device.lock().then(async () => ({ phase: await device.phase() }));
    case "unlock":
      return lived(device.unlock(step.password), async () => ({ phase: await device.phase() }));
    default:
      return lived(device.sync(), ({ unsent }) => ({ unsent }));
  }
};

type Answered<T> = Promise<
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly type: string } }
>;

const lived = async <T>(asked: Answered<T>, says: (value: T) => Lived | Promise<Lived>): Promise<Lived> => {
  const answer = await asked;
  return answer.ok ? says(answer.value) : { refused: answer.error.type };
};

const found = (device: Device, code: string): Promise<Lived> =>
  lived(device.found({ code: must(fromHex(code)), password, language: "ckb" }), async () => {
    const synced = await lived(device.sync(), ({ unsent }) => ({ unsent }));
    return { ...synced, phase: await device.phase() };
  });

const invite = (device: Device): Promise<Lived> =>
  lived(device.openInvitation({ kind: "join", role: "caseworker" }, 60), ({ id, invitation }) => ({
    id,
    invitation: toHex(invitation),
  }));

/** The words that were compared, and whoever is in the organisation now. */
const confirm = async (device: Device, invitation: string): Promise<Lived> => {
  const answers = await device.readAnswers();
  const answer = answers.ok ? answers.value.find(({ id }) => id === invitation) : undefined;
  assert(answer?.outcome.kind === "to-compare", "An answer has come that can be compared.");
  const { words } = answer.outcome;
  return lived(device.confirmAnswer(invitation, answer.answer), async () => {
    const organisation = await device.organisation();
    assert(organisation.ok && organisation.value !== undefined, "Whoever confirms knows the organisation.");
    return { words, people: [...organisation.value.people.keys()] };
  });
};

const begin = (device: Device, code: string): Promise<Lived> =>
  lived(device.openCase({ ...openCase, code: codeOf(code) }), async ({ logId }) => {
    const told = [recordFact("age", "adult"), consent("store-file", "own-organisation")];
    for (const command of told) assert((await device.tell(logId, command)).ok, "An adult agrees that a file is kept.");
    return { logId };
  });

const tell = (device: Device, logId: LogId, command: CaseCommand): Promise<Lived> =>
  lived(device.tell(logId, command), ({ events }) => ({ events: events.map(({ type }) => type) }));

const read = (device: Device, logId: LogId): Promise<Lived> =>
  lived(device.viewCase(logId), ({ state, unsent, openers, marks }) => ({
    notes: [...state.notes.saidById.values()].flat().map(({ value }) => value.text),
    unsent: unsent.length,
    openers: openers.length,
    marks: marks.length,
  }));

/** As it came from a worker. */
export const logIdIn = ({ logId }: Lived): LogId => {
  assert(typeof logId === "string", "A case was opened.");
  return must(logIdOf(must(fromHex(logId))));
};
