/**
 * Why several acts of one place wait, said once above them where it is the same for all. Each act stays where it is, cannot be
 * pressed, and points to the reason.
 */

import { type RefusalInWords, refusalInWords } from "../frame/refusal.ts";
import type { Words } from "../frame/words.ts";
import type { Act, Refusal } from "./screen.ts";

export type SharedReason = RefusalInWords & { readonly key: string; readonly id: string; readonly refusal: Refusal };

type Waiting = Pick<Act, "form" | "closed">;

/** The same for acts that wait for the same: two gates that lack the same facts are opened by one answer. */
export const reasonKey = ({ form, closed }: Waiting, words: Words): string | undefined => {
  if (closed === undefined) return undefined;
  if (closed.type === "GateClosed") return ["GateClosed", ...closed.needs].join(" ");
  const { sentence, missing } = refusalInWords(closed, words, form);
  return [closed.type, sentence, ...missing].join(" ");
};

/** The reasons that more than one of these acts has, each with an id that begins like this. */
export const sharedReasons = (acts: readonly Waiting[], words: Words, ids: string): readonly SharedReason[] => {
  const waiting = acts.flatMap((act) => {
    const key = reasonKey(act, words);
    return key === undefined || act.closed === undefined ? [] : [{ key, form: act.form, refusal: act.closed }];
  });
  const keys = [...new Set(waiting.map(({ key }) => key))];
  return keys.flatMap((key, place) => {
    const alike = waiting.filter((each) => each.key === key);
    const [first] = alike;
    if (first === undefined || alike.length === 1) return [];
    const said = refusalInWords(first.refusal, words, first.form);
    const sentence = gatesSentence(alike, words) ?? said.sentence;
    return [{ key, id: `${ids}-why-${place}`, refusal: first.refusal, sentence, missing: said.missing }];
  });
};

/** All the gates that wait for it, named in one sentence. */
const gatesSentence = (alike: readonly { readonly refusal: Refusal }[], words: Words): string | undefined => {
  const gates = alike.flatMap(({ refusal }) => (refusal.type === "GateClosed" ? refusal.gate : []));
  if (gates.length === 0) return undefined;
  const names = [...new Set(gates)].map((gate) => words.text(`gate.${gate}.name`));
  return words.word("refusal.GateClosed", { gate: names.join(words.word("list.separator")) });
};
