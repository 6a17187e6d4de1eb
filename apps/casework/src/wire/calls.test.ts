/** Calls between page and worker, over a channel of the platform. */

import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { callOver, offerOver, type Port } from "./calls.ts";

const face = {
  double: (number: number): Promise<number> => Promise.resolve(number * 2),
  fail: (): Promise<never> => Promise.reject(new Error("Sakar's telephone number")),
};
type Face = typeof face;

let channel: MessageChannel;
afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

const portOf = (port: MessagePort): Port => {
  port.start();
  return port;
};

const connect = () => {
  channel = new MessageChannel();
  const news: unknown[] = [];
  let hasBroken: () => void = () => undefined;
  const broken = new Promise<void>((resolve) => {
    hasBroken = resolve;
  });
  const seen: unknown[] = [];
  channel.port1.addEventListener("message", ({ data }) => seen.push(data));
  const call = callOver<Face, string>(portOf(channel.port1), {
    onNews: (each) => news.push(each),
    onBroken: hasBroken,
  });
  const tell = offerOver(portOf(channel.port2), face);
  return { call, tell, news, broken, seen };
};

describe("calls between the page and its worker", () => {
  test("each answer reaches the call it belongs to", async () => {
    const { call } = connect();
    expect(await Promise.all([call("double", 2), call("double", 21)])).toEqual([4, 42]);
  });

  test("news arrive without being asked for", async () => {
    const { call, tell, news } = connect();
    tell("changed");
    await call("double", 1);
    expect(news).toEqual(["changed"]);
  });

  test("a failure nobody expected ends in a calm screen, and its message stays where it happened", async () => {
    const { call, broken, seen } = connect();
    void call("fail");
    await broken;
    expect(inspect(seen)).not.toContain("Sakar");
  });

  test("a name that is not offered is a failure, also one that every object has", async () => {
    const { call, broken } = connect();
    void call("constructor" as "double", 1);
    await broken;
  });
});
