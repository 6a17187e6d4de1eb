/**
 * The answer of the pathway: what to do now, and why. Its shape is an interface (DOMAIN §13)
 * on which the guide, the case file and others build; it only ever grows.
 */

import type { Actor, Area, Handling, Level, Urgency } from "./pack.ts";

/** What is known of a case. An absent fact is unknown, never "no". A list that is present is complete. */
export type Facts = Readonly<Record<string, string | readonly string[]>>;

/** Why: the rule, the known facts that decided, and the section of the guide it comes from (S-12). */
export type Reason = {
  readonly rule: string;
  /** The facts that decided, each with its value as given. */
  readonly facts: Facts;
  /** Facts that decided by being unknown. Absent when there are none. */
  readonly unknown?: readonly string[];
  readonly source: string;
};

export type Track = "adult" | "child" | "child-until-age-known";

export type Risk = {
  readonly level: Level;
  /** Whether an unknown fact could still raise the level or shorten the deadline. Never at the highest level. */
  readonly provisional: boolean;
  /** The shortest deadline still possible, in hours; null is the standard timeline. */
  readonly actWithinHours: number | null;
  readonly because: readonly Reason[];
};

export type GateAnswer = {
  readonly state: "open" | "closed" | "not-applicable";
  /** The facts missing or standing in the way, over all the ways to open it. Empty when open. */
  readonly needs: readonly string[];
  readonly limits: readonly string[];
  readonly because: readonly Reason[];
};

export type ActionAnswer = {
  readonly id: string;
  readonly area: Area;
  readonly urgency: Urgency;
  readonly actor: Actor;
  readonly handles: Handling;
  readonly limits: readonly string[];
  readonly because: readonly Reason[];
};

export type ToolAnswer = {
  readonly id: string;
  readonly offered: boolean;
  readonly open: boolean;
  /** The numbers of the steps to show; a step with a choice to block is left out while blocking is closed. */
  readonly steps: readonly number[];
  readonly limits: readonly string[];
  readonly because: readonly Reason[];
};

export type ContactAnswer = {
  readonly id: string;
  readonly region: string;
  readonly governorates: readonly string[];
  readonly numbers: readonly { readonly label: string; readonly number: string }[];
  readonly purposeFromGuide: boolean;
  readonly verifiedOn: string | null;
  readonly because: readonly Reason[];
};

export type AskAnswer = { readonly fact: string; readonly because: readonly Reason[] };

export type Answer = {
  readonly pack: { readonly id: string; readonly version: string };
  readonly track: Track;
  readonly risk: Risk;
  readonly gates: Readonly<Record<string, GateAnswer>>;
  /** In the order to be done, urgency first. */
  readonly actions: readonly ActionAnswer[];
  readonly tools: readonly ToolAnswer[];
  /** Best mandate first (S-13). */
  readonly contacts: readonly ContactAnswer[];
  /** Most decisive question first. */
  readonly ask: readonly AskAnswer[];
};
