/** Seals a note with fresh randomness in one place and opens it in another: Node.js and a browser's worker run the same. */

import { assert } from "@amana/kernel";
import {
  deviceIdOf,
  encodeEntry,
  entryHashOf,
  fromAscii,
  fromHex,
  logIdOf,
  parseEntry,
  sha256,
  toHex,
  type Bytes,
} from "@amana/log";
import {
  commitTo,
  conceal,
  identityKeyFrom,
  open,
  platformDeflate,
  platformRandomness,
  seal,
  verifyEntry,
  type Body,
} from "@amana/vault";
import { must, tenOClock } from "../../../packages/vault/src/testing/world.ts";

const fixed = (name: string): Bytes => sha256(fromAscii(`crossing ${name}`));
const caseKey = () => conceal("case-key", fixed("case key"));
const author = identityKeyFrom(conceal("identity-seed", fixed("author")));

/** The first entry of a log, as hexadecimal text: its nonce is random, so no two are the same. */
export const sealNote = async (text: string): Promise<string> => {
  const logId = must(logIdOf(fixed("log").slice(0, 16)));
  const header = {
    kind: "control",
    logKind: "case",
    logId,
    control: undefined,
    organisationHead: must(entryHashOf(fixed("organisation head"))),
    device: must(deviceIdOf(fixed("device").slice(0, 16))),
    counter: 1,
    previous: undefined,
    parents: [],
    nonce: platformRandomness(32),
    keyCommitment: await commitTo(caseKey(), logId),
  } as const;
  const events = [{ type: "NoteWritten", version: 1, data: { text } }];
  const sealed = await seal(
    { header, body: { recordedAt: tenOClock, events }, author, caseKey: caseKey() },
    platformDeflate,
  );
  assert(sealed.ok, "A short note fits an entry.");
  return toHex(encodeEntry(sealed.value));
};

/** The note in it; otherwise why not. */
export const openNote = async (entry: string): Promise<Body | string> => {
  const parsed = parseEntry(must(fromHex(entry)));
  if (!parsed.ok || parsed.value.kind === "newer") return "NotAnEntry";
  if (!(await verifyEntry(parsed.value.entry, author))) return "signature refused";
  const opened = await open(parsed.value.entry, caseKey(), platformDeflate);
  return opened.ok ? opened.value : opened.error.type;
};
