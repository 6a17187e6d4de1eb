/** The interface of section 13: every fact, value, gate, tool and number that others build on is there. */

import { always } from "../circuit/circuit.ts";
import { contactsOfDomain, factsOfDomain, gatesOfDomain, toolsOfDomain } from "../spec/vocabulary.ts";
import { type Property, type World, claim } from "./property.ts";

export const vocabulary: Property = {
  id: "vocabulary",
  title: "Every fact, value, gate, tool and number of sections 9, 10 and 13 is in the pack.",
  claims: (world) => whatIsMissing(world).map((missing) => claim(world, missing, always)),
};

const whatIsMissing = ({ pack, isExact }: World): readonly string[] => {
  const lacking = (
    kind: string,
    ids: readonly string[],
    present: readonly { readonly id: string }[],
  ): readonly string[] =>
    ids.filter((id) => !present.some((row) => row.id === id)).map((id) => `the ${kind} ${id} is missing`);
  const facts = factsOfDomain.flatMap(({ id, isList, values }) => {
    const fact = pack.facts.find((candidate) => candidate.id === id);
    if (fact === undefined) return [`the fact ${id} is missing`];
    if ((fact.kind === "list") !== isList) return [`the fact ${id} is ${isList ? "not " : ""}a list`];
    return values
      .filter((value) => !fact.values.includes(value))
      .map((value) => `the value ${value} of ${id} is missing`);
  });
  return [
    ...facts,
    ...lacking("gate", gatesOfDomain, pack.gates),
    // An organisation may leave out a tool or a number that does not serve its people.
    ...(isExact
      ? [...lacking("tool", toolsOfDomain, pack.tools), ...lacking("contact", contactsOfDomain, pack.contacts)]
      : []),
  ];
};
