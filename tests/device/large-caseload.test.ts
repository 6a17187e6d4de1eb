/** A caseload of which only a little fits into one answer of the server, and one too long to be listed at once. */

import { err } from "@amana/kernel";
import { fromAscii, logIdOf, sha256 } from "@amana/log";
import { wire } from "@amana/sync";
import { describe, expect, it } from "vitest";
import { logsListedMax } from "../../packages/device/src/logs/listing.ts";
import { bytesAtOnceMax } from "../../packages/device/src/logs/pace.ts";
import { loadPositions, startOf } from "../../packages/device/src/logs/positions.ts";
import { makeCaseWorld, must, openNewCase, password, syncAll } from "./case-world.ts";
import type { Carrier } from "./memory-server.ts";

const casesCount = 6;

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

describe("how much is still to come", () => {
  it("is told while a fresh device fetches its cases, stands where the line breaks, and ends at nothing", async () => {
    const world = await makeCaseWorld("how much is left");
    for (let count = 0; count < 70; count++) await openNewCase(world.nour);
    must(await world.nour.device().sync());
    const left = async (): Promise<number> => must(await fresh.device().syncState()).stillToFetch;
    const told = new Set<number>();
    let hasBroken = false;
    const telling: Carrier = {
      call: async (name, token, bytes) => {
        if (name !== "pull") return world.server.call(name, token, bytes);
        const count = await left();
        told.add(count);
        const breaks = told.size === 3 && !hasBroken;
        hasBroken ||= breaks;
        return breaks ? err({ type: "Unreachable" }) : world.server.call(name, token, bytes);
      },
    };
    const fresh = world.handset("fresh", telling);
    const digits = must(await world.nour.device().kit());
    must(await fresh.device().enrolWithKit({ digits, password, language: "ckb" }));
    expect((await fresh.device().sync()).ok).toBe(false);
    // Fewer with each answer, however many an answer has room for.
    const [before, ...counts] = [...told];
    expect(before).toBe(0);
    expect(counts).toHaveLength(2);
    expect([70, ...counts]).toEqual([70, ...counts].toSorted((one, another) => another - one));
    expect(await left()).toBe(counts.at(-1));
    expect(must(await fresh.device().listCases())).toHaveLength(70 - (await left()));
    must(await fresh.device().sync());
    expect(await left()).toBe(0);
    expect(must(await fresh.device().listCases())).toHaveLength(70);
  });
});

describe("a fresh device on a line that has borne the most", () => {
  it("asks for the next cases while it reads those that came, and keeps those where the line breaks then", async () => {
    const world = await makeCaseWorld("asked while others are read");
    for (let count = 0; count < 100; count++) await openNewCase(world.nour);
    must(await world.nour.device().sync());
    const asked: (readonly [count: number, stillToFetch: number])[] = [];
    const breaking: Carrier = {
      call: async (name, token, bytes) => {
        if (name !== "pull") return world.server.call(name, token, bytes);
        const { stillToFetch } = fresh.unlocked().desk;
        asked.push([wire.pull.decodeRequest(bytes)?.wants.length ?? 0, stillToFetch]);
        return asked.length === 3 ? err({ type: "Unreachable" }) : world.server.call(name, token, bytes);
      },
    };
    const fresh = world.handset("fresh", breaking);
    const digits = must(await world.nour.device().kit());
    must(await fresh.device().enrolWithKit({ digits, password, language: "ckb" }));
    fresh.unlocked().desk.bytesAtOnce = bytesAtOnceMax;
    expect((await fresh.device().sync()).ok).toBe(false);
    // The first 32 came with the organisation; of the next two requests the second broke, and those of the first are kept.
    expect(asked).toEqual([
      [33, 0],
      [32, 100],
      [32, 100],
    ]);
    expect(must(await fresh.device().listCases())).toHaveLength(64);
    fresh.unlocked().desk.bytesAtOnce = bytesAtOnceMax;
    asked.length = 0;
    must(await fresh.device().sync());
    expect(asked).toEqual([
      [32, 36],
      [4, 36],
    ]);
    expect(must(await fresh.device().listCases())).toHaveLength(100);
  });
});

describe("a caseload too long to be listed at once", () => {
  it("is listed by and by, so that whoever was taken out of a case is told, once", async () => {
    const world = await makeCaseWorld("told among many");
    const { shilan, nour, azad, server } = world;
    const [logId, another] = [await openNewCase(shilan), await openNewCase(shilan)];
    await syncAll(shilan, nour, azad);
    const askedForAll: boolean[] = [];
    const counting: Carrier = {
      call: (name, token, bytes) => {
        if (name === "compare") askedForAll.push(wire.compare.decodeRequest(bytes)?.buckets === undefined);
        return server.call(name, token, bytes);
      },
    };
    const own = azad.unlocked().own.receivingKey.keyId;
    const log = server.state.logs.get(logId);
    if (log === undefined) throw new Error("The case has begun.");
    log.serving = new Set([...log.serving].filter((key) => key !== own));
    const among = world.handset("azad among many", counting);
    await among.restart(azad.store().contents());
    // As after years. Of the others only where they stand is here.
    const positions = await loadPositions(among.unlocked());
    for (let count = 0; count < 2 * logsListedMax; count++) {
      const other = logIdOf(sha256(fromAscii(`another ${count}`)).slice(0, 16));
      if (other !== undefined) positions.set(other, { ...startOf("organisation"), end: 1 });
    }
    const told = () =>
      among
        .device()
        .notices()
        .filter(({ type }) => type === "TakenOut");
    for (let exchange = 0; exchange < 4; exchange++) must(await among.device().sync());
    expect(told()).toEqual([{ type: "TakenOut", logId }]);
    expect(askedForAll).not.toContain(true);
    const before = askedForAll.length;
    must(await among.device().sync());
    expect([told().length, askedForAll.length - before]).toEqual([1, 1]);
    expect(must(await among.device().viewCase(another)).openers).toHaveLength(3);
  });
});
