/**
 * Keys that nobody wraps because they follow from the organisation's own: they tell a device that never had the keys of a case
 * that two people have shredded it. Format: docs/formats/entry.md §9.
 */

import { toHex, type LogId } from "@amana/log";
import { clearSecret, commitTo, shreddingKey, type CaseKey } from "@amana/vault";
import { commit } from "../commit.ts";
import type { Unlocked } from "../unlocked.ts";
import { holdLog, holdOrganisation, type HeldLog } from "./held-log.ts";

/** Whether there is one that this log lacks. Asked only once what was wrapped has been taken. Called in turn. */
export const takeShreddingKey = async (unlocked: Unlocked, logId: LogId): Promise<boolean> => {
  const [log, organisation] = [await holdLog(unlocked, logId), await holdOrganisation(unlocked)];
  if (log?.logKind !== "case" || log.record.isShredded || organisation === undefined) return false;
  const lacking = new Set(commitmentsIn(log).filter((commitment) => !log.record.keys.has(commitment)));
  if (lacking.size === 0) return false;
  const keys = new Map(log.record.keys);
  for (const organisationKey of epochKeysOf(organisation)) {
    const key = await shreddingKey(organisationKey, logId);
    const commitment = toHex(await commitTo(key, logId));
    if (lacking.has(commitment)) keys.set(commitment, key);
    else clearSecret(key);
  }
  if (keys.size === log.record.keys.size) return false;
  await commit(unlocked, { logs: [{ log: { ...log, record: { ...log.record, keys } }, changes: [] }] });
  return true;
};

/** Not the seeds of its teams, which lie beside them. */
const epochKeysOf = (organisation: HeldLog): readonly CaseKey[] =>
  commitmentsIn(organisation).flatMap((commitment) => organisation.record.keys.get(commitment) ?? []);

const commitmentsIn = ({ entries }: HeldLog): readonly string[] => {
  const begun = entries.flatMap(({ kind, entry }) => (kind === "entry" ? (entry.header.keyCommitment ?? []) : []));
  return [...new Set(begun.map((commitment) => toHex(commitment)))];
};
