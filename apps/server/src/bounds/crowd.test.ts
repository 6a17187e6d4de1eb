/** How many from one address at the same time, of connections as of requests. */

import { describe, expect, it } from "vitest";
import { isLoopback, makeCrowd } from "./crowd.ts";

describe("a crowd from one address", () => {
  it("is bounded, and has room again for each who leaves, once", () => {
    const { enter } = makeCrowd(2, isLoopback);
    const [one, other] = [enter("198.51.100.7"), enter("198.51.100.7")];
    expect([one, other].includes(undefined)).toBe(false);
    expect(enter("198.51.100.7")).toBeUndefined();
    expect(enter("198.51.100.8")).toBeDefined();
    one?.();
    one?.();
    expect(enter("198.51.100.7")).toBeDefined();
    expect(enter("198.51.100.7")).toBeUndefined();
  });

  it("of IPv6 is its network", () => {
    const { enter } = makeCrowd(1, isLoopback);
    expect(enter("2001:db8:1:2::1")).toBeDefined();
    expect(enter("2001:db8:1:2::2")).toBeUndefined();
    expect(enter("2001:db8:1:3::1")).toBeDefined();
  });

  it("is not counted of this machine, which speaks for its proxy", () => {
    const { enter } = makeCrowd(1, isLoopback);
    for (const address of ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
      expect([enter(address), enter(address)].includes(undefined), address).toBe(false);
    expect(isLoopback("128.0.0.1")).toBe(false);
  });
});
