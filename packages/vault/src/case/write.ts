/** The control events of a case as data to be sealed: the other direction of `events.ts`. */

import { exhausted } from "@amana/kernel";
import { idBytes } from "@amana/log";
import type { SealedEvent } from "../body.ts";
import type { CaseControlEvent, EpochBegun } from "./events.ts";

export const writeCaseControlEvent = (event: CaseControlEvent): SealedEvent => {
  switch (event.type) {
    case "EpochBegun":
      return writeEpoch(event);
    case "Adopted":
    case "ErasureProposed":
      return { type: event.type, version: 1, data: { entries: event.entries.map(idBytes) } };
    case "ErasureConfirmed":
      return { type: event.type, version: 1, data: { proposal: idBytes(event.proposal) } };
    default:
      return exhausted(event);
  }
};

export const writeEpoch = ({ type, members, cut, reason }: EpochBegun): SealedEvent => ({
  type,
  version: 1,
  data: { members: members.map(({ kind, keyId }) => ({ kind, key: idBytes(keyId) })), cut: cut.map(idBytes), reason },
});
