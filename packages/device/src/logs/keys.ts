/**
 * Case keys that others have wrapped for this person: fetched for the epochs that have none here, opened with the person's
 * own key or a team's, and remembered sealed. A key that is not the one everybody was told is refused, and its sender
 * named.
 */

import { toHex, type Bytes, type KeyId, type LogId } from "@amana/log";
import { logsPerReadWrapsMax, type WireError, type WrapsOfLog } from "@amana/sync";
import {
  clearSecret,
  conceal,
  exposeSecret,
  parseWrap,
  receivingKeyFrom,
  unwrap,
  type CaseKey,
  type OrganisationReading,
  type PublicKey,
  type ReceivingKey,
  type Wrap,
  type WrapPurpose,
} from "@amana/vault";
import { assert, ok, type Result } from "@amana/kernel";
import { commit, type LogChange } from "../commit.ts";
import type { Unlocked } from "../unlocked.ts";
import { holdLog, holdOrganisation, type HeldLog } from "./held-log.ts";
import type { WrapsByLog } from "./pull.ts";
import { organisationReading } from "./read.ts";
import { takeShreddingKey } from "./shredding-keys.ts";

/** A key that is asked for: an epoch's, or a team's. */
type Asked = { readonly purpose: WrapPurpose; readonly keyCommitment: Bytes };

/** In one turn and one write: few, because each key takes a weak phone a while. */
export const logsOpenedAtOnce = 8;

/** Takes what these logs lack from the wraps that came with their entries, and asks for those of the others. Takes turns of its own. */
export const fetchKeys = async (
  unlocked: Unlocked,
  logIds: readonly LogId[],
  atHand: WrapsByLog = new Map(),
): Promise<Result<readonly LogId[], WireError>> => {
  const lacking = await unlocked.inTurn(() => logsLackingKeys(unlocked, logIds));
  const brought = lacking.flatMap((logId): readonly WrapsOfLog[] => {
    const wraps = atHand.get(logId);
    return wraps === undefined ? [] : [{ logId, wraps }];
  });
  const opened = [...(await openWraps(unlocked, brought))];
  const others = lacking.filter((logId) => !atHand.has(logId));
  for (let left = others; left.length > 0;) {
    const asked = left.slice(0, logsPerReadWrapsMax);
    const answer = await unlocked.ask("read-wraps", { logs: asked });
    if (!answer.ok) return answer;
    opened.push(...(await openWraps(unlocked, answer.value.logs)));
    left = left.slice(answeredOf(asked, answer.value.logs));
  }
  for (const logId of lacking) if (await unlocked.inTurn(() => takeShreddingKey(unlocked, logId))) opened.push(logId);
  return ok(opened);
};

/**
 * How many of those that were asked for are answered. An answer has the first of them, as many as it has room for, and one at least
 * where there is any: with none, none of them is served.
 */
const answeredOf = (asked: readonly LogId[], answered: readonly WrapsOfLog[]): number => {
  const told = new Set(answered.map(({ logId }) => logId));
  const last = asked.findLastIndex((logId) => told.has(logId));
  return last === -1 ? asked.length : last + 1;
};

const openWraps = async (unlocked: Unlocked, logs: readonly WrapsOfLog[]): Promise<readonly LogId[]> => {
  const opened: LogId[] = [];
  for (let at = 0; at < logs.length; at += logsOpenedAtOnce)
    opened.push(...(await unlocked.inTurn(() => takeWraps(unlocked, logs.slice(at, at + logsOpenedAtOnce)))));
  return opened;
};

const logsLackingKeys = async (unlocked: Unlocked, logIds: readonly LogId[]): Promise<readonly LogId[]> => {
  const lacking: LogId[] = [];
  for (const logId of logIds) {
    const log = await holdLog(unlocked, logId);
    if (log !== undefined && (await askedFor(unlocked, log)).length > 0) lacking.push(logId);
  }
  return lacking;
};

/** Every epoch that anybody's control entry began, counted or not: a key too many opens nothing. */
const askedFor = async (unlocked: Unlocked, log: HeldLog): Promise<readonly Asked[]> => {
  if (log.record.isShredded) return [];
  const epochs = log.entries.flatMap(({ kind, entry }) => {
    const keyCommitment = kind === "entry" ? entry.header.keyCommitment : undefined;
    return keyCommitment === undefined ? [] : [{ purpose: "key-wrap", keyCommitment } as const];
  });
  const teams = log.logKind === "organisation" ? await teamsAskedFor(unlocked) : [];
  const asked = [...epochs, ...teams].filter(({ keyCommitment }) => !log.record.keys.has(toHex(keyCommitment)));
  return [...new Map(asked.map((each) => [toHex(each.keyCommitment), each])).values()];
};

/** Only where this person supervises: nobody else is wrapped a team's key. */
const teamsAskedFor = async (unlocked: Unlocked): Promise<readonly Asked[]> => {
  const reading = await organisationReading(unlocked);
  const person = reading?.current.personByKeyEver.get(unlocked.own.identityKey.keyId)?.person;
  const everyTeam = [...(reading?.asOf.values() ?? [])].flatMap(({ organisation }) => [...organisation.teams.values()]);
  return everyTeam
    .filter(({ supervisors }) => person !== undefined && supervisors.has(person))
    .map(({ commitment }) => ({ purpose: "team-wrap", keyCommitment: commitment }));
};

/** Gives the logs for which there was a key among them that this device lacked. Called in turn. */
const takeWraps = async (unlocked: Unlocked, answered: readonly WrapsOfLog[]): Promise<readonly LogId[]> => {
  const logs: LogChange[] = [];
  await opening(unlocked, async (withKeysIn) => {
    for (const { logId, wraps } of answered) {
      const log = await holdLog(unlocked, logId);
      assert(log !== undefined, "Keys were asked for a log that is not held.");
      const opened = await withKeysIn(log, wraps);
      if (opened !== log) logs.push({ log: opened, changes: [] });
    }
  });
  if (logs.length > 0) await commit(unlocked, { logs });
  return logs.map(({ log }) => log.logId);
};

/** The log with what these wraps bring of the keys that it lacks; the very same where they bring none. */
export type WithKeysIn = (log: HeldLog, wraps: readonly Bytes[]) => Promise<HeldLog>;

/** The keys by which wraps are opened are made once for several logs, and cleared afterwards. Called in turn. */
export const opening = async (unlocked: Unlocked, use: (withKeysIn: WithKeysIn) => Promise<void>): Promise<void> => {
  const organisation = await organisationReading(unlocked);
  const receivers = await receiversOf(unlocked, organisation);
  await use(async (log, wraps) => {
    const keys = await keysWith(unlocked, log, wraps, { receivers, organisation });
    return keys.size > log.record.keys.size ? { ...log, record: { ...log.record, keys } } : log;
  });
  for (const { keyId, seed } of receivers.values()) if (keyId !== unlocked.own.receivingKey.keyId) clearSecret(seed);
};

/** The keys of a log and those that these wraps bring. */
const keysWith = async (unlocked: Unlocked, log: HeldLog, listed: readonly Bytes[], among: Among): Promise<Keys> => {
  const wraps = listed.map(parseWrap).flatMap((parsed) => (parsed.ok ? [parsed.value] : []));
  const keys = new Map(log.record.keys);
  for (const asked of await askedFor(unlocked, log)) {
    const key = await keyAmong(unlocked, log, asked, wraps, among);
    if (key !== undefined) keys.set(toHex(asked.keyCommitment), key);
  }
  return keys;
};

type Keys = HeldLog["record"]["keys"];

/** By whom what was wrapped may be opened, and who may have wrapped it. */
type Among = {
  readonly receivers: ReadonlyMap<KeyId, ReceivingKey>;
  readonly organisation: OrganisationReading | undefined;
};

const keyAmong = async (
  unlocked: Unlocked,
  { logId, logKind }: HeldLog,
  { purpose, keyCommitment }: Asked,
  wraps: readonly Wrap[],
  { receivers, organisation }: Among,
): Promise<CaseKey | undefined> => {
  const named = toHex(keyCommitment);
  for (const wrap of wraps.filter((each) => each.purpose === purpose && toHex(each.keyCommitment) === named)) {
    const recipient = receivers.get(wrap.recipient);
    const author = authorOf(wrap, organisation);
    // Somebody whom the organisation does not know sends no keys; of its own log nobody can be known beforehand.
    if (recipient === undefined || (author === undefined && logKind !== "organisation")) continue;
    const opened = await unwrap("case-key", { wrap, purpose, logId, keyCommitment, recipient, author });
    if (opened.ok) return opened.value;
    if (opened.error.type === "FalseKey") unlocked.tellPerson({ type: "FalseKey", logId, from: opened.error.from });
  }
  return undefined;
};

/** Also somebody whom the organisation has passed over since: what colleagues wrote under a key of theirs is to be read. */
const authorOf = ({ author }: Wrap, organisation: OrganisationReading | undefined): PublicKey | undefined =>
  (organisation?.current.personByKeyEver.get(author) ?? organisation?.keysPassedOver.get(author))?.key;

/** This person's own receiving key, and those of the teams they supervise. Whoever asked clears the teams'. */
const receiversOf = async (
  unlocked: Unlocked,
  organisation: OrganisationReading | undefined,
): Promise<ReadonlyMap<KeyId, ReceivingKey>> => {
  const { receivingKey } = unlocked.own;
  const receivers = new Map([[receivingKey.keyId, receivingKey]]);
  for (const key of organisation === undefined ? [] : await teamReceivingKeys(unlocked, organisation))
    receivers.set(key.keyId, key);
  return receivers;
};

/** The teams' receiving keys this device holds, made afresh: whoever asked clears their seeds. Called in turn. */
const teamReceivingKeys = async (
  unlocked: Unlocked,
  { asOf }: OrganisationReading,
): Promise<readonly ReceivingKey[]> => {
  const log = await holdOrganisation(unlocked);
  const teams = [...asOf.values()].flatMap((each) => [...each.organisation.teams.values()]);
  const commitments = new Set(teams.map(({ commitment }) => toHex(commitment)));
  const seeds = [...commitments].flatMap((commitment) => log?.record.keys.get(commitment) ?? []);
  return Promise.all(seeds.map((seed) => receivingKeyFrom(conceal("receiving-seed", exposeSecret(seed)))));
};
