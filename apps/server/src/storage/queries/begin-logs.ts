/**
 * Many cases begun in one transaction: what each needs to be decided is asked once for all, and all that is written goes together.
 *
 * What must stay true: each is decided as `appendControl` decides it alone, in their order, and all of that before anything is
 * written, so that one that is refused leaves nothing.
 */

import { assert } from "@amana/kernel";
import type { KeyId, LogId } from "@amana/log";
import { digestOfNone } from "@amana/sync";
import {
  askOne,
  bytesOfId,
  listOf,
  organisationNumber,
  readerKeys,
  type Connection,
  type EntryRow,
  type LogPlace,
  type OrganisationNumber,
} from "../connection.ts";
import type { Write } from "../operation.ts";
import { keyIdIn, logIdIn, logKindNumbers, numberIn } from "../rows.ts";
import type { StoredBegin } from "../storage.ts";
import type { BegunControl, Member } from "../values.ts";
import { logsPerOrganisationMax, roomOf } from "./append-control.ts";
import { isOfOrganisation, organisationHeadsAmong, rowAfter } from "./append-entries.ts";
import { lockBudget } from "./budget.ts";
import { shreddedAmong } from "./erasure.ts";
import { addServed } from "./serving.ts";
import { addWrapRows } from "./wraps.ts";

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
  const begun: BegunControl[] = [];
  const begunBefore = numberIn(budget.organisationRow, "logs_begun");
  const results = controls.map((control, place): StoredBegin => {
    if (served[place] !== undefined) return known.has(place) ? "begun" : "not-for-you";
    if (there.has(control.logId) || shredded.has(control.logId)) return "not-for-you";
    if (!isOfOrganisation(control.entry, heads)) return "not-now";
    if (!control.serving.keys.some((key) => own.has(key))) return "not-for-you";
    if (begunBefore + begun.length >= logsPerOrganisationMax) return "quota";
    if (!budget.take(by.account, roomOf(control), quotas)) return "quota";
    begun.push(control);
    return "begun";
  });
  if (begun.length > 0) await write(connection, by, begun);
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

/** Which of these are logs of the organisation, whomever they are served. */
const logsAmong = async (
  connection: Connection,
  organisation: OrganisationNumber,
  logIds: readonly LogId[],
): Promise<ReadonlySet<LogId>> => {
  const rows = await connection.ask(
    `SELECT log_id FROM logs WHERE organisation = $1 AND ${connection.isIn("log_id", "$2")}`,
    organisation,
    listOf(logIds.map(bytesOfId)),
  );
  return new Set(rows.map((row) => logIdIn(row)));
};

const keysOf = async (connection: Connection, by: Member): Promise<ReadonlySet<KeyId>> => {
  const organisation = organisationNumber(by.organisation);
  const rows = await connection.ask(readerKeys("$1", "$2"), organisation, bytesOfId(by.account));
  return new Set(rows.map((row) => keyIdIn(row, "receiving_key")));
};

const write = async (connection: Connection, by: Member, begun: readonly BegunControl[]): Promise<void> => {
  const organisation = organisationNumber(by.organisation);
  const numbered = await askOne(
    connection,
    "UPDATE organisations SET logs_begun = logs_begun + $2 WHERE organisation = $1 RETURNING logs_begun",
    organisation,
    begun.length,
  );
  assert(numbered !== undefined, "A member's organisation is not here.");
  const first = numberIn(numbered, "logs_begun") - begun.length + 1;
  const placed = begun.map((control, at) => {
    const log = first + at;
    return { control, log, row: rowAfter({ log, end: 0, digest: digestOfNone() }, control.entry, "control") };
  });
  for (const { control, row } of placed) await writeLog(connection, organisation, control, row);
  await connection.entries.insert(
    organisation,
    placed.map(({ row }) => row),
  );
  for (const { control, log, row } of placed) {
    await connection.ask(
      "INSERT INTO control_senders (organisation, log, hash, sent_by) VALUES ($1, $2, $3, $4)",
      organisation,
      log,
      row.hash,
      bytesOfId(by.account),
    );
    await addServed(connection, by, log, control.serving.keys);
    await addWrapRows(connection, organisation, { log, sender: by.account }, control.wraps);
    connection.tell({ kind: "log", organisation: by.organisation, logId: control.logId });
  }
};

const writeLog = async (
  connection: Connection,
  organisation: OrganisationNumber,
  { logId, kind }: BegunControl,
  { log, place, digest, hash }: EntryRow,
): Promise<void> => {
  await connection.ask(
    `INSERT INTO logs (organisation, log, log_id, kind, entry_count, digest, tip, shredded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)`,
    organisation,
    log,
    bytesOfId(logId),
    logKindNumbers[kind],
    place,
    digest,
    hash,
  );
};
