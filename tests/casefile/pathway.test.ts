/** The case file and the real pathway fit together: whole cases walked with the national pack. */

import { join } from "node:path";
import { type PreparedPack, assess, parseFacts, preparePack } from "@amana/pathway";
import { compilePack, readPack } from "@amana/proof";
import { beforeAll, describe, expect, test } from "vitest";
import { isClosed } from "../../packages/casefile/src/closure/closure.ts";
import { riskLevel } from "../../packages/casefile/src/risk/risk.ts";
import { consent, guardianConsent, lawStep, takedown } from "../../packages/casefile/src/testing/commands.ts";
import { recipientOf, shilan } from "../../packages/casefile/src/testing/people.ts";
import {
  closeAdult,
  closeChild,
  endAdult,
  walkAdult,
  walkAdultOn,
  walkChild,
  walkChildOn,
} from "../../packages/casefile/src/testing/walks.ts";
import { type World, must, newWorld, refusal, wholeCase } from "../../packages/casefile/src/testing/world.ts";
import { factsOf } from "../../packages/casefile/src/views/facts-of.ts";

let pack: PreparedPack;

beforeAll(() => {
  const source = readPack(join(import.meta.dirname, "../../packs/iraq-online-violence"));
  if (!source.ok) throw new Error("The national pack cannot be read.");
  pack = preparePack(compilePack(source.value));
});

/** Every fact the case file hands on is one the pack knows, with a value it allows. */
const advisedWorld = (): World => {
  const world = newWorld();
  world.adviser = (state, now) => {
    const facts = parseFacts(pack.pack, factsOf(state, now));
    if (!facts.ok) throw new Error(`The pack does not know ${JSON.stringify(facts.error)}`);
    return { answer: assess(pack, facts.value), facts: facts.value };
  };
  return world;
};

describe("with the national pack", () => {
  test("Hala's case goes from first contact to closure", () => {
    const world = advisedWorld();
    walkAdult(world);
    walkAdultOn(world);
    expect(riskLevel(wholeCase(world))).toBe("high");
    expect(refusal(world, shilan, takedown("T-takeitdown", world.now, "takedown-2"))).toBe("ConsentMissing");
    must(world, shilan, consent("removal", "T-takeitdown"));
    expect(refusal(world, shilan, takedown("T-takeitdown", world.now, "takedown-2"))).toBe("ToolNotOpen");
    closeAdult(world, endAdult(world));
    expect(isClosed(wholeCase(world))).toBe(true);
    expect(
      world.entries.flatMap(({ events }) => events).filter(({ type }) => type === "TakedownRequested"),
    ).toMatchObject([{ advice: { pack: { id: "iraq-online-violence" }, because: expect.any(Array) as unknown } }]);
  });

  test("the child's case goes by her own agreement and the best-interests decision", () => {
    const world = advisedWorld();
    walkChild(world);
    const emergency = world.entries.at(-1)?.envelope.entry;
    if (emergency === undefined) throw new Error("The walk wrote nothing.");
    expect(refusal(world, shilan, guardianConsent("removal", "T-takeitdown"))).toBe("GuardianNotToBeAsked");
    walkChildOn(world, emergency);
    expect(refusal(world, shilan, { type: "RecordEvidencePreserved", kept: ["own-files"] })).toBe("OnlyAddresses");
    const alone = lawStep({ agency: recipientOf("A-dcvaw"), accompaniedBy: { kind: "nobody" }, happenedAt: world.now });
    expect(refusal(world, shilan, alone)).toBe("NotAccompanied");
    closeChild(world);
    expect(isClosed(wholeCase(world))).toBe(true);
  });
});
