/**
 * From what is known of a case to what to do now, each part with its reason.
 *
 * Pure: the same pack and facts give the same answer on every device. It advises and says why;
 * people decide. That the answer is safe for every possible case is proved in `packages/proof`.
 */

import type {
  ActionAnswer,
  Answer,
  ContactAnswer,
  Facts,
  GateAnswer,
  Reason,
  Risk,
  ToolAnswer,
  Track,
} from "./answer.ts";
import { ask } from "./ask.ts";
import { type Case, caseOf, factsInTheWay, isTrue, reasonInTheWay, reasonOf, union } from "./explain.ts";
import { evaluate, factValues } from "./logic.ts";
import type { LimitRule, PackAction, PackContact, PackGate, PackStep, PackTool, Urgency } from "./pack.ts";
import { type PreparedPack, at } from "./prepare.ts";
import { followingUrgency, riskOf } from "./risk.ts";

/** The facts must have come through `parseFacts` with the same pack; values it does not know are our own mistake. */
export const assess = (prepared: PreparedPack, facts: Facts): Answer => {
  const { pack } = prepared;
  const values = factValues(prepared, facts);
  const about = caseOf(prepared, facts, evaluate(prepared, values));
  const risk = riskOf(about);
  const gates = pack.gates.map((gate) => gateAnswer(about, gate));
  return {
    pack: { id: pack.id, version: pack.version },
    track: trackOf(about),
    risk,
    gates: Object.fromEntries(pack.gates.map((gate, index) => [gate.id, at(gates, index)])),
    actions: actionAnswers(about, risk, gates),
    tools: pack.tools.map((tool) => toolAnswer(about, tool, gates)),
    contacts: contactAnswers(about),
    ask: ask(about, values, gates),
  };
};

const trackOf = (about: Case): Track => {
  const { child, adult } = about.prepared.pack.track;
  if (isTrue(about, child.node)) return "child";
  return isTrue(about, adult.node) ? "adult" : "child-until-age-known";
};

const gateAnswer = (about: Case, gate: PackGate): GateAnswer => {
  const limits = limitsOf(about, gate.limits);
  if (gate.notApplicable >= 0 && isTrue(about, gate.notApplicable)) {
    const because = [reasonOf(about, { id: gate.id, node: gate.notApplicable, source: gate.source })];
    return { state: "not-applicable", needs: [], limits, because };
  }
  const missing = gate.rules.filter((rule) => !isTrue(about, rule.node));
  if (missing.length === 0) {
    return { state: "open", needs: [], limits, because: gate.rules.map((rule) => reasonOf(about, rule)) };
  }
  const needs = union(missing.map((rule) => factsInTheWay(about, rule.node)));
  return {
    state: "closed",
    needs: needs.map((index) => at(about.prepared.pack.facts, index).id),
    limits,
    because: missing.map((rule) => reasonInTheWay(about, rule)),
  };
};

const limitsOf = (about: Case, rules: readonly LimitRule[]): readonly string[] => {
  const limits: string[] = [];
  for (const rule of rules) {
    if (isTrue(about, rule.node) && !limits.includes(rule.limit)) limits.push(rule.limit);
  }
  return limits;
};

const urgencies = ["now", "24h", "48h", "standard"] as const satisfies readonly Urgency[];

const actionAnswers = (about: Case, risk: Risk, gates: readonly GateAnswer[]): readonly ActionAnswer[] => {
  const { pack } = about.prepared;
  const following = followingUrgency(pack, risk);
  const nowAtHighest = risk.level === at(pack.levels, 0).id ? "now" : following;
  const byUrgency: Record<Urgency, ActionAnswer[]> = { now: [], "24h": [], "48h": [], standard: [] };
  for (const action of pack.actions) {
    if (action.gate >= 0 && at(gates, action.gate).state !== "open") continue;
    const gateReasons = action.gate >= 0 ? at(gates, action.gate).because : [];
    const answer = actionAnswer(about, action, { follows: following, "follows-now": nowAtHighest }, gateReasons);
    if (answer !== undefined) byUrgency[answer.urgency].push(answer);
  }
  return urgencies.flatMap((urgency) => byUrgency[urgency]);
};

const actionAnswer = (
  about: Case,
  action: PackAction,
  following: { readonly follows: Urgency; readonly "follows-now": Urgency },
  gateReasons: readonly Reason[],
): ActionAnswer | undefined => {
  const holding = action.rules.filter((rule) => isTrue(about, rule.node));
  if (holding.length === 0) return undefined;
  const asked = holding.map((rule) =>
    rule.urgency === "follows" || rule.urgency === "follows-now" ? following[rule.urgency] : rule.urgency,
  );
  return {
    id: action.id,
    area: action.area,
    urgency: mostUrgent(asked),
    actor: action.actor,
    handles: action.handles,
    limits: limitsOf(about, action.limits),
    // What opened the gate is as much a reason for the action as the rule behind it.
    because: [...holding.map((rule) => reasonOf(about, rule)), ...gateReasons],
  };
};

const mostUrgent = (asked: readonly Urgency[]): Urgency =>
  at(urgencies, Math.min(...asked.map((urgency) => urgencies.indexOf(urgency))));

const toolAnswer = (about: Case, tool: PackTool, gates: readonly GateAnswer[]): ToolAnswer => {
  const offered = isTrue(about, tool.offered.node);
  const ready = tool.openIf < 0 || isTrue(about, tool.openIf);
  return {
    id: tool.id,
    offered,
    open: offered && ready && at(gates, tool.gate).state === "open",
    steps: tool.steps.filter((step) => isStepShown(about, step, gates)).map((step) => step.step),
    limits: limitsOf(about, tool.limits),
    because: [offered ? reasonOf(about, tool.offered) : reasonInTheWay(about, tool.offered)],
  };
};

const isStepShown = (about: Case, step: PackStep, gates: readonly GateAnswer[]): boolean =>
  (step.gate < 0 || at(gates, step.gate).state === "open") && (step.when < 0 || isTrue(about, step.when));

/** Of the survivor's region, or of both while it is not known, best mandate first (S-13). */
const contactAnswers = (about: Case): readonly ContactAnswer[] => {
  const ranked = about.prepared.pack.contacts
    .filter((contact) => isTrue(about, contact.shown.node))
    .map((contact, order) => {
      const holding = contact.rules.filter((rule) => isTrue(about, rule.node));
      const weight = Math.max(0, ...holding.map((rule) => rule.weight));
      return { contact, holding, weight, order };
    });
  ranked.sort((one, other) => other.weight - one.weight || one.order - other.order);
  return ranked.map(({ contact, holding }) => contactAnswer(about, contact, holding));
};

const contactAnswer = (about: Case, contact: PackContact, holding: PackContact["rules"]): ContactAnswer => ({
  id: contact.id,
  region: contact.region,
  governorates: contact.governorates,
  numbers: contact.numbers,
  purposeFromGuide: contact.purposeFromGuide,
  verifiedOn: contact.verifiedOn,
  because: [contact.shown, ...holding].map((rule) => reasonOf(about, rule)),
});
