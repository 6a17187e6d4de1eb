/**
 * People on devices as they ship, over real HTTP to the server as it ships. Every step of theirs is taken again when an
 * answer was lost, as a person or the app would.
 */

import { assert, type Result } from "@amana/kernel";
import type { CaseView, Device } from "@amana/device";
import type { LogId } from "@amana/log";
import type { Transport } from "@amana/sync";
import type { PersonId } from "@amana/vault";
import { fetchTransport } from "../../apps/casework/src/worker/transport.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import type { InvitedFor } from "../../packages/device/src/access/invitation-record.ts";
import { recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { codeOf, startAt } from "../../packages/casefile/src/testing/people.ts";
import { origin } from "../../apps/server/src/testing/world.ts";
import { makeHandset, type Handset } from "../device/handset.ts";
import type { Line, Served } from "./served.ts";

export type Person = {
  readonly name: string;
  readonly handset: Handset;
  readonly device: Device;
  password: string;
  kit: string;
  id: PersonId;
};

export type Town = {
  readonly served: Served;
  /** A device that nobody has used yet. */
  readonly newHandset: (name: string, through?: Transport) => Handset;
};

export const makeTown = (served: Served, line: Pick<Line, "address">, seed: string): Town => {
  let count = 0;
  return {
    served,
    newHandset: (name, through = fetchTransport(line.address)) =>
      makeHandset({
        name,
        server: through,
        origin,
        trueTime: served.now,
        randomness: seededRandomness(`${seed} ${name} ${String(++count)}`),
      }),
  };
};

type Failure = { readonly type: string };

/** More than one in ten ever takes. */
const triesMax = 12;

/** Takes a step until it is answered. Any other refusal than a lost answer ends the test. */
export const take = async <T>(step: () => Promise<Result<T, Failure>>): Promise<T> => {
  let last: Failure | undefined;
  for (let tries = 0; tries < triesMax; tries++) {
    const answer = await step();
    if (answer.ok) return answer.value;
    last = answer.error;
    if (last.type !== "Unreachable") break;
  }
  throw new Error(`A step was refused: ${JSON.stringify(last)}`);
};

/** Each in turn, so often that everyone has what the others wrote. */
export const syncAll = async (...people: readonly Person[]): Promise<void> => {
  for (let round = 0; round < 2; round++) for (const { device } of people) await take(() => device.sync());
};

export const passwordOf = (name: string): string => `the river runs past four white houses of ${name}`;

/** The device is the one that runs now, also after a restart. */
const personOn = (handset: Handset, known: Omit<Person, "device" | "handset">): Person => ({
  ...known,
  handset,
  get device() {
    return handset.device();
  },
});

/** Switched off and on again, and unlocked. */
export const restart = async ({ handset, device, password }: Person): Promise<void> => {
  assert(!handset.hasCrashed() && (await device.phase()) === "unlocked", "Only a device that runs is started again.");
  handset.restart();
  await take(() => handset.device().unlock(password));
};

const newPerson = (town: Town, name: string, through?: Transport): Person => {
  const handset = town.newHandset(name, through);
  // Nobody's id; it is set when a colleague has confirmed them.
  return personOn(handset, { name, password: passwordOf(name), kit: "", id: "" as PersonId });
};

const knowThemselves = async (person: Person): Promise<void> => {
  await take(() => person.device.sync());
  const id = await take(() => person.device.ownPerson());
  assert(id !== undefined, "Whoever was confirmed knows who they are.");
  person.id = id;
};

export const found = async (town: Town, name: string, through?: Transport): Promise<Person> => {
  const person = newPerson(town, name, through);
  const code = await town.served.makeSetUpCode();
  const { kit } = await take(() => person.device.found({ code, password: person.password, language: "ckb" }));
  person.kit = kit;
  await knowThemselves(person);
  return person;
};

/** Invitation, answer, the same words on both sides, and a person who confirms. */
export const bringIn = async (
  town: Town,
  inviter: Person,
  name: string,
  invitedFor: InvitedFor = { kind: "join", role: "caseworker" },
  through?: Transport,
): Promise<Person> => {
  const person = newPerson(town, name, through);
  const { id, invitation } = await take(() => inviter.device.openInvitation(invitedFor, 60));
  const accepting = { invitation, password: person.password, language: "ckb" };
  const accepted = await take(() => person.device.acceptInvitation(accepting));
  person.kit = accepted.kit;
  // An answer that was lost on its way goes out with the next sync.
  if (accepted.enrolment === "waiting") await take(() => person.device.sync());
  const answers = await take(() => inviter.device.readAnswers());
  const answer = answers.find((each) => each.id === id);
  assert(answer?.outcome.kind === "to-compare", "The answer to an invitation is there to be compared.");
  assert(answer.outcome.words.join() === accepted.words.join(), "Both read the same words aloud.");
  await take(() => inviter.device.confirmAnswer(id, answer.answer));
  if (invitedFor.kind === "join") await knowThemselves(person);
  else person.id = invitedFor.person;
  return person;
};

/** What a second person must confirm. */
export const confirmAll = async (by: Person): Promise<void> => {
  await take(() => by.device.sync());
  for (const { entry } of await take(() => by.device.proposals())) await take(() => by.device.confirmProposal(entry));
};

/** Nour has founded it and supervises with Azad; Rojin and Shilan are caseworkers. */
export type Office = { readonly nour: Person; readonly azad: Person; readonly rojin: Person; readonly shilan: Person };

export const openOffice = async (town: Town, through?: Transport): Promise<Office> => {
  const nour = await found(town, "Nour", through);
  const azad = await bringIn(town, nour, "Azad", undefined, through);
  await take(() => nour.device.giveRole(azad.id, "supervisor"));
  const rojin = await bringIn(town, nour, "Rojin", undefined, through);
  const shilan = await bringIn(town, nour, "Shilan", undefined, through);
  await syncAll(nour, azad, rojin, shilan);
  // Nour has brought them; Azad has met them as well.
  for (const { id } of [rojin, shilan]) await take(() => azad.device.confirmColleague(id));
  await syncAll(nour, azad, rojin, shilan);
  return { nour, azad, rojin, shilan };
};

let codes = 0;

/** Opened on this device for these readers; it is on the server after the next sync. */
export const openCase = async (by: Person, ...readers: readonly Person[]): Promise<LogId> => {
  const command = {
    type: "OpenCase",
    code: codeOf(`KRI-2026-${String(1000 + codes++)}`),
    searchedAt: startAt,
    limits: { kind: "told", wording: "adult", duties: [] },
  } as const;
  const listed = [by, ...readers].map(({ id }) => ({ kind: "person", person: id }) as const);
  return (await take(() => by.device.openCase(command, listed))).logId;
};

export const write = async (by: Person, logId: LogId, fact: string): Promise<void> => {
  await take(() => by.device.tell(logId, recordFact(fact, "yes")));
};

export const viewOf = (person: Person, logId: LogId): Promise<CaseView> => take(() => person.device.viewCase(logId));

/** The facts that somebody reads of a case; nothing when it is not on their device. */
export const reads = async (person: Person, logId: LogId): Promise<readonly string[] | undefined> => {
  const view = await person.device.viewCase(logId);
  return view.ok ? [...view.value.state.facts.saidByFact.keys()].sort() : undefined;
};
