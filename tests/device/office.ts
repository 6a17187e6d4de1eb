/**
 * An invented organisation on its devices: Nour has founded it and supervises with Azad; Rojin and Shilan are caseworkers,
 * Rami is a curious insider. Everyone came in by invitation, as people do.
 */

import { assert, parseInstant, type Instant } from "@amana/kernel";
import type { CaseCommand } from "@amana/casefile";
import type { EntryHash, LogId } from "@amana/log";
import type { PersonId, Randomness, Role } from "@amana/vault";
import { codeOf } from "../../packages/casefile/src/testing/people.ts";
import { makeHandset, mustOk, type Handset } from "./handset.ts";
import { makeMemoryServer, restoreServer, type Carrier, type MemoryServer } from "./memory-server.ts";

export type Member = {
  readonly name: string;
  password: string;
  kit: string;
  /** Known once a colleague has confirmed them. */
  id: PersonId;
  readonly handsets: Handset[];
};

export type Office = {
  readonly clock: { now: Instant };
  readonly server: MemoryServer;
  /** What devices are connected to: the server itself, or something hostile in front of it. */
  readonly carrier: Carrier;
  readonly randomnessFor: (name: string) => Randomness;
  readonly members: Member[];
  readonly root: () => EntryHash;
  readonly organisation: () => LogId;
  readonly newHandset: (member: Member, contents?: Handset) => Handset;
};

export const origin = "https://amana.example";

const parsed = parseInstant("2026-11-21T08:00:00Z");
assert(parsed.ok, "The test's own moment must be well formed.");
const startAt = parsed.value;

export type OfficeTerms = {
  readonly randomnessFor: (name: string) => Randomness;
  readonly putInFront?: (server: MemoryServer) => Carrier;
};

const emptyOffice = ({ randomnessFor, putInFront }: OfficeTerms): Office => {
  const clock = { now: startAt };
  const server = makeMemoryServer({ clock: () => clock.now, randomness: randomnessFor("server"), origin });
  const carrier = putInFront?.(server) ?? server;
  let count = 0;
  const organisationLog = () => {
    const log = [...server.state.logs.values()].find(({ kind }) => kind === "organisation");
    assert(log !== undefined, "The organisation was founded.");
    return log;
  };
  return {
    clock,
    server,
    carrier,
    randomnessFor,
    members: [],
    root: () => {
      const root = organisationLog().entries[0]?.hash;
      assert(root !== undefined, "A log that was founded has a first entry.");
      return root;
    },
    organisation: () => organisationLog().logId,
    newHandset: (member, copied) => {
      const name = `${member.name} ${String(++count)}`;
      const randomness = randomnessFor(`handset ${name}`);
      const contents = copied === undefined ? {} : { contents: copied.contents() };
      const handset = makeHandset({
        name,
        server: carrier,
        origin,
        trueTime: () => clock.now,
        randomness,
        ...contents,
      });
      member.handsets.push(handset);
      return handset;
    },
  };
};

/** Made before the person is in the organisation. */
export const newMember = (office: Office, name: string): Member => {
  const member: Member = {
    name,
    password: `the river runs past four white houses of ${name}`,
    kit: "",
    // Nobody's id; it is set when a colleague confirms them.
    id: "" as PersonId,
    handsets: [],
  };
  office.members.push(member);
  return member;
};

/** The first device of somebody who works here. */
export const deviceOf = ({ handsets }: Member): ReturnType<Handset["device"]> => {
  const [first] = handsets;
  assert(first !== undefined, "Everybody in these stories has a device.");
  return first.device();
};

const foundOffice = async (office: Office, name: string): Promise<Member> => {
  const member = newMember(office, name);
  const { device } = office.newHandset(member);
  const founding = { code: office.server.makeSetUpCode(), password: member.password, language: "ckb" };
  member.kit = (await mustOk(device().found(founding))).kit;
  await mustOk(device().sync());
  const person = await mustOk(device().ownPerson());
  assert(person !== undefined, "Whoever founds knows who they are.");
  member.id = person;
  return member;
};

/** From the invitation on the inviter's screen to the first sync of the newcomer, words compared. */
const enrolInto = async (
  office: Office,
  inviter: Member,
  name: string,
  role: Exclude<Role, "supervisor">,
): Promise<Member> => {
  const member = newMember(office, name);
  const { device } = office.newHandset(member);
  const { id, invitation } = await mustOk(deviceOf(inviter).openInvitation({ kind: "join", role }, 60));
  const accepted = await mustOk(device().acceptInvitation({ invitation, password: member.password, language: "ckb" }));
  member.kit = accepted.kit;
  const answers = await mustOk(deviceOf(inviter).readAnswers());
  const answer = answers.find((each) => each.id === id);
  assert(answer?.outcome.kind === "to-compare", "The answer to an invitation is there to be compared.");
  assert(answer.outcome.words.join() === accepted.words.join(), "Both read the same words aloud.");
  await mustOk(deviceOf(inviter).confirmAnswer(id, answer.answer));
  await mustOk(device().sync());
  const person = await mustOk(device().ownPerson());
  assert(person !== undefined, "Whoever was confirmed knows who they are.");
  member.id = person;
  return member;
};

export type Cast = {
  readonly nour: Member;
  readonly azad: Member;
  readonly rojin: Member;
  readonly shilan: Member;
  readonly rami: Member;
};

export const openOffice = async (terms: OfficeTerms): Promise<Office & Cast> => {
  const office = emptyOffice(terms);
  const nour = await foundOffice(office, "Nour");
  const azad = await enrolInto(office, nour, "Azad", "caseworker");
  await mustOk(deviceOf(nour).giveRole(azad.id, "supervisor"));
  const rojin = await enrolInto(office, nour, "Rojin", "caseworker");
  const shilan = await enrolInto(office, nour, "Shilan", "caseworker");
  const rami = await enrolInto(office, nour, "Rami", "caseworker");
  for (const member of office.members) await mustOk(deviceOf(member).sync());
  return { ...office, nour, azad, rojin, shilan, rami };
};

/** The same office at the same moment, on a server and devices of its own: what happens in one is nothing to the other. */
export const copyOffice = (office: Office, terms: OfficeTerms): Office => {
  const copy = emptyOffice(terms);
  restoreServer(copy.server, office.server);
  copy.clock.now = office.clock.now;
  for (const { name, password, kit, id, handsets } of office.members) {
    const member: Member = { name, password, kit, id, handsets: [] };
    copy.members.push(member);
    for (const handset of handsets) copy.newHandset(member, handset);
  }
  return copy;
};

export const openingOf = (code: string, searchedAt: Instant = startAt): CaseCommand => ({
  type: "OpenCase",
  code: codeOf(code),
  searchedAt,
  limits: { kind: "told", wording: "adult", duties: [] },
});

/** A case opened by one of them for these readers, and synced by all. */
export const openCaseOf = async (
  office: Office,
  by: Member,
  readers: readonly Member[],
  code = "KRI-2026-0001",
): Promise<LogId> => {
  const { logId } = await mustOk(
    deviceOf(by).openCase(
      openingOf(code, office.clock.now),
      readers.map(({ id }) => ({ kind: "person", person: id })),
    ),
  );
  await mustOk(deviceOf(by).sync());
  for (const member of office.members) await mustOk(deviceOf(member).sync());
  return logId;
};
