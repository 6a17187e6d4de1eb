/** The papers of a case: what each may hold, and nothing beyond it. */

import { type DigitalItem, digitalItems, isPossiblyCsam, safetyItems, takedownsOf } from "@amana/casefile";
import type { AskedLine, KeptLine, PaperAsked, PaperContent, PaperView, PlanLine } from "../../print/paper.ts";
import { consentFormOf } from "./print-consent.ts";
import { letterOf } from "./print-letter.ts";
import { summaryOf } from "./print-summary.ts";
import type { Seen } from "./seen.ts";

export const paperOf = (seen: Seen, asked: PaperAsked): PaperView => ({
  content: contentOf(seen, asked),
  isUnreadLeft: seen.isUnreadLeft,
});

const contentOf = (seen: Seen, asked: PaperAsked): PaperContent => {
  switch (asked.paper) {
    case "safety-plan":
      return { kind: "safety-plan", lines: planLines(seen) };
    case "referral-letter":
      return { kind: "referral-letter", ...letterOf(seen, asked.referral) };
    case "consent-form":
      return { kind: "consent-form", form: consentFormOf(seen, asked.about) };
    case "case-summary":
      return { kind: "case-summary", ...summaryOf(seen) };
    case "evidence-log":
      return evidenceLog(seen);
    default:
      return asked satisfies never;
  }
};

/** The survivor's own words, without the heading each was written under: that heading would say what the paper is. */
const planLines = ({ state, now }: Seen): readonly PlanLine[] =>
  [...safetyItems(state), ...digitalItems(state, now).filter(isStillAgreed)].flatMap(({ item, words, outcome }) => {
    const [first] = words;
    if (first === undefined || (outcome !== "open" && outcome !== "done")) return [];
    return [
      {
        id: item,
        words: [...new Set(words.map((each) => each.words))],
        who: first.who,
        when: first.when,
        isDone: outcome === "done",
      },
    ];
  });

/** Nobody goes on with what was taken back (G-CONS-2); what was done stays done. */
const isStillAgreed = ({ outcome, mayGoOn }: DigitalItem): boolean => mayGoOn || outcome === "done";

const addresses: ReadonlySet<string> = new Set(["addresses", "usernames", "times"]);

/** What the survivor keeps and asked for: kinds and moments. Where it is and who saw it, they fill in by hand, if at all. */
const evidenceLog = ({ state, now }: Seen): PaperContent => {
  const isAddressesOnly = isPossiblyCsam(state);
  const kept = state.evidence.preserved.map(({ value, mark }): KeptLine => ({
    kept: value.kept.filter((kind) => !isAddressesOnly || addresses.has(kind)),
    at: mark.recordedAt,
  }));
  const asked = takedownsOf(state, now).map(({ requested, outcome, lastCheckedAt }): AskedLine => ({
    tool: requested[0]?.tool ?? "",
    madeAt: requested.map(({ madeAt }) => madeAt),
    checkedAt: lastCheckedAt,
    outcome,
  }));
  return { kind: "evidence-log", kept: kept.filter((line) => line.kept.length > 0), asked, isAddressesOnly };
};
