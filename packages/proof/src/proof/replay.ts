/** Sends a case through the real engine and through the encoding, and says whether they agree on every decision. */

import { assert } from "@amana/kernel";
import { type Answer, type CompiledPack, type Facts, assess, parseFacts, preparePack } from "@amana/pathway";
import { emptyCircuit, evaluateCircuit } from "../circuit/circuit.ts";
import { encodeAnswer } from "../encoding/answer.ts";
import { type ContactOrders, type Decisions, contactOrders, decisionsAt, decisionsOf } from "../encoding/decide.ts";
import { freeCase, inputsFor } from "../encoding/facts.ts";

/** The engine's answer to facts the proof has made. */
export const answerTo = (pack: CompiledPack, facts: Facts): Answer => {
  const parsed = parseFacts(pack, facts);
  assert(parsed.ok, "the proof made facts that the pack does not know");
  return assess(preparePack(pack), parsed.value);
};

/** What the encoding decides of any case; made once, asked often. */
export const encodingOf = (pack: CompiledPack): ((facts: Facts) => Decisions) => {
  const circuit = emptyCircuit();
  const literals = freeCase(circuit, pack);
  const encoded = encodeAnswer(circuit, pack, literals);
  const orders: ContactOrders = contactOrders(circuit, encoded);
  return (facts) =>
    decisionsAt(pack, encoded, orders, evaluateCircuit(circuit, inputsFor(circuit, pack, literals, facts)));
};

/** Whether engine and encoding decide the same. */
export const replay = (pack: CompiledPack, facts: Facts): boolean =>
  JSON.stringify(decisionsOf(answerTo(pack, facts))) === JSON.stringify(encodingOf(pack)(facts));
