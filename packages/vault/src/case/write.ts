/** The control events of a case as data to be sealed: the other direction of `events.ts`. */

import { exhausted } from "@amana/kernel";
import { idBytes } from "@amana/log";
import type { SealedEvent } from "../body.ts";
import { exposeSecret } from "../secret.ts";
import type { CaseControlEvent, EpochBegun } from "./events.ts";

export const writeCaseControlEvent = (event: CaseControlEvent): SealedEvent => {
  switch (event.type) {
    case "EpochBegun":
      return writeEpoch(event);
    case "Adopted":
    case "LeftUnread":
    case "ErasureProposed":
      return { type: event.type, version: 1, data: { entries: event.entries.map(idBytes) } };
    case "ErasureConfirmed":
      return { type: event.type, version: 1, data: { proposal: idBytes(event.proposal) } };
    case "ShreddingTold": {
      const keys = event.keys.map(({ entry, key }) => ({ entry: idBytes(entry), key: exposeSecret(key).slice() }));
      return { type: event.type, version: 1, data: { confirmation: idBytes(event.confirmation), keys } };
    }
    default:
      return exhausted(event);
  }
};

export const writeEpoch = ({ type, members, cut, reason, over }: EpochBegun): SealedEvent => {
  const listed = members.map(({ kind, keyId }) => ({ kind, key: idBytes(keyId) }));
  const data = { members: listed, cut: cut.map(idBytes), reason };
  if (over === undefined) return { type, version: 1, data };
  return { type, version: 2, data: { ...data, over: over.map(idBytes) } };
};
