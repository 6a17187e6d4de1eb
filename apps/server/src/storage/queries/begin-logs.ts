/**
 * Many cases begun in one transaction: what each needs to be decided is asked once for all, and all that is written goes together.
 *
 * What must stay true: each is decided as `appendControl` decides it alone, in their order, and all of that before anything is
 * written, so that one that is refused leaves nothing.
 */

import type { KeyId } from "@amana/log";
import {
  bytesOfId,
  organisationNumber,
  readerKeys,
  type Connection,
  type LogPlace,
  type OrganisationNumber,
} from "../connection.ts";
import type { Write } from "../operation.ts";
import { keyIdIn } from "../rows.ts";
import type { StoredBegin } from "../storage.ts";
import type { BegunControl, Member } from "../values.ts";
import { roomOf } from "./append-control.ts";
import { isOfOrganisation, organisationHeadsAmong } from "./append-entries.ts";
import { logsAmong, writeBegun, type Begun } from "./begun-logs.ts";
import { lockBudget } from "./budget.ts";
import { shreddedAmong } from "./erasure.ts";

export const beginLogs: Write<"beginLogs"> = async (connection, { by, controls, quotas }) => {
  if (controls.length === 0) return [];
  const organisation = organisationNumber(by.organisation);
  const asked = controls.map(({ logId }) => ({ account: by.account, logId }));
  const served = await connection.entries.lockServed(organisation, asked);
  const known = await knownAmong(connection, organisation, controls, served);
  const logIds = controls.map(({ logId }) => logId);
  const shredded = await shreddedAmong(connection, organisation, logIds);
  const heads = await organisationHeadsAmong(
    connection,
    organisation,
    controls.map(({ entry }) => entry),
  );
  const budget = await lockBudget(connection, organisation, [by.account]);
  // Under the lock of the organisation: none can come between.
  const there = await logsAmong(connection, organisation, logIds);
  const own = await keysOf(connection, by);
  const begun: Begun[] = [];
  const results = controls.map((control, place): StoredBegin => {
    if (served[place] !== undefined) return known.has(place) ? "begun" : "not-for-you";
    if (there.has(control.logId) || shredded.has(control.logId)) return "not-for-you";
    if (!isOfOrganisation(control.entry, heads)) return "not-now";
    if (!control.serving.keys.some((key) => own.has(key))) return "not-for-you";
    if (!budget.take(by.account, roomOf(control), quotas)) return "quota";
    begun.push({ control, log: budget.logsBegun() });
    return "begun";
  });
  if (begun.length > 0) await writeBegun(connection, by, begun);
  if (begun.length > 0) await budget.charge();
  return results;
};

/** The places of those whose very entry is in its log already. */
const knownAmong = async (
  connection: Connection,
  organisation: OrganisationNumber,
  controls: readonly BegunControl[],
  served: readonly (LogPlace | undefined)[],
): Promise<ReadonlySet<number>> => {
  const asked = controls.flatMap(({ entry }, place) => {
    const log = served[place];
    return log === undefined ? [] : [{ place, log: log.log, hash: entry.hash }];
  });
  const kinds = await connection.entries.kindsOf(organisation, asked);
  return new Set(asked.filter((_, at) => kinds[at] === "control").map(({ place }) => place));
};

const keysOf = async (connection: Connection, by: Member): Promise<ReadonlySet<KeyId>> => {
  const organisation = organisationNumber(by.organisation);
  const rows = await connection.ask(readerKeys("$1", "$2"), organisation, bytesOfId(by.account));
  return new Set(rows.map((row) => keyIdIn(row, "receiving_key")));
};
