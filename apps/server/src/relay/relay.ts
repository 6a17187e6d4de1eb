/**
 * The whole server without HTTP: one call with a name, a token and bytes, one answer in bytes. The same shape as a
 * device's transport, so that a simulation, or a hostile server of the tests, stands where the network would.
 *
 * What must stay true: of a request that needs a sign-in nothing long is read, and nothing understood, before it is known who
 * asks; every name has a row of who may ask, a codec and an answer, held together by the compiler; no refusal says more than its
 * code.
 */

import { createSecretKey } from "node:crypto";
import { err, ok, type Instant, type Result } from "@amana/kernel";
import { sha256, type Bytes } from "@amana/log";
import { tokenBytes, wire, type RequestName, type WireError, type WireRefusal, type WireRow } from "@amana/sync";
import { makeBounds, type Asking, type Bounds, type BoundsOptions } from "../bounds/bounds.ts";
import { accountAnswers } from "./account.ts";
import {
  askers,
  refused,
  type Answer,
  type Answers,
  type AskerOf,
  type Refused,
  type RelayPorts,
  type SignedIn,
  type Visitor,
} from "./answers.ts";
import { isStorageUnavailable } from "../storage/unavailable.ts";
import { erasureAnswers } from "./erasure.ts";
import { logAnswers } from "./logs.ts";
import { peopleAnswers } from "./people.ts";
import { makePositionsOf, type PositionsOf } from "./positions.ts";
import { recoveryAnswers } from "./recovery.ts";
import { signInAnswers } from "./sign-in.ts";
import { wakingAnswers } from "./waking.ts";

export type RelayOptions = RelayPorts & {
  readonly bounds: BoundsOptions;
  /** Milliseconds that only grow. */
  readonly milliseconds: () => number;
  /** Told the name and the outcome of every call, so that they can be counted. */
  readonly onCalled: (name: RequestName, outcome: "done" | WireRefusal) => void;
  /** Told where our own mistake happened; the answer is `OurMistake`. */
  readonly onMistake: (error: unknown) => void;
};

export type Relay = {
  /**
   * Before the body of a request is read: whether it may come from there now, and, where more than a little is coming, from
   * whoever has this token. `bytesComing` is undefined where nobody says how much it will be.
   */
  readonly admit: (
    name: RequestName,
    token: Bytes | undefined,
    from: string,
    bytesComing: number | undefined,
  ) => Promise<Result<undefined, WireError>>;
  /** `from` is where the request came from, for the bounds of those who are not signed in; undefined within one process. */
  readonly call: (
    name: RequestName,
    token: Bytes | undefined,
    bytes: Bytes,
    from?: string,
  ) => Promise<Result<Bytes, WireError>>;
  /** Who is signed in with this token now, for the stream. */
  readonly signedIn: (token: Bytes | undefined, from?: string) => Promise<Result<SignedIn, Refused>>;
};

export const makeRelay = (options: RelayOptions): Relay => {
  const { storage, clock } = options;
  const seed = createSecretKey(Buffer.from(options.randomness(32)));
  const bounds = makeBounds(options.bounds, options.milliseconds, seed);
  const answers = makeAnswers(options, makePositionsOf(storage, bounds.spend), bounds.within);

  const signedIn = async (token: Bytes | undefined, from?: string): Promise<Result<SignedIn, Refused>> => {
    const limited = from === undefined ? undefined : bounds.takeFrom(from, false);
    if (limited !== undefined) return refused("TooManyRequests", limited.afterSeconds);
    const now = clock();
    // Another length is no token; it is looked for all the same, so that the work does not tell.
    const tokenHash = sha256(token?.length === tokenBytes ? token : new Uint8Array());
    const found = await storage.signInByToken({ tokenHash, now });
    if (found === undefined) return refused("NotSignedIn");
    // Written rarely: that a device was here this hour is all that its person needs to see.
    if (now - found.lastSeenAt > seenMillisecondsMax)
      await storage.noteSeen({ by: found.by, device: found.device, now });
    return ok({ ...found, kind: "signed-in", now });
  };

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- within, it holds the codec and the answer of one name together
  const answerName = async <Name extends RequestName>(
    name: Name,
    token: Bytes | undefined,
    bytes: Bytes,
    from: string | undefined,
  ): Promise<Result<Bytes, Refused>> => {
    const row: WireRow<Name> = wire[name];
    const asker = askers[name] === "anyone" ? ok(visitorAt(clock())) : await memberFor(name, signedIn(token));
    if (!asker.ok) return asker;
    const answered = await bounds.within(whoOf(asker.value, from), async () => {
      if (bytes.length > row.requestBytesMax) return refused("TooLarge");
      const request = row.decodeRequest(bytes);
      if (request === undefined) return refused("NotUnderstood");
      const answer: Answer<Name> = answers[name];
      // `askers` says of each name who it is that asks, and so does the type of its answer.
      return answer(request, asker.value as AskerOf<Name>);
    });
    return answered.ok ? ok(row.encodeResponse(answered.value)) : answered;
  };

  const admitName = async (
    name: RequestName,
    token: Bytes | undefined,
    from: string,
    bytesComing: number | undefined,
  ): Promise<Result<unknown, Refused>> => {
    if (bytesComing !== undefined && bytesComing > wire[name].requestBytesMax) return refused("TooLarge");
    const limited = bounds.takeFrom(from, askers[name] === "anyone");
    if (limited !== undefined) return refused("TooManyRequests", limited.afterSeconds);
    const isLittle = bytesComing !== undefined && bytesComing <= strangerBytesMax;
    return isLittle || askers[name] === "anyone" ? ok(undefined) : memberFor(name, signedIn(token));
  };

  return {
    signedIn,
    admit: async (name, token, from, bytesComing) => {
      const admitted = await outcomeOf(options, admitName(name, token, from, bytesComing));
      if (!admitted.ok) count(options, name, admitted);
      return admitted.ok ? ok(undefined) : admitted;
    },
    call: async (name, token, bytes, from) => {
      const answered = await outcomeOf(options, answerName(name, token, bytes, from));
      count(options, name, answered);
      return answered;
    },
  };
};

/** A mistake of ours and a store that does not answer are refusals to whoever asked. */
const outcomeOf = async <T>(
  { onMistake }: RelayOptions,
  work: Promise<Result<T, Refused>>,
): Promise<Result<T, WireError>> => {
  try {
    const done = await work;
    return done.ok ? done : err({ type: "Refused", ...done.error });
  } catch (error) {
    onMistake(error);
    const code = isStorageUnavailable(error) ? "NotNow" : "OurMistake";
    return err({ type: "Refused", code, afterSeconds: code === "NotNow" ? storageSeconds : undefined });
  }
};

const count = ({ onCalled }: RelayOptions, name: RequestName, answered: Result<unknown, WireError>): void => {
  if (answered.ok) onCalled(name, "done");
  else onCalled(name, answered.error.type === "Refused" ? answered.error.code : "OurMistake");
};

/** What is read of a request before it is known who sends it. */
const strangerBytesMax = 4_096;

/** How soon it is worth asking again when the store did not answer. */
const storageSeconds = 10;
const seenMillisecondsMax = 3_600_000;

const makeAnswers = (ports: RelayPorts, positionsOf: PositionsOf, within: Bounds["within"]): Answers => ({
  ...signInAnswers(ports, positionsOf, within),
  ...accountAnswers(ports),
  ...logAnswers(ports, positionsOf),
  ...erasureAnswers(ports),
  ...peopleAnswers(ports),
  ...recoveryAnswers(ports),
  ...wakingAnswers(ports),
});

const visitorAt = (now: Instant): Visitor => ({ kind: "visitor", now });

/** A member, and a keeper where it takes one. */
const memberFor = async (
  name: RequestName,
  asking: Promise<Result<SignedIn, Refused>>,
): Promise<Result<SignedIn, Refused>> => {
  const signedIn = await asking;
  if (!signedIn.ok) return signedIn;
  return askers[name] === "keeper" && !signedIn.value.isKeeper ? refused("NotForYou") : signedIn;
};

const whoOf = (asker: Visitor | SignedIn, from: string | undefined): Asking =>
  asker.kind === "signed-in" ? asker.by : { from: from ?? "here" };
