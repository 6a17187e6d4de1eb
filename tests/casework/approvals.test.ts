/** What a supervisor decides on: what is so beside what is proposed, and nobody decides their own. */

import { describe, expect, test } from "vitest";
import type { Act, Row } from "../../apps/casework/src/case/screen.ts";
import { approvalsOf } from "../../apps/casework/src/worker/views/approvals.ts";
import {
  adultReadyToAct,
  bestInterests,
  childReadyToAct,
  recordFact,
} from "../../packages/casefile/src/testing/commands.ts";
import { nasrin, omar, shilan, type Author } from "../../packages/casefile/src/testing/people.ts";
import { must, type World } from "../../packages/casefile/src/testing/world.ts";
import { seenBy, worldWith } from "./seen.ts";

const loweringProposed = (): World =>
  worldWith((world) => {
    adultReadyToAct(world);
    must(world, omar, { type: "RaiseRisk", level: "high", because: "He has found her." });
    must(world, shilan, { type: "ProposeLowerRisk", level: "medium", because: "She is with her aunt." });
  });

const approvals = (world: World, author: Author) => approvalsOf(seenBy(world, author));
const textsOf = (rows: readonly Row[] | undefined): string => JSON.stringify(rows);
const closed = (acts: readonly Act[] | undefined) => acts?.map(({ form, closed: why }) => [form, why?.type]);

describe("what waits for a second person", () => {
  test("shows the level as it stands and who raised it, beside the level that is proposed and why", () => {
    const [approval] = approvals(loweringProposed(), nasrin);
    expect(approval).toMatchObject({ kind: "risk-lowering", by: shilan.person, level: "high" });
    expect(textsOf(approval?.now)).toContain(omar.person);
    expect(textsOf(approval?.now)).toContain('"value":"high"');
    expect(textsOf(approval?.now)).toContain("He has found her.");
    expect(textsOf(approval?.proposed)).toContain("She is with her aunt.");
    expect(textsOf(approval?.proposed)).toContain('"value":"medium"');
  });

  test("shows the answers that decided when the level came from them", () => {
    const world = worldWith((each) => {
      adultReadyToAct(each);
      must(each, shilan, recordFact("immediate-danger", "yes"));
      must(each, shilan, { type: "AssessRisk" });
      must(each, shilan, { type: "ProposeLowerRisk", level: "medium", because: "She is with her aunt." });
    });
    const now = approvals(world, nasrin)[0]?.now ?? [];
    expect(now).toContainEqual({
      label: { kind: "fact", fact: "immediate-danger" },
      value: { kind: "answer", fact: "immediate-danger", value: "yes" },
    });
  });

  test("is open to a supervisor, and closed to the one who proposed it and to a caseworker, with the reason", () => {
    const world = loweringProposed();
    expect(closed(approvals(world, nasrin)[0]?.acts)).toEqual([
      ["Approve", undefined],
      ["RefuseApproval", undefined],
    ]);
    expect(closed(approvals(world, shilan)[0]?.acts)).toEqual([
      ["Approve", "OwnProposal"],
      ["RefuseApproval", "OwnProposal"],
    ]);
    expect(closed(approvals(world, omar)[0]?.acts)).toEqual([
      ["Approve", "NotAuthorised"],
      ["RefuseApproval", "NotAuthorised"],
    ]);
  });

  test("is gone from the list once somebody has decided", () => {
    const world = loweringProposed();
    const [act] = approvals(world, nasrin)[0]?.acts ?? [];
    // What the act carries is exactly what the form would send.
    must(world, nasrin, { type: "Approve", ...act?.given } as never);
    expect(approvals(world, nasrin)).toEqual([]);
  });

  test("of a child's best interests shows whether the guardian is safe beside the decision and its reasons", () => {
    const world = worldWith((filled) => {
      childReadyToAct(filled, "yes");
      must(filled, shilan, bestInterests("removal", "T-takeitdown"));
    });
    const approval = approvals(world, nasrin).find(({ kind }) => kind === "best-interests");
    expect(textsOf(approval?.now)).toContain("guardian-unsafe");
    expect(textsOf(approval?.now)).toContain('"value":"yes"');
    expect(textsOf(approval?.proposed)).toContain("go-ahead");
  });
});
