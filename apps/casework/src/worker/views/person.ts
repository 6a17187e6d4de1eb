/** The person: how to reach them safely, and what they chose to tell of themself. */

import { type SafeContact, areLimitsTold, safeContactOf, standing } from "@amana/casefile";
import type { Block, Card } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import { detailFields } from "../../forms/vocabulary.ts";
import { byRows } from "./assessment.ts";
import { option, rowsOf, text, word } from "./rows.ts";
import { type Seen, act } from "./seen.ts";

export const personBlocks = (seen: Seen): readonly Block[] => [
  {
    title: "block.contact",
    cards: contactCards(seen),
    isOneThing: true,
    empty: "block.contact.empty",
    acts: [act(seen, "AgreeSafeContact"), act(seen, "DeclareContactUnsafe")],
  },
  {
    title: "block.limits",
    cards: [],
    empty: areLimitsTold(seen.state) ? "block.limits.told" : "block.limits.empty",
    acts: [act(seen, "TellLimits")],
  },
  {
    title: "block.details",
    cards: detailCards(seen),
    empty: "block.details.empty",
    acts: [act(seen, "RecordDetail")],
  },
];

/**
 * The ways as somebody may use them: where two were agreed without knowing of each other, a message is left by neither unless both
 * say so, and whom either names must not know.
 */
export const waysOf = (contact: SafeContact): readonly AgreedContact[] => {
  if (contact.kind === "none") return [];
  if (contact.kind !== "safe") return contact.agreed;
  const { mayLeaveMessage, mustNotKnow } = contact;
  return contact.agreed.map((way) => ({ ...way, mayLeaveMessage, mustNotKnow }));
};

type AgreedContact = Extract<SafeContact, { kind: "safe" }>["agreed"][number];

const contactCards = (seen: Seen): readonly Card[] => {
  const { kind } = safeContactOf(seen.state, seen.now);
  return standing(seen.state.safeContact.said).map(({ value, mark }) => {
    const isAgreed = value.type === "SafeContactAgreed";
    return {
      id: `${mark.entry}/${mark.index}`,
      title: isAgreed ? option("how", value.how) : word("mark.unsafe"),
      marks: [{ phrase: option("contact", kind), tone: kind === "safe" ? "calm" : "alarm", follows: true }],
      rows: [
        ...rowsOf(
          isAgreed ? forms.AgreeSafeContact.filter(({ name }) => name !== "how") : forms.DeclareContactUnsafe,
          value,
        ),
        ...byRows(mark.author, mark.recordedAt),
      ],
      acts: [],
    };
  });
};

const detailCards = (seen: Seen): readonly Card[] =>
  detailFields.flatMap((field) => {
    const stands = standing(seen.state.survivor.detailsByField.get(field));
    if (stands.length === 0) return [];
    return [
      {
        id: field,
        title: option("field", field),
        marks: stands.length > 1 ? [{ phrase: word("mark.disagree"), tone: "alarm" } as const] : [],
        rows: stands.map(({ value, mark }) => ({
          label: option("saidBy", value.saidBy),
          value: value.value.kind === "given" ? text(value.value.text) : option("because", value.value.because),
          by: mark.author,
        })),
        acts: [act(seen, "RecordDetail", { field })],
      },
    ];
  });
