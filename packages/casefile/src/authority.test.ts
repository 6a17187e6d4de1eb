/** What arrives from clients of somebody's own making: an act without authority is kept, shown as such, and changes nothing. */

import { beforeEach, describe, expect, test } from "vitest";
import { answerTo, isApproved } from "./approvals/approvals.ts";
import type { CaseEvent } from "./event.ts";
import { responsiblePersons, waitingOffers } from "./responsibility/responsibility.ts";
import { bestInterests, openCase } from "./testing/commands.ts";
import { type Author, nasrin, omar, personOf, rezan, shilan, stranger } from "./testing/people.ts";
import { type World, meet, must, newWorld, part, wholeCase, write } from "./testing/world.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
  must(world, shilan, openCase);
});

/** Writes it without asking, and says how it stands in the case of everyone. */
const standingOf = (author: Author, event: CaseEvent) => {
  const entry = write(world, author, event);
  return wholeCase(world).history.find(({ mark }) => mark.entry === entry)?.standing;
};

describe("a refusal of what a colleague proposed (SECURITY §3)", () => {
  const refusalOf = (proposal: ReturnType<typeof must>): CaseEvent => ({
    type: "ApprovalRefused",
    proposal,
    what: "best-interests",
    because: "Not now.",
  });

  test.each([
    ["whoever proposed it", rezan, "OwnProposal"],
    ["a caseworker", omar, "RoleMissing"],
    ["somebody without a part in the case", stranger, "RoleMissing"],
  ])("by %s takes nothing from a supervisor's approval", (_who, author, why) => {
    const proposal = must(world, rezan, bestInterests("removal", "T-insm"));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(standingOf(author, refusalOf(proposal))).toMatchObject({ why });
    expect(isApproved(wholeCase(world), proposal)).toBe(true);
  });

  test("by a supervisor who had not seen it leaves it waiting", () => {
    part(world, rezan, nasrin);
    const proposal = must(world, rezan, bestInterests("removal", "T-insm"));
    const entry = write(world, nasrin, refusalOf(proposal));
    meet(world);
    const state = wholeCase(world);
    expect(state.history.find(({ mark }) => mark.entry === entry)?.standing).toMatchObject({ why: "NotSeen" });
    expect(answerTo(state, proposal)).toBe("waiting");
  });
});

describe("an offer of responsibility", () => {
  const offerTo = (name: string) =>
    must(world, shilan, { type: "OfferResponsibility", to: personOf(name), because: "Leave." });

  test("is declined by nobody but whom it was made to", () => {
    const offer = offerTo("omar");
    const declined = { type: "ResponsibilityDeclined", offer, because: "No time." } as const;
    expect(standingOf(nasrin, declined)).toMatchObject({ why: "NotOfferedToAuthor" });
    expect(waitingOffers(wholeCase(world)).map(({ mark }) => mark.entry)).toEqual([offer]);
    standingOf(omar, declined);
    expect(waitingOffers(wholeCase(world))).toEqual([]);
  });

  test("is accepted by nobody who had not seen it, whatever other offer they had seen", () => {
    offerTo("omar");
    part(world, shilan, omar);
    const unseen = offerTo("omar");
    const entry = write(world, omar, { type: "ResponsibilityAccepted", offer: unseen });
    meet(world);
    const state = wholeCase(world);
    expect(state.history.find(({ mark }) => mark.entry === entry)?.standing).toMatchObject({ why: "NotSeen" });
    expect(responsiblePersons(state)).toEqual([shilan.person]);
  });
});

describe("an entry that proposes", () => {
  const proposed = {
    ...bestInterests("removal", "T-insm"),
    type: "BestInterestsProposed",
  } as const;
  const noted = { type: "RiskRaised", level: "high", because: "He stood at her door." } as const;

  test("proposes one thing, and what else it says counts", () => {
    const entry = write(world, shilan, proposed, { ...proposed, recipient: openedTo }, noted);
    const standings = wholeCase(world)
      .history.filter(({ mark }) => mark.entry === entry)
      .map(({ standing }) => standing);
    expect(standings.map((standing) => ("why" in standing ? standing.why : standing.kind))).toEqual([
      "counts",
      "SecondProposalInEntry",
      "counts",
    ]);
  });
  const openedTo = bestInterests("removal", "P-instagram").recipient;
});
