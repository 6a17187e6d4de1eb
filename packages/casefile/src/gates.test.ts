/** What a gate asks for where it is closed, and what whoever passes it takes along: the reasons stay with the act. */

import type { Answer } from "@amana/pathway";
import { beforeEach, describe, expect, test } from "vitest";
import type { Context } from "./context.ts";
import { requireGate, requireTool } from "./gates.ts";
import { adultReadyToAct, consent } from "./testing/commands.ts";
import { shilan } from "./testing/people.ts";
import { type World, must, newWorld, wholeCase } from "./testing/world.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
  adultReadyToAct(world);
});

/** The advice as the pathway gives it now, changed where a test says so. */
const advised = (change: (answer: Answer) => Answer = (answer) => answer) => {
  const state = wholeCase(world);
  const advice = world.adviser(state, world.now);
  if (advice === undefined) throw new Error("The pathway answers.");
  const actor = { person: shilan.person, roles: shilan.roles };
  const context: Context = { now: world.now, actor, advice: { ...advice, answer: change(advice.answer) } };
  return { state, context, answer: advice.answer };
};

describe("a gate", () => {
  test("that is closed says what it needs", () => {
    const { state, context } = advised();
    expect(requireGate(state, context, "content-removal")).toEqual({
      ok: false,
      error: { type: "GateClosed", gate: "content-removal", needs: ["missing-for-content-removal"] },
    });
  });

  test("that the pathway does not know is closed, and needs nothing that could be named", () => {
    const { state, context } = advised((answer) => ({ ...answer, gates: {} }));
    expect(requireGate(state, context, "content-removal")).toMatchObject({ error: { type: "GateClosed", needs: [] } });
  });

  test("that is open leaves the pack, the limits and the reasons with what passes it (STYLE §11)", () => {
    must(world, shilan, consent("removal", "T-insm"));
    const limited = (answer: Answer): Answer => ({
      ...answer,
      gates: Object.fromEntries(Object.entries(answer.gates).map(([id, gate]) => [id, { ...gate, limits: [id] }])),
    });
    const { state, context, answer } = advised(limited);
    expect(requireGate(state, context, "content-removal")).toEqual({
      ok: true,
      value: {
        pack: answer.pack,
        gate: "content-removal",
        limits: ["content-removal"],
        because: answer.gates["content-removal"]?.because,
      },
    });
  });
});

describe("a tool behind a gate (S-1)", () => {
  const withTool = (change: { readonly offered?: boolean; readonly open?: boolean }) =>
    advised((answer) => ({
      ...answer,
      tools: answer.tools.map((tool) => ({ ...tool, limits: [`limits-of-${tool.id}`], ...change })),
    }));
  beforeEach(() => {
    must(world, shilan, consent("removal", "T-insm"));
  });

  test.each([
    ["is not offered", { offered: false }],
    ["is offered, and not open", { open: false }],
  ])("is refused where it %s", (_how, change) => {
    const { state, context } = withTool(change);
    expect(requireTool(state, context, "T-insm")).toEqual({ ok: false, error: { type: "ToolNotOpen" } });
  });

  test("is refused where the pathway does not name it, whatever others it offers", () => {
    const { state, context } = withTool({});
    expect(requireTool(state, context, "T-unknown")).toEqual({ ok: false, error: { type: "ToolNotOpen" } });
  });

  test.each([
    ["T-insm", "content-removal"],
    ["P-instagram", "platform-report"],
  ] as const)("%s stands behind %s, and its own limits and reasons stay with what is done with it", (id, gate) => {
    const { state, context, answer } = withTool({});
    const reasons = [answer.gates[gate]?.because, answer.tools.find((tool) => tool.id === id)?.because].flat();
    expect(requireTool(state, context, id)).toEqual({
      ok: true,
      value: { pack: answer.pack, gate, limits: [`limits-of-${id}`], because: reasons },
    });
    const { context: closed } = advised((given) => ({
      ...given,
      gates: { ...given.gates, [gate]: { state: "closed", needs: [], limits: [], because: [] } },
    }));
    expect(requireTool(state, closed, id)).toMatchObject({ error: { type: "GateClosed", gate } });
  });
});
