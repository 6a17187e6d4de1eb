/** A result of the proof in words: what a supervisor reads. Facts and rules are named by their ids. */

import type { Answer, CompiledPack, Facts, Reason } from "@amana/pathway";
import type { About } from "../properties/property.ts";
import type { Counterexample, PropertyResult } from "./prove.ts";
import { answerTo } from "./replay.ts";

/** One property on one line, and below it what is wrong, if anything. */
export const describeResult = (pack: CompiledPack, result: PropertyResult): readonly string[] => [
  `${result.state === "proved" ? "proved " : "REFUTED"} ${result.id.padEnd(14)} ${result.title}`,
  ...(result.counterexample === undefined ? [] : describeCounterexample(pack, result.counterexample).map(indent)),
  ...(result.missing ?? []).map(indent),
  ...(result.notes ?? []).map((note) => indent(`note: ${note}`)),
];

const indent = (line: string): string => `        ${line}`;

/** What is wrong, in which case, and by which rules of the pack. */
const describeCounterexample = (pack: CompiledPack, counterexample: Counterexample): readonly string[] => {
  const { facts, factsAfter, broken, about, isReplayed } = counterexample;
  const lines = [`${broken}.`, `The smallest case: ${describeFacts(facts)}.`];
  if (factsAfter !== undefined) lines.push(`After the change: ${describeChange(facts, factsAfter)}.`);
  const reasons = reasonsFor(answerTo(pack, factsAfter ?? facts), about);
  for (const reason of reasons) lines.push(`The pack's reason: ${describeReason(reason)}.`);
  if (!isReplayed)
    lines.push("The engine does not give the answer that the proof speaks of: the proof itself is wrong here.");
  return lines;
};

const valueInWords = (value: string | readonly string[]): string => {
  if (typeof value === "string") return `is ${value}`;
  return value.length === 0 ? "names nothing" : `names ${value.join(", ")}`;
};

const describeFacts = (facts: Facts): string => {
  const known = Object.entries(facts).map(([fact, value]) => `${fact} ${valueInWords(value)}`);
  return known.length === 0 ? "nothing is known" : `${known.join("; ")}; nothing else is known`;
};

const describeChange = (before: Facts, after: Facts): string => {
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes = [...ids].flatMap((id) => {
    const [one, other] = [before[id], after[id]];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    return [other === undefined ? `${id} is not known any more` : `${id} ${valueInWords(other)}`];
  });
  return changes.length === 0 ? "nothing" : changes.join("; ");
};

const reasonsFor = (answer: Answer, about: About | null): readonly Reason[] => {
  if (about === null) return [];
  const byId = (parts: readonly { readonly id: string; readonly because: readonly Reason[] }[]): readonly Reason[] =>
    parts.find((part) => part.id === about.id)?.because ?? [];
  switch (about.part) {
    case "level":
      return answer.risk.because;
    case "gate":
      return answer.gates[about.id]?.because ?? [];
    case "action":
      return byId(answer.actions);
    case "tool":
      return byId(answer.tools);
    case "contact":
      return byId(answer.contacts);
    default:
      return [];
  }
};

const describeReason = ({ rule, facts, unknown, source }: Reason): string => {
  const known = Object.entries(facts).map(([fact, value]) => `${fact} ${valueInWords(value)}`);
  const all = [...known, ...(unknown ?? []).map((fact) => `${fact} is not known`)];
  return `${rule} (${source})${all.length === 0 ? "" : `, as ${all.join(", ")}`}`;
};
