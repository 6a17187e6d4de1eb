/** Numbers for reading, as the guide shows them, each region under its own name. */

import type { ContactAnswer } from "@amana/pathway";
import { type Block, paragraph } from "../output/page.ts";
import { type View, listInWords } from "../view.ts";
import { isolate } from "../words.ts";

/** The contacts in their order; with several regions, each region's together under its name (S-13). */
export const contactBlocks = (view: View, contacts: readonly ContactAnswer[]): readonly Block[] => {
  const regions = [...new Set(contacts.map((contact) => contact.region))];
  return regions.flatMap((region) => [
    paragraph(1, view.say("contacts.region", { region: view.tell(`region.${region}`, region) })),
    ...contacts.filter((contact) => contact.region === region).flatMap((contact) => oneContact(view, contact)),
  ]);
};

const oneContact = (view: View, contact: ContactAnswer): readonly Block[] => {
  const numbers = contact.numbers.map(({ label, number }) => {
    const shown = isolate(view.language, numberAsShown(number));
    return label === "" ? shown : `${label} ${shown}`;
  });
  const name = view.tell(`contact.${contact.id}.name`, contact.id);
  const places = contact.governorates.map((id) => view.tell(`governorate.${id}`, id));
  return [
    paragraph(2, view.say("contact.line", { name, numbers: numbers.join(" / ") }), "- "),
    paragraph(3, view.find(`contact.${contact.id}.for`) ?? ""),
    ...(places.length === 0 ? [] : [paragraph(3, view.say("contact.only-in", { places: listInWords(view, places) }))]),
    paragraph(3, view.say(contact.purposeFromGuide ? "contact.purpose-guide" : "contact.purpose-ours")),
    paragraph(
      3,
      contact.verifiedOn === null
        ? view.say("contact.not-confirmed")
        : view.say("contact.confirmed", { day: contact.verifiedOn }),
    ),
  ];
};

/** Iraqi numbers in the groups in which the guide writes them: +964 750 808 8080. Short numbers stay as they are. */
const numberAsShown = (number: string): string => number.replace(/^(\+964)(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3 $4");
