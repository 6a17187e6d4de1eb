/**
 * The compiled pack: what a phone carries of the guidance, without its texts.
 *
 * It is made from the tables of a pack by `packages/proof`, which also proves it; what is proved
 * is exactly this structure, so nothing in it may be interpreted elsewhere in another way.
 * Conditions are nodes of one shared graph, children before parents.
 */

/** A node's place in `CompiledPack.nodes`. */
export type NodeIndex = number;

export const operation = {
  /** `[constant, value]` with 1 true, 0 false, 2 unknown. */
  constant: 0,
  /** `[has, fact, atLeast, ...values]`: at least so many of these values hold. */
  has: 1,
  /** `[only, fact, ...values]`: something holds, and nothing but these. */
  only: 2,
  /** `[isKnown, fact]` */
  isKnown: 3,
  and: 4,
  or: 5,
  not: 6,
  /** Not known to be false. */
  maybe: 7,
  /** Known to be true. */
  known: 8,
  /** `[when, condition, node]`: true when the condition is false; asked for only while it may hold. */
  when: 9,
  /** `[pick, condition, then, otherwise]`: `then` while the condition is true, else `otherwise`. */
  pick: 10,
} as const;

/** An operation of `operation`, then what it applies to. */
export type PackNode = readonly number[];

export type FactKind = "yes-no" | "one" | "list";

/** At most 30 values, so that a fact's value fits one machine word. */
export type PackFact = {
  readonly id: string;
  readonly kind: FactKind;
  readonly values: readonly string[];
  /** While it is not true the question is not asked: a guardian whose safety is not known, for one (S-9). -1: always. */
  readonly askWhen: NodeIndex;
};

/** One sourced condition. `id` and `source` are what a reason cites. */
export type PackRule = {
  readonly id: string;
  readonly node: NodeIndex;
  readonly source: string;
};

export type PackLevel = {
  readonly id: Level;
  /** Hours within which to act; null is the standard timeline. */
  readonly hours: number | null;
  readonly source: string;
};

export type Level = "high" | "medium" | "normal";
export type Urgency = "now" | "24h" | "48h" | "standard";
/** `follows` takes the case's own deadline; `follows-now` is the same, and now while the level is high. */
export type RuleUrgency = Urgency | "follows" | "follows-now";
export type Area = "case" | "mhpss" | "safety" | "digital" | "law";
export type Actor = "survivor" | "responder" | "provider";
export type Handling = "none" | "fingerprint" | "capture" | "copy" | "upload" | "forward";
/** What kind of step an action is; the proof binds each kind to its gate. */
export type Act =
  "none" | "digital" | "removal" | "platform-report" | "evidence" | "law-report" | "guardian-consent" | "emergency";

/** `possible` is the condition without `maybe` and `known`: false only when no missing fact could make it true. */
export type RiskRule = PackRule & { readonly level: Level; readonly possible: NodeIndex };

export type LimitRule = PackRule & { readonly limit: string };

export type PackGate = {
  readonly id: string;
  /** -1: the gate always applies. */
  readonly notApplicable: NodeIndex;
  /** All of `rules`, as one node. */
  readonly node: NodeIndex;
  readonly rules: readonly PackRule[];
  readonly limits: readonly LimitRule[];
  readonly source: string;
};

export type ActionRule = PackRule & {
  readonly urgency: RuleUrgency;
  readonly possible: NodeIndex;
};

export type PackAction = {
  readonly id: string;
  readonly area: Area;
  readonly actor: Actor;
  readonly handles: Handling;
  readonly act: Act;
  /** Place in `gates`; -1: behind no gate. */
  readonly gate: number;
  readonly rules: readonly ActionRule[];
  readonly limits: readonly LimitRule[];
};

/** One step of a tool. It is shown while `when` holds and its gate is open. */
export type PackStep = {
  readonly step: number;
  readonly actor: Actor;
  readonly handles: Handling;
  /** Place in `gates`; -1: behind no gate of its own. */
  readonly gate: number;
  /** -1: always. */
  readonly when: NodeIndex;
  readonly source: string;
};

export type PackTool = {
  readonly id: string;
  readonly kind: "fingerprint" | "partner" | "platform";
  readonly offered: PackRule;
  readonly gate: number;
  /** What it needs besides its gate; -1: nothing. */
  readonly openIf: NodeIndex;
  readonly steps: readonly PackStep[];
  readonly limits: readonly LimitRule[];
};

export type PackContact = {
  readonly id: string;
  readonly region: string;
  /** Empty: the whole region. */
  readonly governorates: readonly string[];
  readonly numbers: readonly { readonly label: string; readonly number: string }[];
  /** Whether the guide itself says what the number is for. */
  readonly purposeFromGuide: boolean;
  /** The day the task force last confirmed it, as YYYY-MM-DD; null: not confirmed yet. */
  readonly verifiedOn: string | null;
  readonly shown: PackRule;
  readonly rules: readonly (PackRule & { readonly weight: number })[];
};

/** While it is true, its fact's answer contradicts another and is asked again. */
export type PackContradiction = PackRule & { readonly fact: number };

export type CompiledPack = {
  readonly format: 1;
  readonly id: string;
  readonly version: string;
  /** In the order in which equal questions are asked. */
  readonly facts: readonly PackFact[];
  readonly nodes: readonly PackNode[];
  /** Highest first. */
  readonly levels: readonly PackLevel[];
  readonly track: { readonly child: PackRule; readonly adult: PackRule };
  readonly riskRules: readonly RiskRule[];
  readonly gates: readonly PackGate[];
  /** In the order in which they are done. */
  readonly actions: readonly PackAction[];
  readonly tools: readonly PackTool[];
  readonly contacts: readonly PackContact[];
  readonly contradictions: readonly PackContradiction[];
};
