/** The way through the guided questions, without a screen. */

import { describe, expect, test } from "vitest";
import {
  answerQuestion,
  factsOf,
  type Flow,
  goBack,
  goTo,
  isAskedAgain,
  openQuestions,
  previousQuestion,
  questionOf,
  skipQuestion,
  startFlow,
} from "./flow.ts";

const ask = (...facts: readonly string[]) => facts.map((fact) => ({ fact, because: [] }));
const answered = (flow: Flow, ...facts: readonly string[]): Flow =>
  facts.reduce((before, fact) => answerQuestion(before, fact, "yes", ask()), flow);

describe("the guided questions", () => {
  test("begin with whether the person is alone, whatever else is more decisive", () => {
    expect(questionOf(startFlow("other"), ask("immediate-danger", "private-now"))).toBe("private-now");
  });

  test("go on with the most decisive question", () => {
    const flow = answered(startFlow("other"), "private-now");
    expect(questionOf(flow, ask("immediate-danger", "age"))).toBe("immediate-danger");
  });

  test("tell the engine who asks, and nothing that was not answered", () => {
    const flow = skipQuestion(answered(startFlow("self"), "private-now"), "age");
    expect(factsOf(flow)).toEqual({ asking: "self", "private-now": "yes" });
  });

  test("do not ask a skipped question again, and leave it unknown", () => {
    const flow = skipQuestion(answered(startFlow("other"), "private-now"), "age");
    expect(questionOf(flow, ask("age", "region"))).toBe("region");
    expect(factsOf(flow)).not.toHaveProperty("age");
  });

  test("take an answer back when its question is skipped later", () => {
    const flow = skipQuestion(answered(startFlow("other"), "private-now", "spreading"), "spreading");
    expect(factsOf(flow)).toEqual({ asking: "other", "private-now": "yes" });
  });

  test("go back one question at a time, and forward again after an answer", () => {
    const flow = answered(startFlow("other"), "private-now", "age");
    const back = goBack(flow);
    expect(questionOf(back, ask("region"))).toBe("age");
    expect(questionOf(goBack(back), ask("region"))).toBe("private-now");
    expect(previousQuestion(goBack(back))).toBeNull();
    expect(questionOf(answerQuestion(back, "age", "child", ask("region")), ask("region"))).toBe("region");
  });

  test("let any earlier answer be changed", () => {
    const flow = goTo(answered(startFlow("other"), "private-now", "age", "region"), "age");
    expect(questionOf(flow, ask("governorate"))).toBe("age");
    const changed = answerQuestion(flow, "age", "child", ask("governorate"));
    expect(factsOf(changed)["age"]).toBe("child");
    expect(changed.trail).toEqual(["private-now", "age", "region"]);
  });

  test("ask once more where two answers contradict each other, and no third time", () => {
    const flow = answered(startFlow("other"), "private-now", "age-in-image");
    const again = ask("age-in-image", "region");
    expect(isAskedAgain(flow, "age-in-image", again)).toBe(true);
    expect(questionOf(flow, again)).toBe("age-in-image");
    const confirmed = answerQuestion(flow, "age-in-image", "adult", again);
    expect(questionOf(confirmed, again)).toBe("region");
  });

  test("end when no answer could change anything", () => {
    const flow = answered(startFlow("other"), "private-now");
    expect(questionOf(flow, ask())).toBeNull();
    expect(openQuestions(flow, ask("asking"))).toEqual([]);
  });
});
