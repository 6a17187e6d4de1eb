/** `amana contacts`: the numbers as the guide shows them, of one region or of both. */

import { type CompiledPack, type ContactAnswer, type Facts, assess, preparePack } from "@amana/pathway";
import { contactBlocks } from "../answer/contacts-page.ts";
import { type Call, type Command, prettyJson, sharedOptions } from "../command.ts";
import { heading, pageText, paragraph } from "../output/page.ts";
import { loadForAnswers } from "../packs-for-answers.ts";
import { type LoadedPack, textsOf } from "../packs.ts";
import { type ExitCode, exitCodes } from "../terminal.ts";
import { type View, viewOf } from "../view.ts";

export const contactsCommand: Command = {
  name: ["contacts"],
  usage: "[--region kri|federal] [--governorate ID] [--json]",
  example: "contacts --region kri",
  summary: "contacts.summary",
  notes: [],
  wordsMax: 0,
  options: {
    region: { value: "kri|federal", text: "contacts.option-region" },
    governorate: { value: "ID", text: "contacts.option-governorate" },
    json: sharedOptions.json,
    pack: sharedOptions.pack,
  },
  run: async (call) => {
    const loaded = await loadForAnswers(call);
    return "code" in loaded ? loaded.code : showContacts(call, loaded);
  },
};

const showContacts = async (call: Call, loaded: LoadedPack): Promise<ExitCode> => {
  const place = placeAskedFor(call, loaded);
  if ("refusal" in place) {
    await call.errors.write(`amana: ${place.refusal}\n`);
    return exitCodes.refused;
  }
  // The pathway itself says which contacts a region has and in which order, so both ways in agree.
  const { contacts } = assess(preparePack(loaded.pack), place.facts);
  const view = viewOf(loaded.pack, textsOf(loaded, call.language), call.language, "other");
  if (call.given.options.has("json")) {
    await call.out.write(prettyJson(contacts.map((contact) => contactAsJson(view, contact))));
    return exitCodes.done;
  }
  const page = [
    heading(call.say("contacts.heading")),
    ...contactBlocks(view, contacts),
    paragraph(1, call.say("contacts.note")),
  ];
  await call.out.write(pageText(page, call.terminal.columns));
  return exitCodes.done;
};

/** The region and governorate as facts. A governorate names its region; one of another region is refused. */
const placeAskedFor = (
  call: Call,
  { pack, source }: LoadedPack,
): { readonly facts: Facts } | { readonly refusal: string } => {
  const wrong = (option: string, allowed: readonly string[]) => ({
    refusal: call.say("use.value-wrong", { option, allowed: allowed.join(", ") }),
  });
  const region = call.given.options.get("region");
  const governorate = call.given.options.get("governorate");
  const regions = valuesOf(pack, "region");
  if (region !== undefined && !regions.includes(region)) return wrong("--region", regions);
  const row = source.tables.governorates.find(({ id }) => id === governorate);
  const inRegion = source.tables.governorates.filter((one) => region === undefined || one.region === region);
  if (governorate !== undefined && (row === undefined || !inRegion.includes(row))) {
    return wrong(
      "--governorate",
      inRegion.map(({ id }) => id),
    );
  }
  const known = region ?? row?.region;
  return {
    facts: { ...(known === undefined ? {} : { region: known }), ...(row === undefined ? {} : { governorate: row.id }) },
  };
};

const valuesOf = (pack: CompiledPack, fact: string): readonly string[] =>
  pack.facts.find(({ id }) => id === fact)?.values ?? [];

/** Without the reasons of a case, because there is no case; with the words, because there is a reader. */
const contactAsJson = (view: View, { because: _, ...contact }: ContactAnswer) => ({
  ...contact,
  name: view.tell(`contact.${contact.id}.name`, contact.id),
  for: view.find(`contact.${contact.id}.for`) ?? null,
});
