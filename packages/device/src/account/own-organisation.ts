/** The records of which organisation this device belongs to, and what it was told of it by an invitation. */

import { assert } from "@amana/kernel";
import { fromHex, idBytes, toHex, type Bytes, type EntryHash } from "@amana/log";
import type { PersonId } from "@amana/vault";
import { bytesFrom, hashFrom, listFrom, logIdFrom, orNothing } from "../logs/own-values.ts";
import type { StoreChange } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Records } from "../store/records.ts";
import type { OwnOrganisation } from "../unlocked.ts";

const organisationName = recordName("organisation");
const expectedName = recordName("expected-head");

export const readOwnOrganisation = async (records: Records): Promise<OwnOrganisation | undefined> => {
  const content = await records.read(organisationName);
  if (content === undefined) return undefined;
  const [root, logId, person] = listFrom(content);
  return {
    root: hashFrom(root),
    logId: logIdFrom(logId),
    // What was written as the id of a person is one.
    person: orNothing(person, (bytes) => toHex(bytesFrom(bytes)) as PersonId),
  };
};

export const writeOwnOrganisation = (
  records: Records,
  { root, logId, person }: OwnOrganisation,
): Promise<readonly StoreChange[]> =>
  records.changes(organisationName, [idBytes(root), idBytes(logId), person === undefined ? null : personBytes(person)]);

const personBytes = (person: PersonId): Bytes => {
  const bytes = fromHex(person);
  assert(bytes !== undefined, "An id of a person is not written in hexadecimal digits.");
  return bytes;
};

/** What the invitation said of the organisation log; nothing on a device that was not invited. */
export const readExpected = async (records: Records): Promise<EntryHash | undefined> => {
  const content = await records.read(expectedName);
  return content === undefined ? undefined : hashFrom(content);
};

export const writeExpected = (records: Records, head: EntryHash): Promise<readonly StoreChange[]> =>
  records.changes(expectedName, idBytes(head));
