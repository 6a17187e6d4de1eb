/**
 * A case as it was opened: what its entries say, who said it having seen what, and what does not count and why. It is all
 * that a case needs to be folded, shown and decided on, and what a snapshot keeps.
 */

import {
  countsThoughSaidTwice,
  eventsPerCommandMax,
  foldCase,
  parseEvent,
  type CaseEntry,
  type CaseEvent,
  type CaseRole,
  type CaseState,
  type StoredEvent,
} from "@amana/casefile";
import { assert, type Instant } from "@amana/kernel";
import { isCborMap, type DeviceId, type EntryHash } from "@amana/log";
import type {
  CaseEntry as ReadEntry,
  CaseReading,
  OrganisationReading,
  PersonId,
  Role,
  SealedEvent,
} from "@amana/vault";
import { isShredded } from "../access/control-acts.ts";
import { isContradicted, waitsForOrganisation } from "../logs/read.ts";
import { eventsOf, type Draft } from "./draft.ts";
import { headsAmong, makeSeen, seenNodes, type Seen, type SeenNode } from "./seen.ts";

export type OpenedEntry = {
  readonly hash: EntryHash;
  readonly person: PersonId;
  readonly device: DeviceId;
  readonly roles: readonly CaseRole[];
  readonly recordedAt: Instant;
  readonly events: readonly StoredEvent[];
};

/** Why an entry that is held changes nothing. */
export type MarkKind =
  | "without-authority"
  | "no-key"
  | "damaged"
  | "event-damaged"
  | "newer"
  | "erased"
  | "quarantined"
  | "waiting"
  | "barred"
  | "unauthentic"
  | "organisation-unknown";

export type EntryMark = { readonly entry: EntryHash; readonly kind: MarkKind };

export type OpenedCase = {
  /** Of all held entries, each after those it names. */
  readonly nodes: readonly SeenNode[];
  /** What is folded, in causal order. */
  readonly entries: readonly OpenedEntry[];
  readonly marks: readonly EntryMark[];
  /** What somebody who has read all this has seen last. */
  readonly heads: readonly EntryHash[];
  /** Who can open the case since the newest epoch; empty before it has begun. */
  readonly openers: readonly PersonId[];
  /** An entry here cannot be read, or something is missing: "update first". The organisation's own log is asked beside. */
  readonly isBehind: boolean;
  /** Two control entries after one: this log is read, and not synced. */
  readonly isContradicted: boolean;
  /** More of the organisation's log may change it. */
  readonly waitsForOrganisation: boolean;
  /** Two people have agreed to destroy the case: nothing of it is shown any more. */
  readonly isShredded: boolean;
};

export const nothingOpened: OpenedCase = {
  nodes: [],
  entries: [],
  marks: [],
  heads: [],
  openers: [],
  isBehind: false,
  isContradicted: false,
  waitsForOrganisation: false,
  isShredded: false,
};

export const shreddedCase: OpenedCase = { ...nothingOpened, isShredded: true };

export const openCaseReading = (reading: CaseReading, organisation: OrganisationReading): OpenedCase => {
  if (isShredded(reading)) return shreddedCase;
  const nodes = seenNodes(reading.history);
  const content = reading.entries.filter(({ header }) => header.kind === "content");
  const judged = judgedAmong(content);
  const aside = judgedAmong(reading.aside);
  const halves = aside.flatMap(({ says }) => carefulHalf(says));
  const counted = judged.flatMap(({ says }) => (says.kind === "counts" ? says.opened : []));
  const entries = halves.length === 0 ? counted : inOrderOf(nodes, [...counted, ...halves]);
  const isSeen = (entry: ReadEntry): boolean => entry.content.kind === "body" || entry.content.kind === "erased";
  const missing = new Set(reading.organisationMissing);
  const read = content.filter((entry) => isSeen(entry) && !missing.has(entry.hash)).map(({ hash }) => hash);
  const seen = [...read, ...halves.map(({ hash }) => hash)];
  return {
    nodes,
    entries,
    marks: marksOf(reading, judged),
    heads: headsAmong(seen, makeSeen(nodes)),
    openers: [...(reading.epochs.at(-1)?.openers ?? [])].sort(),
    isBehind: newerAmong(reading, [...judged, ...aside]).length > 0 || reading.mustCatchUp,
    isContradicted: isContradicted(reading),
    waitsForOrganisation: waitsForOrganisation(reading, organisation),
    isShredded: false,
  };
};

/** What cannot be read here, and closes what rests on knowing everything until it can, or is left unread. */
export const heldUpIn = (reading: CaseReading): readonly EntryHash[] => {
  const content = reading.entries.filter(({ header }) => header.kind === "content");
  return [...reading.heldUpBy, ...newerAmong(reading, judgedAmong([...content, ...reading.aside]))];
};

const judgedAmong = (entries: readonly ReadEntry[]): readonly Judged[] =>
  entries.map((entry) => ({ entry, says: whatItSays(entry) }));

const newerAmong = ({ leftUnread }: CaseReading, judged: readonly Judged[]): readonly EntryHash[] =>
  judged.flatMap(({ entry: { hash }, says }) => (says.kind === "newer" && !leftUnread.has(hash) ? [hash] : []));

type Says = { readonly kind: "counts"; readonly opened: OpenedEntry } | { readonly kind: MarkKind };
type Judged = { readonly entry: ReadEntry; readonly says: Says };

/** All events of an entry count or none does: it was one command. */
const whatItSays = ({ hash, header, by, content }: ReadEntry): Says => {
  if (content.kind !== "body") return { kind: content.kind };
  if (by === undefined) return { kind: "without-authority" };
  const parsed = content.body.events.map((event) => parseEvent(storedOf(event)));
  if (parsed.some((event) => !event.ok && event.error.type === "EventNewer")) return { kind: "newer" };
  if (parsed.some((event) => !event.ok) || parsed.length > eventsPerCommandMax) return { kind: "event-damaged" };
  const { recordedAt, events } = content.body;
  const opened = { hash, person: by.person, device: header.device, roles: caseRoles(by.roles), recordedAt };
  return { kind: "counts", opened: { ...opened, events: events.map(storedEventOf) } };
};

/** Of what a device said that signed one counter twice, or may lie beyond a cut: nothing where nothing of it is careful. */
const carefulHalf = (says: Says): readonly OpenedEntry[] => {
  if (says.kind !== "counts") return [];
  const said = says.opened.events.map(eventIn);
  const events = says.opened.events.filter((stored) => countsThoughSaidTwice(eventIn(stored), said));
  return events.length === 0 ? [] : [{ ...says.opened, events }];
};

/** Each after those it names, as the log has them. */
const inOrderOf = (nodes: readonly SeenNode[], entries: readonly OpenedEntry[]): readonly OpenedEntry[] => {
  const places = new Map(nodes.map(({ hash }, place) => [hash, place]));
  return [...entries].sort((one, other) => (places.get(one.hash) ?? 0) - (places.get(other.hash) ?? 0));
};

const storedOf = ({ type, version, data }: SealedEvent): unknown => [type, version, data];

/** A map as data is what `parseEvent` has asked for. */
export const storedEventOf = ({ type, version, data }: SealedEvent): StoredEvent => {
  assert(isCborMap(data), "An event was understood whose content is no map.");
  return [type, version, data];
};

export const caseRoles = (roles: ReadonlySet<Role>): readonly CaseRole[] =>
  (["caseworker", "supervisor"] as const).filter((role) => roles.has(role));

const marksOf = (reading: CaseReading, judged: readonly Judged[]): readonly EntryMark[] => {
  const { review, withoutAuthority, organisationMissing, entries } = reading;
  const missing = new Set(organisationMissing);
  const control = entries.filter(({ header }) => header.kind === "control");
  const marks: readonly (readonly [MarkKind, Iterable<EntryHash>])[] = [
    ["quarantined", review.quarantined],
    ["waiting", review.waiting],
    ["barred", review.barred],
    ["unauthentic", review.unauthentic],
    ["newer", review.newer],
    // Nobody's authority is judged by an organisation that this device has not seen.
    ["without-authority", [...withoutAuthority].filter((hash) => !missing.has(hash))],
    // Signed by somebody whom the organisation has passed over since, and verified by this device: shown, and changing nothing.
    ["without-authority", [...review.ofNobody].filter((hash) => !isSetAsideOtherwise(review, hash))],
    ["organisation-unknown", [...withoutAuthority].filter((hash) => missing.has(hash))],
    ["no-key", control.filter(({ content }) => content.kind === "no-key").map(({ hash }) => hash)],
    ["damaged", control.filter(({ content }) => content.kind === "damaged").map(({ hash }) => hash)],
  ];
  const fromJudging = judged.flatMap(({ entry: { hash }, says: { kind } }): readonly EntryMark[] => {
    if (kind === "counts") return [];
    return [{ entry: hash, kind: kind === "without-authority" && missing.has(hash) ? "organisation-unknown" : kind }];
  });
  const listed = marks.flatMap(([kind, hashes]) => [...hashes].map((entry): EntryMark => ({ entry, kind })));
  return [...fromJudging, ...listed].sort((one, other) => (one.entry < other.entry ? -1 : 1));
};

const isSetAsideOtherwise = ({ unauthentic, quarantined, barred }: CaseReading["review"], hash: EntryHash): boolean =>
  unauthentic.has(hash) || quarantined.has(hash) || barred.has(hash);

/** Who writes the drafts: this device's person, with the roles they have now. */
export type OwnHand = { readonly person: PersonId; readonly device: DeviceId; readonly roles: readonly CaseRole[] };

/** A case with its drafts on top, and what was seen when. */
export type FoldedCase = {
  readonly opened: OpenedCase;
  readonly drafts: readonly Draft[];
  readonly entries: readonly CaseEntry[];
  readonly state: CaseState;
  readonly seen: Seen;
  /** What a draft written now has seen last. */
  readonly heads: readonly EntryHash[];
};

export const foldOpenedCase = (opened: OpenedCase, written: readonly Draft[], hand: OwnHand): FoldedCase => {
  // Of a shredded case nothing is shown, not even what was written here and not sent.
  const drafts = opened.isShredded ? [] : written;
  const seen = makeSeen(opened.nodes);
  const linksByHash = new Map(opened.nodes.map(({ hash, links }) => [hash, links]));
  const sealed = opened.entries.map(({ hash, person, events, ...envelope }): CaseEntry => {
    const links = linksByHash.get(hash);
    assert(links !== undefined, "An entry was opened that is not among those held.");
    return {
      envelope: { ...envelope, entry: hash, author: person, past: seen.pastOf(links) },
      events: events.map(eventIn),
    };
  });
  const drafted = drafts.map((draft): CaseEntry => {
    const past = seen.pastOf(draft.heads);
    seen.add({ hash: draft.name, links: draft.heads });
    const { person: author, device, roles } = hand;
    return {
      envelope: { entry: draft.name, author, device, roles, recordedAt: draft.recordedAt, past },
      events: eventsOf(draft),
    };
  });
  const entries = [...sealed, ...drafted];
  const heads = headsAmong([...opened.heads, ...drafts.map(({ name }) => name)], seen);
  return { opened, drafts, entries, state: foldCase(entries), seen, heads };
};

/** Only entries whose every event was understood are opened. */
const eventIn = (stored: StoredEvent): CaseEvent => {
  const parsed = parseEvent(stored);
  assert(parsed.ok, "An entry was opened whose events are not understood.");
  return parsed.value;
};
