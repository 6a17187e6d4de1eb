/**
 * What two people agree to destroy, as each says it in the header of their own entry.
 *
 * The server cannot read what they say. By this it can tell that both mean the same, and that it is what it is asked to
 * destroy: no other control entry of a colleague ever passes for one of the two. Format: docs/formats/entry.md §9.
 */

import { concat, sha256, type Bytes } from "./bytes.ts";
import { encodeCbor } from "./cbor.ts";
import { idBytes, type EntryHash, type LogId } from "./ids.ts";
import { label } from "./labels.ts";

/** Without entries it is the whole case. */
export type ErasureScope = { readonly logId: LogId; readonly entries: readonly EntryHash[] };

export const scopeOfProposal = (scope: ErasureScope): Bytes => scopeHash(scope, null);

/** Of whoever agrees to exactly this proposal. */
export const scopeOfConfirmation = (scope: ErasureScope, proposal: EntryHash): Bytes =>
  scopeHash(scope, idBytes(proposal));

const scopeHash = ({ logId, entries }: ErasureScope, proposal: Bytes | null): Bytes => {
  const named = [...new Set(entries)].sort().map(idBytes);
  return sha256(concat(label("erasure-scope"), encodeCbor([idBytes(logId), proposal, named])));
};
