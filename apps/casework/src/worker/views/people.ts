/** Who carries the case, and who was asked to. */

import { responsiblePersons } from "@amana/casefile";
import type { Block, Card } from "../../case/screen.ts";
import { byRows } from "./assessment.ts";
import { text, word } from "./rows.ts";
import { type Seen, act } from "./seen.ts";

export const peopleBlocks = (seen: Seen): readonly Block[] => [
  {
    title: "block.responsible",
    cards: responsiblePersons(seen.state).map((person): Card => ({
      id: person,
      title: { kind: "person", person },
      marks: [],
      rows: [],
      acts: [],
    })),
    empty: "block.responsible.empty",
    acts: [act(seen, "OfferResponsibility")],
  },
  {
    title: "block.offers",
    cards: offerCards(seen),
    empty: "block.offers.empty",
    acts: [],
  },
];

const offerCards = (seen: Seen): readonly Card[] => {
  const { offers, answers } = seen.state.responsibility;
  return offers
    .filter(({ mark }) => !answers.some(({ value }) => value.offer === mark.entry))
    .map(({ value, mark }) => {
      const offer = mark.entry;
      const isMine = value.to === seen.actor.person;
      return {
        id: `${mark.entry}/${mark.index}`,
        title: { kind: "person", person: value.to },
        marks: [
          { phrase: word("mark.waits"), tone: "watch" },
          // Who cannot open the case does not get the offer either.
          ...(seen.access.readers.includes(value.to)
            ? []
            : [{ phrase: word("mark.cannotSee"), tone: "alarm", follows: true } as const]),
        ],
        rows: [{ label: word("field.because"), value: text(value.because) }, ...byRows(mark.author, mark.recordedAt)],
        acts: isMine
          ? [act(seen, "AcceptResponsibility", { offer }), act(seen, "DeclineResponsibility", { offer })]
          : [],
      };
    });
};
