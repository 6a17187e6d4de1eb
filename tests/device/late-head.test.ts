/** Who supervises no more, and names the organisation of before so as to go on doing so. */

import { assert } from "@amana/kernel";
import { toHex, type EntryHash } from "@amana/log";
import { writeCaseControlEvent, type PersonId } from "@amana/vault";
import { expect, it } from "vitest";
import { invite, must, syncAll, type Handset } from "./case-world.ts";
import { clientOf } from "../hostile/client-of.ts";
import { makeHostileWorld, readingOn, write } from "../hostile/hostile-world.ts";

const personOf = async ({ device }: Handset): Promise<PersonId> => {
  const person = must(await device().ownPerson());
  assert(person !== undefined, "Everybody here is enrolled.");
  return person;
};

it("somebody who supervises no more has that say in a case only until it is next written to, whatever they name", async () => {
  const world = await makeHostileWorld("late head");
  const { nour, azad, shilan, handset, server, logId, organisation } = world;
  const rami = handset("rami");
  const person = await invite(nour, rami);
  await syncAll(nour, azad, shilan, rami);
  const kept = server.state.organisations.get(organisation);
  assert(kept !== undefined, "The organisation was founded.");
  kept.keepers = new Set([...kept.keepers, azad.unlocked().own.receivingKey.keyId]);
  const given = must(await nour.device().giveRole(person, "supervisor"));
  await syncAll(azad);
  assert(given.entry !== undefined, "It was proposed.");
  must(await azad.device().confirmProposal(given.entry));
  await syncAll(nour, azad, shilan, rami);
  const client = await clientOf(world, "late head client", azad);
  const before = await client.readCase(logId);
  const organisationHead = (await client.readOrganisation()).review.controlLine.at(-1);
  const control = before.review.controlLine.at(-1);
  const key = client.keys.get(toHex(before.epochs.at(-1)?.keyCommitment ?? new Uint8Array()));
  assert(organisationHead !== undefined && control !== undefined && key !== undefined, "Azad reads both logs.");
  must(await nour.device().takeRole(await personOf(azad), "supervisor"));
  await write(shilan, logId, "since");
  await syncAll(nour, shilan);
  // It still opens for him, and everybody has a key that names the organisation of after.
  const renewed = await readingOn(shilan, logId);
  expect(renewed.epochs).toHaveLength(before.epochs.length + 1);
  expect(renewed.epochs.at(-1)?.openers.has(await personOf(azad))).toBe(true);
  await client.readCase(logId);
  const entries: readonly EntryHash[] = ["ab".repeat(32) as EntryHash]; // 64 hexadecimal digits are a hash.
  const note = { type: "NoteWritten", version: 1, data: { text: "as before" } };
  const header = { organisationHead, control, parents: [] };
  const content = await client.forge(logId, [note], { caseKey: key, header });
  await client.push(logId, content);
  const left = writeCaseControlEvent({ type: "LeftUnread", entries });
  const late = await client.appendControl(logId, [left], { header: { organisationHead } });
  await syncAll(shilan);
  const reading = await readingOn(shilan, logId);
  expect(reading.withoutAuthority).toEqual([late.hash]);
  expect(reading.leftUnread.size).toBe(0);
  const said = reading.entries.find(({ hash }) => hash === content.hash);
  expect([...(said?.by?.roles ?? [])]).toEqual(["caseworker"]);
});
