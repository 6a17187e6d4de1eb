/**
 * Carries one request to the server and one answer back, over `fetch` to the app's own origin.
 *
 * It understands nothing and tries nothing again: whatever is no whole answer is `Unreachable`, and the device decides.
 */

import { err, ok } from "@amana/kernel";
import type { Transport } from "@amana/device";
import { authorizationOf, decodeRefusal, type WireError } from "@amana/sync";

/** A line of 32 kbit/s carries a quarter of a megabyte in a minute; past this nothing comes any more. */
const answerMillisecondsMax = 90_000;

const unreachable: WireError = { type: "Unreachable" };

export const fetchTransport = (origin: string): Transport => ({
  call: async (name, token, body) => {
    try {
      const response = await fetch(`${origin}/api/${name}`, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/octet-stream",
          ...(token === undefined ? {} : { authorization: authorizationOf(token) }),
        },
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(answerMillisecondsMax),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.ok) return ok(bytes);
      return err(decodeRefusal(bytes) ?? unreachable);
    } catch {
      return err(unreachable);
    }
  },
});
