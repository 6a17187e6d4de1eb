/**
 * What a hostile server does, each by its name: views that show another log than the true one, and lies in single
 * answers. None of them needs a key, since the server has none.
 */

import { ok } from "@amana/kernel";
import {
  encodeEntry,
  encodeHeader,
  hashEntry,
  parseEntry,
  sha256,
  type Bytes,
  type EntryHash,
  type Header,
  type LogId,
  type SealedEntry,
} from "@amana/log";
import type { WrapsOfLog } from "@amana/sync";
import { encodeWrap, parseWrap, type Wrap } from "@amana/vault";
import type { Lies, TrueLog, View } from "./hostile-server.ts";

/** A view of one log, with every other log as it is. */
export const only =
  (logId: LogId, view: View): View =>
  (log) =>
    log.logId === logId ? view(log) : log.entries;

/** Only for one reader: others see the truth. */
export const onlyFor =
  (isMeant: (reader: string) => boolean, view: View): View =>
  (log) =>
    isMeant(log.reader) ? view(log) : log.entries;

// ── Whole entries ──────────────────────────────────────────────────────────────────────────────────────────────

export const rollBackTo =
  (length: number): View =>
  ({ entries }) =>
    entries.slice(0, length);

export const dropTail =
  (count = 1): View =>
  ({ entries }) =>
    entries.slice(0, -count);

export const dropAt =
  (place: number): View =>
  ({ entries }) =>
    entries.filter((_, at) => at !== place);

export const duplicateAt =
  (place: number): View =>
  ({ entries }) =>
    entries.flatMap((bytes, at) => (at === place ? [bytes, bytes] : [bytes]));

/** The first of them is sent again at the end, under whatever comes then. */
export const replay =
  (place: number): View =>
  ({ entries }) => [...entries, ...entries.slice(place, place + 1)];

export const reverse: View = ({ entries }) => entries.toReversed();

export const swapPlaces =
  (one: number, other: number): View =>
  ({ entries }) =>
    entries.map((bytes, at) => (at === one ? entries[other] : at === other ? entries[one] : bytes) ?? bytes);

/** Puts entries of its own choice behind the true ones: forged, of another log, of the future. */
export const append =
  (...added: readonly Bytes[]): View =>
  ({ entries }) => [...entries, ...added];

export const replaceAt =
  (place: number, by: (entry: SealedEntry, log: TrueLog) => Bytes): View =>
  (log) =>
    log.entries.map((bytes, at) => {
      const entry = at === place ? entryOf(bytes) : undefined;
      return entry === undefined ? bytes : by(entry, log);
    });

// ── Parts of entries ───────────────────────────────────────────────────────────────────────────────────────────

export const entryOf = (bytes: Bytes): SealedEntry | undefined => {
  const parsed = parseEntry(bytes);
  return parsed.ok && parsed.value.kind === "entry" ? parsed.value.entry : undefined;
};

export const spoilSignatureAt =
  (place: number) =>
  (entry: SealedEntry): Bytes =>
    encodeEntry({ ...entry, signature: entry.signature.map((byte, at) => (at === place ? byte ^ 1 : byte)) });

export const spoilSignature = spoilSignatureAt(40);

export const withoutBody = (entry: SealedEntry): Bytes => encodeEntry({ ...entry, ciphertext: undefined });

/** Two entries of one log exchange one part of theirs. */
export const swapParts =
  (one: number, other: number, part: "header" | "ciphertext" | "signature" | "body-and-signature"): View =>
  ({ entries }) => {
    const pair = [entries[one], entries[other]].map((bytes) => (bytes === undefined ? undefined : entryOf(bytes)));
    const [first, second] = pair;
    if (first === undefined || second === undefined) return entries;
    const mixed = [mix(first, second, part), mix(second, first, part)];
    return entries.map((bytes, at) => (at === one ? mixed[0] : at === other ? mixed[1] : bytes) ?? bytes);
  };

const mix = (to: SealedEntry, from: SealedEntry, part: Parameters<typeof swapParts>[2]): Bytes => {
  const { headerBytes, ciphertext, signature } = from;
  switch (part) {
    case "header":
      return encodeEntry({ ...to, headerBytes });
    case "ciphertext":
      return encodeEntry({ ...to, ciphertext });
    case "signature":
      return encodeEntry({ ...to, signature });
    default:
      return encodeEntry({ ...to, ciphertext, signature });
  }
};

/** The same body under a header that says something else, with a name to match; nobody can sign it. */
export const withHeader = (entry: SealedEntry, fields: Partial<Header>): SealedEntry => {
  const header: Header = { ...entry.header, ...fields };
  const headerBytes = encodeHeader(header);
  return { ...entry, header, headerBytes, hash: hashEntry(headerBytes, entry.bodyDigest) };
};

/** A second control entry after the same one, made of a true one: a line that forks. Not signed by anyone. */
export const forgedFork = (entry: SealedEntry, nonce: Bytes): Bytes => encodeEntry(withHeader(entry, { nonce }));

export const withCiphertext = (entry: SealedEntry, ciphertext: Bytes): SealedEntry => {
  const bodyDigest = sha256(ciphertext);
  return { ...entry, ciphertext, bodyDigest, hash: hashEntry(entry.headerBytes, bodyDigest) };
};

// ── Answers ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Says that it holds what it throws away. */
export const acknowledgeWithoutStoring: Lies = {
  push: ({ request }) =>
    Promise.resolve(
      ok({
        logs: request.logs.map(({ logId, entries }) => ({ logId, results: entries.map(() => "stored" as const) })),
      }),
    ),
};

export const acknowledgeControlWithoutAppending = (tip: EntryHash | undefined): Lies => ({
  "append-control": () => Promise.resolve(ok({ isAppended: true, tip })),
});

/** Control entries, and the keys that are sent after them. */
export const throwKeysAway = (tip: EntryHash | undefined): Lies => ({
  ...acknowledgeControlWithoutAppending(tip),
  "add-wraps": () => Promise.resolve(ok({})),
});

/** Gives every asker the vault that it kept from an earlier day. */
export const olderVault = (generation: number, vault: Bytes): Lies => ({
  "read-vault": () => Promise.resolve(ok({ generation, vault })),
  "sign-in": async ({ pass }) => {
    const answer = await pass();
    if (!answer.ok || answer.value.fresh === undefined) return answer;
    return ok({ ...answer.value, fresh: { ...answer.value.fresh, generation, vault } });
  },
});

/** The same lie about the wraps of each log in both answers that bring any. */
const aboutWraps = (lie: (log: WrapsOfLog) => readonly Bytes[]): Lies => {
  const told = (logs: readonly WrapsOfLog[]): readonly WrapsOfLog[] =>
    logs.map((log) => ({ logId: log.logId, wraps: lie(log) }));
  return {
    "read-wraps": async ({ pass }) => {
      const answer = await pass();
      return answer.ok ? ok({ logs: told(answer.value.logs) }) : answer;
    },
    pull: async ({ pass }) => {
      const answer = await pass();
      return answer.ok ? ok({ ...answer.value, wraps: told(answer.value.wraps) }) : answer;
    },
  };
};

export const keepBackWraps: Lies = aboutWraps(() => []);

/** Changes every wrap it hands out. */
export const changeWraps = (change: (wrap: Wrap, logId: LogId) => Wrap): Lies =>
  aboutWraps(({ logId, wraps }) =>
    wraps.map((bytes) => {
      const wrap = parseWrap(bytes);
      return wrap.ok ? encodeWrap(change(wrap.value, logId)) : bytes;
    }),
  );

/** Puts wraps of its own choice beside the true ones, or in their place. */
export const serveWraps = (served: readonly Bytes[], instead = false): Lies =>
  aboutWraps(({ wraps }) => (instead ? served : [...served, ...wraps]));

/** Puts keys of its own into what an invited device answered. */
export const changeAnswers = (change: (answer: Bytes) => Bytes): Lies => ({
  "read-answers": async ({ pass }) => {
    const answer = await pass();
    if (!answer.ok) return answer;
    return ok({
      answers: answer.value.answers.map(({ invitation, answer: given }) => ({ invitation, answer: change(given) })),
    });
  },
});

/** Relays the challenge of another site, to sign in there as this person. */
export const relayChallenge = (challenge: Bytes): Lies => ({
  "begin-sign-in": () => Promise.resolve(ok({ challenge })),
});

/** Says that what the device holds is not what stands here, and lists nothing. */
export const denyAll: View = () => [];
