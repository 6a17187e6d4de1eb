/** The history says what was decided about what, not only that something was (G-CM-4). */

import type { Advice, CaseEvent, CaseState } from "@amana/casefile";
import { describe, expect, test } from "vitest";
import { historyOf } from "./history.ts";

const written = (entry: string, author: string, event: Readonly<Record<string, unknown>>) => ({
  event,
  mark: { entry, author, recordedAt: 1_700_000_000_000, index: 0 },
  standing: { kind: "counts" },
  isWithoutConsent: false,
});

// Only the history of the state is read.
const stateOf = (...items: readonly ReturnType<typeof written>[]): CaseState =>
  ({ history: items }) as unknown as CaseState;

// Of what the pathway advised only the words that it knows are read.
const seen = { drafts: new Set<string>(), advice: { vocabulary: [] } as unknown as Advice };

const textsOf = (state: CaseState, event: CaseEvent["type"]): readonly string[] =>
  historyOf(state, seen)
    .filter((item) => item.event === event)
    .flatMap(({ rows }) => rows.map(({ label, value }) => JSON.stringify([label, value])));

describe("the history", () => {
  test("says of an approval what was approved, with its reasons, and who had asked for it", () => {
    const proposal = written("p", "shilan", { type: "ProposeLowerRisk" });
    const state = stateOf(
      { ...proposal, event: { type: "RiskLoweringProposed", level: "normal", because: "He has moved away." } },
      written("a", "nasrin", { type: "ApprovalGiven", proposal: "p", what: "risk-lowering" }),
    );
    const said = textsOf(state, "ApprovalGiven").join("\n");
    expect(said).toContain("event.RiskLoweringProposed");
    expect(said).toContain("shilan");
    expect(said).toContain("He has moved away.");
  });

  test("says whether somebody could search for an earlier case, or nobody could", () => {
    const opened = { type: "CaseOpened", code: "2026-7K3B", searchedAt: 1, limits: { kind: "told" } };
    const searched = (event: typeof opened & { readonly nothingToSearchBy?: string }): readonly string[] =>
      textsOf(stateOf(written("1", "shilan", event)), "CaseOpened").filter((row) => row.includes("field.searched"));
    expect(searched(opened).join()).toContain('"yes"');
    expect(searched({ ...opened, nothingToSearchBy: "caller-anonymous" }).join()).toContain('"caller-anonymous"');
  });

  test("names the point of a plan, the provider and the tool where the entry has only an id of it", () => {
    const state = stateOf(
      written("1", "shilan", {
        type: "SafetyItemSet",
        item: "i",
        words: "To my aunt.",
        who: "me",
        when: "now",
        area: "shelter",
      }),
      written("2", "shilan", { type: "SafetyItemMarked", item: "i", outcome: "done" }),
      written("3", "shilan", {
        type: "ReferralPrepared",
        referral: "r",
        service: "health",
        recipient: "the-clinic",
        fields: [],
        urgency: "24h",
        reason: ".",
      }),
      written("4", "shilan", { type: "ReferralDone", referral: "r", given: "Six meetings." }),
      written("5", "shilan", {
        type: "TakedownRequested",
        takedown: "t",
        tool: "T-insm",
        madeBy: "survivor",
        madeAt: 1,
      }),
      written("6", "shilan", { type: "TakedownChecked", takedown: "t", outcome: "removed", checkedAt: 2 }),
    );
    expect(textsOf(state, "SafetyItemMarked").join()).toContain("To my aunt.");
    expect(textsOf(state, "ReferralDone").join()).toContain("the-clinic");
    expect(textsOf(state, "TakedownChecked").join()).toContain("T-insm");
  });

  test("gives the rules that decided a level (S-12)", () => {
    const because = [{ rule: "R-high-honour-violence", facts: {}, unknown: [] }];
    const [item] = historyOf(
      stateOf(
        written("1", "shilan", { type: "RiskAssessed", level: "high", pack: { id: "p", version: "1" }, because }),
      ),
      seen,
    );
    expect(item?.because).toEqual(because);
  });
});
