/**
 * Where a log stands after one more entry (docs/formats/wire.md), computed by the platform: the server does it for
 * every entry it takes. The contract's tests hold it to the same result as `nextDigest` of the wire.
 */

import { label, sha256, type Bytes } from "@amana/log";

const positionLabel = label("position-digest");
const digestBytes = 32;

// Put together in one place, because a server does it for every entry that it takes.
const message = new Uint8Array(positionLabel.length + 2 * digestBytes);
message.set(positionLabel);

/** `entryHash`: the 32 bytes of it. */
export const digestAfter = (digest: Bytes, entryHash: Bytes): Bytes => {
  message.set(digest, positionLabel.length);
  message.set(entryHash, positionLabel.length + digestBytes);
  return sha256(message);
};
