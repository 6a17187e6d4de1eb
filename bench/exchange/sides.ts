/**
 * Ours and the peers that run on this Node.js. Adding one is one file in `peers/` and one row here.
 *
 * Each is loaded when it is asked for and by itself, so that no process starts slower for the others.
 */

import type { ExchangePeer } from "./peer.ts";

export const sides: Readonly<Record<string, () => Promise<ExchangePeer>>> = {
  ours: async () => (await import("./ours.ts")).ours,
  "whole-device": async () => (await import("./whole-device.ts")).wholeDevice,
  bare: async () => (await import("./bare.ts")).bare,
  "bare-named": async () => (await import("./bare-named.ts")).bareNamed,
  jazz: async () => (await import("./peers/jazz.ts")).jazz,
  hocuspocus: async () => (await import("./peers/hocuspocus.ts")).hocuspocus,
  evolu: async () => (await import("./peers/evolu.ts")).evolu,
  pouchdb: async () => (await import("./peers/pouchdb.ts")).pouchdb,
  "automerge-repo": async () => (await import("./peers/automerge-repo.ts")).automergeRepo,
};
