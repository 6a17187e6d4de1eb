/** The server's "come", as a device hears it: only while it is unlocked and signed in. */

import { err, ok, type Instant, type Result } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import type { WireError } from "@amana/sync";
import { platformDeflate } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { startAt } from "../../packages/casefile/src/testing/people.ts";
import { makeMemoryStore, openDevice, type DevicePorts } from "../../packages/device/src/index.ts";
import { cheapKdf, seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { must } from "./case-world.ts";
import { connect } from "./failing-network.ts";
import { makeMemoryServer } from "./memory-server.ts";

const origin = "https://amana.example";
const password = "the river runs past four white houses";

type Stream = {
  readonly token: Bytes;
  readonly come: () => void;
  readonly end: (answer: Result<undefined, WireError>) => void;
  isStopped: boolean;
};

const onStreams = async (streams: Stream[] | undefined) => {
  const clock = (): Instant => startAt;
  const server = makeMemoryServer({ clock, randomness: seededRandomness("called server"), origin });
  const listen: NonNullable<DevicePorts["transport"]["listen"]> = (token, come) => {
    let end: Stream["end"] = () => undefined;
    const ended = new Promise<Result<undefined, WireError>>((resolve) => {
      end = resolve;
    });
    const stream: Stream = { token, come, end, isStopped: false };
    streams?.push(stream);
    const stop = (): void => {
      stream.isStopped = true;
      end(ok(undefined));
    };
    return { ended, stop };
  };
  const device = openDevice({
    store: makeMemoryStore(),
    transport: streams === undefined ? connect(server) : { ...connect(server), listen },
    clock,
    randomness: seededRandomness("called"),
    kdf: cheapKdf,
    deflate: platformDeflate,
    guidance: { assess: adviceFor },
    origin,
  });
  must(await device.found({ code: server.makeSetUpCode(), password, language: "ckb" }));
  must(await device.sync());
  return device;
};

const opened = async (streams: readonly Stream[], count: number): Promise<Stream> => {
  await expect.poll(() => streams.length).toBe(count);
  const stream = streams.at(-1);
  if (stream === undefined) throw new Error("No stream was opened.");
  return stream;
};

describe("the call of the server", () => {
  it("is passed on until the stream ends, and the next time it is asked for again", async () => {
    const streams: Stream[] = [];
    const device = await onStreams(streams);
    let called = 0;
    const first = device.listen(() => called++);
    const stream = await opened(streams, 1);
    stream.come();
    stream.come();
    stream.end(err({ type: "Unreachable" }));
    expect(await first).toEqual(err({ type: "Unreachable" }));
    expect(called).toBe(2);
    const second = device.listen(() => called++);
    (await opened(streams, 2)).come();
    expect(called).toBe(3);
    await device.lock();
    expect(await second).toEqual(err({ type: "Locked" }));
  });

  it("ends with the lock: what is still said then is not heard", async () => {
    const streams: Stream[] = [];
    const device = await onStreams(streams);
    let called = 0;
    const ended = device.listen(() => called++);
    const stream = await opened(streams, 1);
    await device.lock();
    expect(await ended).toEqual(err({ type: "Locked" }));
    expect(stream.isStopped).toBe(true);
    stream.come();
    expect(called).toBe(0);
    expect(await device.listen(() => called++)).toEqual(err({ type: "Locked" }));
    expect(streams).toHaveLength(1);
  });

  it("ends with the sign-in, and locks: whoever holds a device that was signed out has it open no longer", async () => {
    const streams: Stream[] = [];
    const device = await onStreams(streams);
    let called = 0;
    const ended = device.listen(() => called++);
    const stream = await opened(streams, 1);
    stream.end(err({ type: "Refused", code: "NotSignedIn", afterSeconds: undefined }));
    expect(await ended).toEqual(err({ type: "Locked" }));
    expect(await device.phase()).toBe("locked");
    must(await device.unlock(password));
    const again = device.listen(() => called++);
    const renewed = await opened(streams, 2);
    expect(renewed.token).not.toEqual(stream.token);
    renewed.come();
    expect(called).toBe(1);
    renewed.end(err({ type: "Refused", code: "TooManyRequests", afterSeconds: 60 }));
    expect(await again).toMatchObject({ error: { type: "Refused", code: "TooManyRequests" } });
    expect(streams).toHaveLength(2);
  });

  it("is missing over a line that has none, and nothing else with it", async () => {
    const device = await onStreams(undefined);
    expect(await device.listen(() => undefined)).toEqual(err({ type: "Unreachable" }));
    must(await device.sync());
  });
});
