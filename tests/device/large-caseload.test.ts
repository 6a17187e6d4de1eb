/** A caseload of which only a little fits into one answer of the server. */

import { wire } from "@amana/sync";
import { describe, expect, it } from "vitest";
import { makeCaseWorld, must, openNewCase } from "./case-world.ts";
import type { Carrier } from "./memory-server.ts";

const casesCount = 6;
const password = "the river runs past four white houses";

describe("a fresh device with many cases", () => {
  it("fetches every case in one exchange, also those for which an answer had no room", async () => {
    const world = await makeCaseWorld("no room in an answer");
    for (let count = 0; count < casesCount; count++) await openNewCase(world.nour);
    must(await world.nour.device().sync());
    // The first entry is handed out in any case, and nothing fits beside it.
    const narrow: Carrier = {
      call: (name, token, bytes) => {
        const request = name === "pull" ? wire.pull.decodeRequest(bytes) : undefined;
        const asked = request === undefined ? bytes : wire.pull.encodeRequest({ ...request, bytesMax: 1 });
        return world.server.call(name, token, asked);
      },
    };
    const fresh = world.handset("fresh", narrow);
    const digits = must(await world.nour.device().kit());
    must(await fresh.device().enrolWithKit({ digits, password, language: "ckb" }));
    must(await fresh.device().sync());
    expect(must(await fresh.device().listCases())).toHaveLength(casesCount);
  });
});
