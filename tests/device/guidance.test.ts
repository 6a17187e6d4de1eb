/** Cases on devices with the shipped guidance: what it does not understand, of a newer pack or a client of somebody's own making. */

import { join } from "node:path";
import { assert } from "@amana/kernel";
import type { Answer, Facts } from "@amana/pathway";
import { compilePack, readPack } from "@amana/proof";
import { describe, expect, it } from "vitest";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { consent, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { guidanceOf } from "../../packages/device/src/guidance.ts";
import { makeCaseWorld, must, openNewCase, syncAll } from "./case-world.ts";

const read = readPack(join(import.meta.dirname, "../../packs/iraq-online-violence"));
if (!read.ok) throw new Error("The national pack cannot be read.");
const guidance = guidanceOf(compilePack(read.value));

/** Shilan's device has the shipped guidance; Azad's, a stand-in, lets anything be written. */
const poisonedCase = async (seed: string) => {
  const { shilan, azad } = await makeCaseWorld(seed);
  shilan.guidance = guidance;
  const logId = await openNewCase(shilan);
  must(await shilan.device().tell(logId, recordFact("age", "adult")));
  await syncAll(shilan, azad);
  const write = async (...facts: readonly (readonly [string, string | readonly string[]])[]): Promise<void> => {
    for (const [fact, value] of facts) must(await azad.device().tell(logId, recordFact(fact, value)));
    await syncAll(azad, shilan);
  };
  return { shilan, logId, write };
};

describe("an answer that the guidance does not understand", () => {
  it("leaves the case readable and writable for everybody, and is shown (SECURITY §6.2)", async () => {
    const { shilan, logId, write } = await poisonedCase("poisoned facts");
    await write(["banana", "Adult!"], ["immediate-danger", "perhaps"], ["harm", ["hacking", "harm-of-tomorrow"]]);
    const view = must(await shilan.device().viewCase(logId));
    expect(view.advice.facts).toEqual({ age: "adult", harm: ["hacking"] });
    expect(view.due.filter(({ kind }) => kind === "answer-not-understood").map(({ about }) => about)).toEqual([
      "harm",
      "immediate-danger",
    ]);
    must(await shilan.device().tell(logId, { type: "AssessRisk" }));
    must(await shilan.device().tell(logId, consent("store-file", "own-organisation")));
    expect(must(await shilan.device().viewCase(logId)).state.history).toHaveLength(7);
    expect(must(await shilan.device().due()).map(({ kind }) => kind)).toContain("answer-not-understood");
  });

  it("is asked again no more once newer guidance understands it, in the caseload too", async () => {
    const { shilan, logId, write } = await poisonedCase("newer guidance");
    await write(["harm", ["harm-of-tomorrow"]]);
    const asksAgain = async (): Promise<readonly boolean[]> => {
      const view = must(await shilan.device().viewCase(logId));
      return [view.due, must(await shilan.device().due())].map((due) =>
        due.some(({ kind, about }) => kind === "answer-not-understood" && about === "harm"),
      );
    };
    expect(await asksAgain()).toEqual([true, true]);
    const { vocabulary } = guidance;
    const harm = vocabulary?.get("harm");
    assert(vocabulary !== undefined && harm !== undefined, "The shipped guidance asks for the harm.");
    const more = { ...harm, values: [...harm.values, "harm-of-tomorrow"] };
    shilan.guidance = { assess: adviceFor, vocabulary: new Map([...vocabulary, ["harm", more]]) };
    expect(await asksAgain()).toEqual([false, false]);
    // And with the one before, as after a restart with an older app, it is asked again.
    shilan.guidance = guidance;
    await shilan.restart();
    expect(await asksAgain()).toEqual([true, true]);
  });

  it("has the risk assessed again where the rules of newer guidance say more, in the caseload too", async () => {
    const { shilan, logId, write } = await poisonedCase("newer rules");
    await write(["perpetrator-abroad", "yes"]);
    must(await shilan.device().tell(logId, { type: "AssessRisk" }));
    const shown = async () => {
      const { due, advice } = must(await shilan.device().viewCase(logId));
      const inCaseload = must(await shilan.device().due());
      const [row] = await shilan.device().listCases().then(must);
      const isDue = [due, inCaseload].map((items) => items.some(({ kind }) => kind === "risk-not-assessed"));
      return [advice.answer.risk.level, row?.level, ...isDue];
    };
    expect(await shown()).toEqual(["normal", "normal", false, false]);
    const { assess } = guidance;
    const own = (facts: Facts): Answer => {
      const answer = assess(facts);
      return facts["perpetrator-abroad"] === "yes" ? { ...answer, risk: { ...answer.risk, level: "high" } } : answer;
    };
    shilan.guidance = { ...guidance, assess: own, version: "an organisation's own 2.0.0" };
    expect(await shown()).toEqual(["high", undefined, true, true]);
    must(await shilan.device().tell(logId, { type: "AssessRisk" }));
    expect(await shown()).toEqual(["high", "high", false, false]);
  });

  it("is not written down where it is not understood", async () => {
    const { shilan, logId } = await poisonedCase("refused facts");
    expect(await shilan.device().tell(logId, recordFact("banana", "Adult!"))).toMatchObject({
      error: { type: "FieldWrong", field: "value" },
    });
  });
});
