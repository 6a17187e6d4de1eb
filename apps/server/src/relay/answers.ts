/**
 * The shape of every answer of the server: a function from a request, and who asks, to a response or a refusal. One
 * row for each name of the wire; the compiler refuses a name without one.
 */

import type { KeyObject } from "node:crypto";
import { err, ok, type Err, type Instant, type Ok, type Result } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import type { Nothing, RequestName, RequestOf, ResponseOf, WireRefusal } from "@amana/sync";
import type { Quotas, SignIn, Storage } from "../storage/storage.ts";

/** What the answers are given instead of reaching for it. */
export type RelayPorts = {
  readonly storage: Storage;
  readonly clock: () => Instant;
  /** So many random bytes. */
  readonly randomness: (bytes: number) => Bytes;
  /** What a sign-in is bound to: where people reach this server. Known for certain once it listens. */
  readonly origin: () => string;
  readonly quotas: Quotas;
  /** Of one organisation, with those who left. */
  readonly accountsMax: number;
  /** Authenticates challenges; the same on every server over one store. */
  readonly challengeKey: KeyObject;
  /** How long a backup of ours may hold what was erased, and a wrap. */
  readonly backupDays: { readonly logs: number; readonly wraps: number };
  /** How this server wakes devices by a push service, where it does. */
  readonly push: { readonly serverKey: Bytes; readonly isEndpoint: (endpoint: string) => boolean } | undefined;
};

/** Someone who is not signed in: nothing is known of them. */
export type Visitor = { readonly kind: "visitor"; readonly now: Instant };

/** Someone who is, on one of their devices. */
export type SignedIn = SignIn & { readonly kind: "signed-in"; readonly now: Instant };

export type Refused = { readonly code: WireRefusal; readonly afterSeconds: number | undefined };

export const refused = (code: WireRefusal, afterSeconds?: number): Err<Refused> => err({ code, afterSeconds });

/** For requests that are answered by having been carried out. */
export const done: Ok<Nothing> = ok({});

/** Who may ask at all. What a member may ask of which log, storage decides with the same query for all. */
export const askers = {
  "begin-sign-in": "anyone",
  "sign-in": "anyone",
  found: "anyone",
  "answer-invitation": "anyone",
  "repeat-password-change": "anyone",
  "read-vault": "member",
  "change-password": "member",
  "list-devices": "member",
  "sign-out": "member",
  compare: "member",
  pull: "member",
  "list-hashes": "member",
  push: "member",
  "append-control": "member",
  "begin-logs": "member",
  "read-wraps": "member",
  "add-wraps": "member",
  erase: "member",
  shred: "member",
  "open-invitation": "keeper",
  "open-come-back": "member",
  "let-back": "member",
  "close-invitation": "member",
  "read-answers": "member",
  "request-recovery": "member",
  "read-recoveries": "member",
  "forbid-recovery": "member",
  "read-recovery-wraps": "member",
  "set-wake-up": "member",
} as const satisfies Readonly<Record<RequestName, "anyone" | "member" | "keeper">>;

export type OpenName = { [Name in RequestName]: (typeof askers)[Name] extends "anyone" ? Name : never }[RequestName];

export type AskerOf<Name extends RequestName> = Name extends OpenName ? Visitor : SignedIn;

export type Answer<Name extends RequestName> = (
  request: RequestOf<Name>,
  asker: AskerOf<Name>,
) => Promise<Result<ResponseOf<Name>, Refused>>;

export type Answers<Name extends RequestName = RequestName> = { readonly [Each in Name]: Answer<Each> };
