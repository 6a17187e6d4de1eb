/** The server in memory behind HTTP, beside the pages of the tests: it answers what `docs/formats/wire.md` says, with the status of each refusal. */

import { assert } from "@amana/kernel";
import type { AppOptions } from "@amana/server";
import { encodeRefusal, refusalStatus, tokenIn, wire, type RequestName } from "@amana/sync";
import type { Carrier } from "../../device/memory-server.ts";

const bodyBytesMax = 262_144;

type Routes = NonNullable<AppOptions["routes"]>[number];

const isRequestName = (name: string): name is RequestName => Object.hasOwn(wire, name);

export const memoryRoutes =
  (server: Carrier): Routes =>
  (app, _options, done) => {
    app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, parsed) => {
      parsed(null, body);
    });
    app.post<{ Params: { name: string }; Body: Buffer }>(
      "/api/:name",
      { bodyLimit: bodyBytesMax },
      async ({ params: { name }, headers, body }, reply) => {
        assert(isRequestName(name), "A device asks only what the wire knows.");
        const token = headers.authorization === undefined ? undefined : tokenIn(headers.authorization);
        const answer = await server.call(name, token, new Uint8Array(body));
        reply.type("application/octet-stream");
        if (answer.ok) return reply.send(Buffer.from(answer.value));
        assert(answer.error.type === "Refused", "The server in memory is always there.");
        return reply.code(refusalStatus[answer.error.code]).send(Buffer.from(encodeRefusal(answer.error)));
      },
    );
    done();
  };
