/**
 * A stand-in for the pathway in tests of this package, which may import its types only: the gates and levels of DOMAIN §13 in
 * plain conditions. That the real pathway and the case file fit together is tested in `tests/casefile`.
 */

import type { Answer, Facts, GateAnswer, Level, Reason } from "@amana/pathway";

const is = (facts: Facts, fact: string, ...values: readonly string[]): boolean => {
  const value = facts[fact];
  return typeof value === "string" ? values.includes(value) : (value ?? []).some((one) => values.includes(one));
};

/** *Agreed*, as DOMAIN §13 says it of the facts alone. */
export const agreedByFacts = (facts: Facts, purpose: string): boolean => {
  const assents = is(facts, `assent-${purpose}`, "yes");
  const cannot = is(facts, `assent-${purpose}`, "cannot");
  const decided = is(facts, `best-interests-${purpose}`, "yes");
  const guardian = is(facts, "guardian-unsafe", "no") && is(facts, `guardian-consent-${purpose}`, "yes");
  const child =
    purpose === "law" ? (assents || cannot) && decided : (assents && (decided || guardian)) || (cannot && decided);
  const adult = is(facts, `consent-${purpose}`, "yes");
  return (adult || is(facts, "age", "child")) && (child || is(facts, "age", "adult"));
};

const settled = (facts: Facts, could: string, planned: string): boolean =>
  is(facts, could, "no") || (is(facts, could, "yes") && is(facts, planned, "yes"));

const assessed = (facts: Facts): boolean =>
  is(facts, "digital-risk-assessed", "yes") && is(facts, "physical-safety-assessed", "yes");

const isPossiblyCsam = (facts: Facts): boolean =>
  (!(is(facts, "age", "adult") && is(facts, "age-in-image", "adult")) && !is(facts, "sexual-content", "no")) ||
  facts["harm"] === undefined ||
  is(facts, "harm", "csam", "live-streaming", "self-generated-content", "child-sexual-extortion");

const digital = (facts: Facts, purpose: string): boolean =>
  assessed(facts) &&
  agreedByFacts(facts, purpose) &&
  is(facts, "safe-device", "yes") &&
  settled(facts, "digital-action-could-escalate", "digital-escalation-planned");

const gatesOpen = (facts: Facts): Readonly<Record<string, boolean>> => ({
  "digital-safety": digital(facts, "digital"),
  "block-perpetrator": digital(facts, "digital") && is(facts, "blocking-safe", "yes"),
  "content-removal": digital(facts, "removal") && is(facts, "wants-removal", "yes"),
  "platform-report": digital(facts, "removal") && is(facts, "wants-removal", "yes"),
  "evidence-by-survivor":
    assessed(facts) &&
    agreedByFacts(facts, "evidence") &&
    (is(facts, "wants-law-report", "yes") || is(facts, "wants-removal", "yes")) &&
    is(facts, "safe-device", "yes") &&
    is(facts, "evidence-safe-to-keep", "yes"),
  "evidence-held":
    is(facts, "material-volunteered", "yes") &&
    is(facts, "material-critical-to-safety", "yes") &&
    is(facts, "exception-approved", "yes") &&
    agreedByFacts(facts, "evidence") &&
    !isPossiblyCsam(facts),
  "law-report":
    is(facts, "legal-risk-assessed", "yes") &&
    is(facts, "wants-law-report", "yes") &&
    agreedByFacts(facts, "law") &&
    settled(facts, "law-report-could-escalate", "law-escalation-planned"),
  "guardian-consent": is(facts, "age", "child") && is(facts, "guardian-unsafe", "no"),
});

const highFactors = ["immediate-danger", "physical-violence-threat", "honour-violence-risk", "credible-threat"];
const mediumFactors = ["continued-harassment", "online-blackmail", "escalating", "spreading"];

const levelOf = (facts: Facts): Level => {
  if (highFactors.some((fact) => is(facts, fact, "yes")) || is(facts, "suicide-or-self-harm", "risk", "imminent")) {
    return "high";
  }
  if (is(facts, "age", "child") && is(facts, "sexual-content", "yes")) return "high";
  return mediumFactors.some((fact) => is(facts, fact, "yes")) ? "medium" : "normal";
};

/** A reason that rests on all facts, so that any change makes the advice stale. */
const because = (facts: Facts, rule: string): readonly Reason[] => [{ rule, facts, source: "G-DIG-1" }];

export const adviceFor = (facts: Facts): Answer => {
  const level = levelOf(facts);
  const open = gatesOpen(facts);
  const gate = (id: string, isOpen: boolean): [string, GateAnswer] => [
    id,
    {
      state: isOpen ? "open" : "closed",
      needs: isOpen ? [] : [`missing-for-${id}`],
      limits: id === "evidence-by-survivor" && isPossiblyCsam(facts) ? ["addresses-only"] : [],
      because: because(facts, `rule-of-${id}`),
    },
  ];
  const isChild = !is(facts, "age", "adult");
  const isSexual = is(facts, "sexual-content", "yes");
  const tool = (id: string, offered: boolean): Answer["tools"][number] => ({
    id,
    offered,
    open: offered && open["content-removal"] === true,
    steps: [],
    limits: [],
    because: because(facts, `rule-of-${id}`),
  });
  return {
    pack: { id: "stand-in", version: "1.0.0" },
    track: is(facts, "age", "adult") ? "adult" : is(facts, "age", "child") ? "child" : "child-until-age-known",
    risk: {
      level,
      provisional: level !== "high",
      actWithinHours: { high: 24, medium: 48, normal: null }[level],
      because: because(facts, `rule-of-${level}`),
    },
    gates: Object.fromEntries(Object.entries(open).map(([id, isOpen]) => gate(id, isOpen))),
    actions: isChild
      ? [
          {
            ...{ id: "child-protection-response", area: "safety", urgency: "now", actor: "responder" },
            ...{ handles: "none", limits: [], because: [] },
          },
        ]
      : [],
    tools: [
      tool("T-stopncii", isSexual && is(facts, "age", "adult") && is(facts, "age-in-image", "adult")),
      tool("T-takeitdown", isSexual && is(facts, "age", "child")),
      tool("T-insm", true),
      tool("P-instagram", is(facts, "platforms", "instagram")),
    ],
    contacts: [],
    ask: [],
  };
};
