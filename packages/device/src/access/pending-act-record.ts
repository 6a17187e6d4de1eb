/**
 * The record of what was decided about the organisation and waits for the network: kept until its entry is in the log or
 * somebody calls it off, and shown until then.
 */

import { assert, type Instant } from "@amana/kernel";
import {
  fromHex,
  idBytes,
  isCborMap,
  toHex,
  type Bytes,
  type CborMap,
  type CborValue,
  type EntryHash,
} from "@amana/log";
import { readOrganisationEvent, writeOrganisationEvent, type PersonId, type TeamId } from "@amana/vault";
import { bytesFrom, hashFrom, instantFrom, listFrom, numberFrom, orNothing, textFrom } from "../logs/own-values.ts";
import type { StoreChange } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";
import { isWantedEvent, type WantedAct } from "./wanted-act.ts";

export type PendingAct = {
  readonly number: number;
  readonly act: WantedAct;
  readonly askedAt: Instant;
  /** What stood then where it would put something in its place (`standingUnder`). */
  readonly over: Bytes;
  /** The entry that it was last sealed as. Where that one is in the log, it is carried out, whatever came after. */
  readonly sentAs: EntryHash | undefined;
  /** Why it cannot be any more: the name of an error. It is never tried again, and stays until somebody has seen it. */
  readonly refusedAs: string | undefined;
};

export const pendingActsMax = 200;

const name = recordName("pending-acts");

export const readPendingActs = async ({ records }: Unlocked): Promise<readonly PendingAct[]> => {
  const content = await records.read(name);
  return content === undefined ? [] : Promise.all(listFrom(content).map(pendingFrom));
};

export const writePendingActs = ({ records }: Unlocked, list: readonly PendingAct[]): Promise<readonly StoreChange[]> =>
  records.changes(name, list.length === 0 ? undefined : list.map(contentOf));

const contentOf = ({ number, act, askedAt, over, sentAs, refusedAs }: PendingAct): CborValue => [
  number,
  actContent(act),
  askedAt,
  over,
  sentAs === undefined ? null : idBytes(sentAs),
  refusedAs ?? null,
];

const actContent = (act: WantedAct): CborValue => {
  if (act.type === "FormTeam") return [act.type, 1, { ...teamContent(act), name: act.name }];
  if (act.type === "ReplaceTeamKey") return [act.type, 1, teamContent(act)];
  const { type, version, data } = writeOrganisationEvent(act);
  return [type, version, data];
};

type OfTeam = { readonly team: TeamId; readonly supervisors: readonly PersonId[] };

const teamContent = ({ team, supervisors }: OfTeam): CborMap => ({
  team: hexBytes(team),
  supervisors: supervisors.map(hexBytes),
});

const hexBytes = (id: PersonId | TeamId): Bytes => {
  const bytes = fromHex(id);
  assert(bytes !== undefined, "An id of a person or team is not written in hexadecimal digits.");
  return bytes;
};

const strange = "An act in the organisation waits that this device did not write.";

const pendingFrom = async (content: CborValue): Promise<PendingAct> => {
  const [number, act, askedAt, over, sentAs, refusedAs] = listFrom(content);
  return {
    number: numberFrom(number),
    act: await actFrom(act),
    askedAt: instantFrom(askedAt),
    over: bytesFrom(over),
    sentAs: orNothing(sentAs, hashFrom),
    refusedAs: orNothing(refusedAs, textFrom),
  };
};

const actFrom = async (content: CborValue | undefined): Promise<WantedAct> => {
  const [typeIn, version, data] = listFrom(content);
  const type = textFrom(typeIn);
  assert(data !== undefined, strange);
  if (type === "FormTeam" || type === "ReplaceTeamKey") {
    assert(isCborMap(data), strange);
    const team = teamFrom(data);
    return type === "FormTeam" ? { type, ...team, name: textFrom(data["name"]) } : { type, ...team };
  }
  const event = await readOrganisationEvent({ type, version: numberFrom(version), data });
  assert(event !== undefined && isWantedEvent(event), strange);
  return event;
};

/** What was written as the id of a team or of a person is one. */
const teamFrom = (data: CborMap): OfTeam => ({
  team: toHex(bytesFrom(data["team"])) as TeamId,
  supervisors: listFrom(data["supervisors"]).map((id) => toHex(bytesFrom(id)) as PersonId), // As above.
});
