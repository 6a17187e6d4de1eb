/** How many there are from one address at the same time. What is kept is of those who are there, and of nobody else. */

import { isIPv4 } from "node:net";
import { networkOf } from "./bounds.ts";

export type Crowd = {
  /** Gives back what ends it; nothing where there are too many from there already. Whoever is never counted always comes in. */
  readonly enter: (from: string) => (() => void) | undefined;
};

export const makeCrowd = (most: number, isNeverCounted: (from: string) => boolean): Crowd => {
  const there = new Map<string, number>();
  return {
    enter: (from) => {
      if (isNeverCounted(from)) return () => undefined;
      const network = networkOf(from);
      const count = there.get(network) ?? 0;
      if (count >= most) return undefined;
      there.set(network, count + 1);
      let isThere = true;
      return () => {
        if (!isThere) return;
        isThere = false;
        const left = (there.get(network) ?? 1) - 1;
        if (left === 0) there.delete(network);
        else there.set(network, left);
      };
    },
  };
};

/** Of this machine. */
export const isLoopback = (address: string): boolean => {
  const plain = plainAddress(address);
  return address === "::1" || (isIPv4(plain) && plain.startsWith("127."));
};

/** IPv4 as itself, also where a socket of IPv6 says it. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:/i, "");
