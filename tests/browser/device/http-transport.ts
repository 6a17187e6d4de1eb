/** The wire over HTTP, as docs/formats/wire.md §1 has it, for a device in a worker: one request, one answer, nothing tried again. */

import { err, ok } from "@amana/kernel";
import { authorizationOf, decodeRefusal, type Transport } from "@amana/sync";

export const httpTransport: Transport = {
  call: async (name, token, body) => {
    const authorization = token === undefined ? {} : { authorization: authorizationOf(token) };
    try {
      const answer = await fetch(`/api/${name}`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream", ...authorization },
        body,
      });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return answer.ok ? ok(bytes) : err(decodeRefusal(bytes) ?? { type: "Unreachable" });
    } catch {
      return err({ type: "Unreachable" });
    }
  },
};
