/** What two people agree to destroy, as the server compares it: the same for the same, and for nothing else. */

import { describe, expect, it } from "vitest";
import {
  concat,
  encodeCbor,
  encodeEntry,
  entryHashOf,
  fromAscii,
  idBytes,
  parseEntry,
  scopeOfConfirmation,
  scopeOfProposal,
  sha256,
  toHex,
  type EntryHash,
} from "./index.ts";
import { caseLog, entryOf, headerWith, logIdFor } from "./testing/entries.ts";

const hashFor = (name: string): EntryHash => {
  const hash = entryHashOf(sha256(fromAscii(name)));
  if (hash === undefined) throw new Error("SHA-256 gave something else than 32 bytes.");
  return hash;
};
const [one, other, proposal] = [hashFor("one"), hashFor("other"), hashFor("proposal")];
const both = { logId: caseLog, entries: [one, other] };

describe("what an erasure destroys", () => {
  it("is named by the log and the entries, in whatever order and however often they are said", () => {
    const named = [one, other].sort().map(idBytes);
    const label = concat(fromAscii("amana/erasure-scope/1"), new Uint8Array(1));
    expect(scopeOfProposal(both)).toEqual(sha256(concat(label, encodeCbor([idBytes(caseLog), null, named]))));
    expect(scopeOfConfirmation(both, proposal)).toEqual(
      sha256(concat(label, encodeCbor([idBytes(caseLog), idBytes(proposal), named]))),
    );
    expect(scopeOfProposal({ ...both, entries: [other, one, other] })).toEqual(scopeOfProposal(both));
  });

  it("is another for another log, other entries, another proposal, the whole case, and who proposes or agrees", () => {
    const scopes = [
      scopeOfProposal(both),
      scopeOfProposal({ ...both, logId: logIdFor("another") }),
      scopeOfProposal({ ...both, entries: [one] }),
      scopeOfProposal({ ...both, entries: [] }),
      scopeOfConfirmation(both, proposal),
      scopeOfConfirmation(both, one),
      scopeOfConfirmation({ ...both, entries: [] }, proposal),
    ];
    expect(new Set(scopes.map(toHex)).size).toBe(scopes.length);
  });

  it("stands in the header of an entry, which reads back the same, whole and by its name", () => {
    const fields = { kind: "control", control: one, counter: 2, previous: other } as const;
    const entry = entryOf(headerWith({ ...fields, destroys: scopeOfProposal(both) }));
    expect(parseEntry(encodeEntry(entry))).toEqual({ ok: true, value: { kind: "entry", entry } });
    expect(entryOf(headerWith(fields)).hash).not.toBe(entry.hash);
  });
});
