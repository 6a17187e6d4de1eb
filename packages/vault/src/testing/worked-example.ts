/**
 * The worked examples of docs/formats/entry.md and docs/formats/keys.md, made from fixed bytes. Run it to print them; a test
 * compares the pages with what it makes. The keys are the test's own and protect nothing.
 */

import { assert } from "@amana/kernel";
import {
  concat,
  decodeCbor,
  deviceIdOf,
  encodeCbor,
  encodeEntry,
  isCborArray,
  entryHashOf,
  fromAscii,
  headerHash,
  label,
  labelNumbers,
  labelText,
  sha256,
  toHex,
  type Bytes,
  type Purpose,
} from "@amana/log";
import { hkdf } from "../hazmat/derive.ts";
import {
  argon2idKdf,
  commitTo,
  conceal,
  deriveAccount,
  encodeBody,
  encodeWrap,
  exposeSecret,
  identityKeyFrom,
  kitDigits,
  platformDeflate,
  printDigits,
  receivingKeyFrom,
  seal,
  wrap,
} from "../index.ts";
import { logIdFor, must, seededRandomness, tenOClock } from "./world.ts";

const fixed = (name: string): Bytes => sha256(fromAscii(`worked example: ${name}`));
const hashFor = (name: string) => must(entryHashOf(fixed(name)));

const lines = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => wrapped(`${name.padEnd(width)}  `, text)).join("\n");
};

const columns = 96;

/** Long bytes go on under themselves. */
const wrapped = (start: string, text: string): string => {
  const pieces = text.length <= columns ? [text] : (text.match(new RegExp(`.{1,${columns}}`, "g")) ?? []);
  return pieces.map((piece, index) => (index === 0 ? start : " ".repeat(start.length)) + piece).join("\n");
};

const shortened = (bytes: Bytes): string => `${toHex(bytes.subarray(0, 24))}… (${bytes.length} bytes)`;

const caseKey = conceal("case-key", fixed("case key"));
const author = identityKeyFrom(conceal("identity-seed", fixed("identity seed")));

export const exampleEntry = async () => {
  const header = {
    kind: "content",
    logKind: "case",
    logId: logIdFor("worked example: log"),
    control: hashFor("control"),
    organisationHead: hashFor("organisation head"),
    device: must(deviceIdOf(fixed("device").slice(0, 16))),
    counter: 2,
    previous: hashFor("previous"),
    parents: [hashFor("parent")],
    nonce: fixed("nonce"),
    keyCommitment: undefined,
  } as const;
  const body = { recordedAt: tenOClock, events: [{ type: "NoteWritten", version: 1, data: { text: "سڵاو" } }] };
  const sealed = await seal({ header, body, author, caseKey }, platformDeflate);
  assert(sealed.ok, "The worked example must fit.");
  return { entry: sealed.value, body };
};

export const entryExample = async (): Promise<string> => {
  const { entry, body } = await exampleEntry();
  const plain = must(await encodeBody(body, platformDeflate));
  const bound = headerHash(entry.headerBytes);
  const entryKey = await hkdf(exposeSecret(caseKey), entry.header.nonce, concat(label("entry-key"), bound), 32);
  const rows: readonly (readonly [string, string])[] = [
    ["identity seed", toHex(exposeSecret(author.seed))],
    ["identity public", toHex(author.publicKey)],
    ["author", author.keyId],
    ["case key", toHex(exposeSecret(caseKey))],
    ["header", `${toHex(entry.headerBytes.subarray(0, 1))} an array of ${fieldNames.length}`],
    ...fieldsOf(entry.headerBytes),
    ["headerHash", toHex(bound)],
    ["entry key", toHex(entryKey)],
    ["plain", `${toHex(plain.subarray(0, 48))} and ${plain.length - 48} zeros`],
    ["ciphertext", toHex(must(entry.ciphertext))],
    ["bodyDigest", toHex(entry.bodyDigest)],
    ["hash", entry.hash],
    ["signature", toHex(entry.signature)],
    ["entry", shortened(encodeEntry(entry))],
  ];
  return lines(rows);
};

const fieldNames = [
  "version",
  "suite",
  "kind",
  "log kind",
  "log id",
  "control",
  "organisation",
  "author",
  "device",
  "counter",
  "previous",
  "parents",
  "nonce",
  "commitment",
];

/** Each field of a header with the bytes it is written in. */
const fieldsOf = (headerBytes: Bytes): readonly (readonly [string, string])[] => {
  const decoded = decodeCbor(headerBytes);
  assert(decoded.ok && isCborArray(decoded.value), "The example's own header must be readable.");
  return decoded.value.map((field, at) => [`  ${fieldNames[at] ?? ""}`, toHex(encodeCbor(field))]);
};

export const keysExample = async (): Promise<string> => {
  const password = "4821 0937 5566 1204 8873";
  const accountSecret = conceal("account-secret", fixed("account secret").slice(0, 16));
  const account = await deriveAccount(accountSecret, password, argon2idKdf);
  const reader = await receivingKeyFrom(conceal("receiving-seed", fixed("receiving seed")));
  const logId = logIdFor("worked example: log");
  const wrapFor = { purpose: "key-wrap", logId, key: caseKey, recipient: reader, author } as const;
  const given = await wrap(wrapFor, seededRandomness("worked example"));
  return lines([
    ["account secret", toHex(exposeSecret(accountSecret))],
    ["kit", printDigits(kitDigits(accountSecret), "western")],
    ["kit, Arabic digits", printDigits(kitDigits(accountSecret), "arabic")],
    ["password", password],
    ["account id", toHex(account.accountId)],
    ["login key, public", toHex(account.loginKey.publicKey)],
    ["receiving seed", toHex(exposeSecret(reader.seed))],
    ["receiving public", shortened(reader.publicKey)],
    ["receiving key id", reader.keyId],
    ["case key", toHex(exposeSecret(caseKey))],
    ["log id", logId],
    ["random of the wrap", toHex(seededRandomness("worked example")(64))],
    ["keyCommitment", toHex(await commitTo(caseKey, logId))],
    ["wrap", shortened(encodeWrap(given))],
    ["SHA-256 of wrap", toHex(sha256(encodeWrap(given)))],
  ]);
};

export const labelsTable = (): string =>
  (Object.entries(labelNumbers) as [Purpose, number][])
    .map(([purpose, number]) => `| ${number} | \`${labelText(purpose)}\` | ${labelUses[purpose]} |`)
    .join("\n");

const labelUses: Readonly<Record<Purpose, string>> = {
  "entry-hash": "entry.md §4",
  "header-hash": "entry.md §4",
  "entry-signature": "entry.md §4",
  "entry-key": "entry.md §4",
  "key-commitment": "§6",
  "key-wrap": "§6",
  "key-wrap-signature": "§6",
  "team-wrap": "§5, §6",
  "identity-key-id": "§5",
  "receiving-key-id": "§5",
  "account-id": "§3",
  "password-salt": "§3",
  "account-root": "§3",
  "login-key": "§3",
  "unlock-key": "§3",
  "login-signature": "§3",
  "password-change": "§3",
  "kit-checksum": "§3",
  "account-vault": "§4",
  "device-vault": "§4",
  draft: "§4",
  snapshot: "§4",
  index: "§4",
  "invitation-id": "§8",
  "invitation-mac": "§8",
  "invitation-words": "§8",
  "recovery-commitment": "§9",
  "heads-words": "§8",
  "position-digest": "wire.md",
  "bucket-digest": "wire.md",
  "device-record": "§4",
  "backup-key": "backup.md",
  "shredding-key": "entry.md §9",
  "erasure-scope": "entry.md §9",
};

if (import.meta.main) {
  const parts = [await entryExample(), await keysExample(), labelsTable()];
  process.stdout.write(`${parts.join("\n\n")}\n`);
}
