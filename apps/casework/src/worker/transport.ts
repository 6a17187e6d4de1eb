/**
 * Carries one request to the server and one answer back, and its "come", over `fetch` to the app's own origin.
 *
 * It understands nothing and tries nothing again: whatever is no whole answer is `Unreachable`, and the device decides.
 */

import { err, ok, type Result } from "@amana/kernel";
import type { Transport } from "@amana/device";
import { authorizationOf, decodeRefusal, type WireError } from "@amana/sync";

/** A line of 32 kbit/s carries a quarter of a megabyte in a minute; past this nothing comes any more. */
const answerMillisecondsMax = 90_000;

/** The server shows every 20 seconds that it is there; a stream that has missed three is dead. */
const silenceMillisecondsMax = 65_000;

const unreachable: WireError = { type: "Unreachable" };

/** No cookie, no address of the page, nothing kept. */
const plainly = {
  cache: "no-store",
  credentials: "omit",
  redirect: "error",
  referrerPolicy: "no-referrer",
} as const satisfies RequestInit;

export const fetchTransport = (origin: string): Transport => ({
  call: async (name, token, body) => {
    try {
      const response = await fetch(`${origin}/api/${name}`, {
        ...plainly,
        method: "POST",
        body,
        headers: {
          "content-type": "application/octet-stream",
          ...(token === undefined ? {} : { authorization: authorizationOf(token) }),
        },
        signal: AbortSignal.timeout(answerMillisecondsMax),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.ok) return ok(bytes);
      return err(decodeRefusal(bytes) ?? unreachable);
    } catch {
      return err(unreachable);
    }
  },
  listen: (token, come) => {
    const stopping = new AbortController();
    const stop = (): void => stopping.abort();
    return { ended: listenTo(`${origin}/api/stream`, authorizationOf(token), come, stopping), stop };
  },
});

const listenTo = async (
  address: string,
  authorization: string,
  come: () => void,
  stopping: AbortController,
): Promise<Result<undefined, WireError>> => {
  let silence = setTimeout(() => stopping.abort(), silenceMillisecondsMax);
  try {
    const response = await fetch(address, { ...plainly, headers: { authorization }, signal: stopping.signal });
    if (!response.ok) return err(decodeRefusal(new Uint8Array(await response.arrayBuffer())) ?? unreachable);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let said = await reader?.read(); said?.value !== undefined; said = await reader?.read()) {
      clearTimeout(silence);
      silence = setTimeout(() => stopping.abort(), silenceMillisecondsMax);
      // An event is the line `data`; whatever else there is only shows that the line is open.
      if (said.value.includes("d")) come();
    }
    return ok(undefined);
  } catch {
    return err(unreachable);
  } finally {
    clearTimeout(silence);
  }
};
