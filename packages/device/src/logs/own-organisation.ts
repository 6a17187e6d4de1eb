/**
 * The organisation's own log: found by its root, followed before anything else, because it says whose keys are whose.
 *
 * A log with another beginning is somebody else's, whatever the server says; one that lacks what this device has seen
 * before is not the newest, and people are told.
 */

import { assert, ok, type Result } from "@amana/kernel";
import type { LogId } from "@amana/log";
import type { WireError } from "@amana/sync";
import { commit } from "../commit.ts";
import type { Unlocked } from "../unlocked.ts";
import { isToAskAgain } from "./ask-again.ts";
import type { ServedLog } from "./compare.ts";
import { holdLog } from "./held-log.ts";
import { fetchKeys } from "./keys.ts";
import { loadPositions } from "./positions.ts";
import { pullLogs, type Answered } from "./pull.ts";
import { organisationReading } from "./read.ts";
import { tellingOfChanges } from "./tell-changes.ts";

/** Its own, where it is to be followed; before it is known, whatever the server calls so. Takes a turn of its own. */
export const organisationLogs = async (
  unlocked: Unlocked,
  differing: readonly ServedLog[],
): Promise<readonly LogId[]> => {
  const served = differing.filter(({ kind }) => kind === "organisation").map(({ logId }) => logId);
  const known = unlocked.organisation();
  if (known === undefined) return served;
  const isAgain = await unlocked.inTurn(() => isToAskAgain(unlocked, known.logId));
  return isAgain ? [known.logId] : served.filter((each) => each === known.logId);
};

/** Whether something of it is new. Of what was asked for ahead it takes these logs alone. Takes turns of its own. */
export const followOrganisation = (
  unlocked: Unlocked,
  logIds: readonly LogId[],
  ahead?: Answered,
): Promise<Result<boolean, WireError>> => tellingOfChanges(unlocked, () => followAlone(unlocked, logIds, ahead));

const followAlone = async (
  unlocked: Unlocked,
  logIds: readonly LogId[],
  ahead: Answered | undefined,
): Promise<Result<boolean, WireError>> => {
  const known = unlocked.organisation();
  const pulled = await pullLogs(unlocked, logIds, ahead);
  if (!pulled.ok) return pulled;
  const { changed, wraps } = pulled.value;
  if (known === undefined) await unlocked.inTurn(() => meetOrganisation(unlocked));
  const logId = unlocked.organisation()?.logId;
  if (logId === undefined) return ok(false);
  const keys = await fetchKeys(unlocked, [logId], wraps);
  if (!keys.ok) return keys;
  // What the first key opens may name a team whose key is wrapped for this person as well.
  const teams = keys.value.length === 0 ? keys : await fetchKeys(unlocked, [logId], wraps);
  if (!teams.ok) return teams;
  await unlocked.inTurn(() => learn(unlocked, logId));
  return ok(changed.length > 0 || keys.value.length > 0);
};

/** The log that begins with the root of trust. Of what was followed, also before the device stopped: it is not served again. */
const meetOrganisation = async (unlocked: Unlocked): Promise<void> => {
  const { root } = unlocked.expected;
  for (const [logId, { kind }] of await loadPositions(unlocked)) {
    const log = kind === "organisation" ? await holdLog(unlocked, logId) : undefined;
    if (log?.hashes.has(root) !== true) continue;
    await unlocked.setOrganisation({ root, logId, person: undefined });
    // Read again, now that it is known to be the one.
    await commit(unlocked, { logs: [{ log, changes: [] }] });
    return;
  }
};

const learn = async (unlocked: Unlocked, logId: LogId): Promise<void> => {
  const reading = await organisationReading(unlocked);
  const known = unlocked.organisation();
  const person = reading?.current.personByKeyEver.get(unlocked.own.identityKey.keyId)?.person;
  if (known !== undefined && person !== undefined && known.person !== person)
    await unlocked.setOrganisation({ ...known, person });
  const log = await holdLog(unlocked, logId);
  assert(reading !== undefined && log !== undefined, "An organisation is known whose log is not held.");
  const { headsSeen } = unlocked.deviceVault();
  const seen = [...(headsSeen.get(logId) ?? []), unlocked.expected.head ?? unlocked.expected.root];
  if (seen.some((hash) => !log.hashes.has(hash))) unlocked.tellPerson({ type: "LogBehind", logId });
  // What was seen once is asked for ever after.
  else if (reading.review.heads.join() !== (headsSeen.get(logId) ?? []).join())
    await unlocked.setDeviceVault({
      ...unlocked.deviceVault(),
      headsSeen: new Map([...headsSeen, [logId, reading.review.heads]]),
    });
};
