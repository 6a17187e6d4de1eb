/**
 * Follows many cases to their ends. Where the line bears it, the next are asked for while those that came are verified, opened and
 * folded: a weak phone takes as long for that as a weak line for the others.
 *
 * What is asked for meanwhile supposes that all of the answer at hand will be taken. Where it is not, because the server lied or the
 * case has moved here, what comes does not follow what is here and is not taken: the next comparison finds the case again.
 */

import { assert, ok, type Result } from "@amana/kernel";
import type { Bytes, EntryHash, LogId } from "@amana/log";
import { nextDigest, parseCarried, type LogPulled, type LogWant, type WireError } from "@amana/sync";
import type { Unlocked } from "../unlocked.ts";
import { fetchKeys } from "./keys.ts";
import { bearsSeveral } from "./pace.ts";
import { askFor, partOf, pullLogs, takeAnswer, wantsOf, type Answered, type WrapsByLog } from "./pull.ts";
import { tellOfReaders } from "./tell-readers.ts";

/** As many are asked for, or sealed, at once. */
export const casesAtOnce = 32;

/** Together they ask for as much as one alone, so that something whole is there as often. */
const pullsUnderWayMax = 2;

type Asked = { readonly wants: readonly LogWant[]; readonly answer: Promise<Result<Answered, WireError>> };

/**
 * With their keys, in the order given and beginning with what was asked for ahead, so that what came can be read before the rest has.
 * Takes turns of its own.
 */
export const followCases = async (
  unlocked: Unlocked,
  logIds: readonly LogId[],
  ahead: Answered | undefined,
): Promise<Result<undefined, WireError>> => {
  const differing: LogId[] = [];
  let untold: readonly LogId[] = [];
  let left = await unlocked.inTurn(() => wantsOf(unlocked, logIds));
  let underWay: readonly Asked[] = askedAhead(ahead, logIds);
  while (left.length > 0) {
    unlocked.desk.stillToFetch = left.length;
    const [next, ...others] = asking(unlocked, left, underWay);
    assert(next !== undefined, "Something is left to be asked for, and nothing was asked.");
    const answer = await next.answer;
    if (!answer.ok) return answer;
    left = wantsAfter(left, answer.value);
    underWay = bearsSeveral(unlocked) ? asking(unlocked, left, others) : others;
    const taken = await takeAnswer(unlocked, answer.value);
    differing.push(...taken.differing);
    left = withoutNotTaken(left, answer.value, taken.changed);
    const keys = await fetchKeys(unlocked, taken.changed, wrapsIn(answer.value));
    if (!keys.ok) return keys;
    untold = await tellOfThoseThatCame(unlocked, [...untold, ...taken.changed], left);
  }
  const mended = await mend(unlocked, differing);
  unlocked.desk.stillToFetch = 0;
  return mended;
};

const askedAhead = (ahead: Answered | undefined, logIds: readonly LogId[]): readonly Asked[] => {
  const part = ahead && partOf(ahead, logIds);
  return part === undefined ? [] : [{ wants: part.wants, answer: Promise.resolve(ok(part)) }];
};

/** What is under way, and as many requests more as the line bears, each for logs that no other asks for. */
const asking = (unlocked: Unlocked, left: readonly LogWant[], underWay: readonly Asked[]): readonly Asked[] => {
  const atOnce = bearsSeveral(unlocked) ? pullsUnderWayMax : 1;
  const asked = [...underWay];
  while (asked.length < atOnce) {
    const taken = new Set(asked.flatMap(({ wants }) => wants.map(({ logId }) => logId)));
    const free = left.filter(({ logId }) => !taken.has(logId));
    if (free.length === 0) break;
    const isAlone = asked.length === 0 && free.length <= casesAtOnce;
    const bytesMax = isAlone ? unlocked.desk.bytesAtOnce : Math.ceil(unlocked.desk.bytesAtOnce / atOnce);
    const wants = free.slice(0, casesAtOnce);
    const answer = askFor(unlocked, wants, bytesMax);
    // An exchange that ends before it gets there waits for it no more.
    answer.catch(() => undefined);
    asked.push({ wants, answer });
  }
  return asked;
};

/** Who reads a case is told of once all of it came, or no more of it will. Gives the cases of which more is to come. */
const tellOfThoseThatCame = async (
  unlocked: Unlocked,
  logIds: readonly LogId[],
  left: readonly LogWant[],
): Promise<readonly LogId[]> => {
  const open = new Set(left.map(({ logId }) => logId));
  const came = new Set(logIds);
  await tellOfReaders(
    unlocked,
    [...came].filter((logId) => !open.has(logId)),
  );
  return [...came].filter((logId) => open.has(logId));
};

/** The server has them otherwise than they are held here. */
const mend = async (unlocked: Unlocked, differing: readonly LogId[]): Promise<Result<undefined, WireError>> => {
  const pulled = await pullLogs(unlocked, differing);
  if (!pulled.ok) return pulled;
  const { changed, wraps } = pulled.value;
  const keys = await fetchKeys(unlocked, changed, wraps);
  if (!keys.ok) return keys;
  await tellOfReaders(unlocked, changed);
  return ok(undefined);
};

/**
 * What is to be asked for once all that came was taken: what was not asked for yet, what had no room, and the rest of what was cut.
 * Of an answer that brought nothing nothing is asked for again.
 */
const wantsAfter = (left: readonly LogWant[], { wants, logs }: Answered): readonly LogWant[] => {
  const asked = new Set(wants.map(({ logId }) => logId));
  const came = new Map(logs.map((log) => [log.logId, log]));
  const isEmpty = logs.every(({ entries }) => entries.length === 0);
  return left.flatMap((want) => {
    if (!asked.has(want.logId)) return [want];
    const log = came.get(want.logId);
    return log === undefined || isEmpty ? [] : restOf(want, log);
  });
};

const restOf = (want: LogWant, { entries, after, end, isSame }: LogPulled): readonly LogWant[] => {
  if (!isSame || after !== want.after || after + entries.length >= end) return [];
  const hashes = hashesOf(entries);
  return hashes === undefined
    ? []
    : [{ ...want, after: after + hashes.length, digest: hashes.reduce(nextDigest, want.digest) }];
};

const hashesOf = (entries: readonly Bytes[]): readonly EntryHash[] | undefined => {
  const hashes = parseCarried(entries).flatMap((parsed) => (parsed.ok ? [parsed.value.entry.hash] : []));
  return hashes.length === entries.length ? hashes : undefined;
};

const withoutNotTaken = (
  left: readonly LogWant[],
  { logs }: Answered,
  changed: readonly LogId[],
): readonly LogWant[] => {
  const taken = new Set(changed);
  const notTaken = new Set(
    logs.filter((log) => log.entries.length > 0 && !taken.has(log.logId)).map(({ logId }) => logId),
  );
  return left.filter(({ logId }) => !notTaken.has(logId));
};

const wrapsIn = ({ wraps }: Answered): WrapsByLog => new Map(wraps.map((each) => [each.logId, each.wraps]));
