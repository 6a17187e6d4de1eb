/**
 * What somebody has chosen for themselves on this device, by name: how digits look, what need not be shown again. Sealed like
 * everything else, and of no meaning to the device. Called in turn.
 */

import { listFrom, textFrom } from "../logs/own-values.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";

export type Choices = Readonly<Record<string, string>>;

const choicesName = recordName("choices");

export const readChoices = async ({ records }: Unlocked): Promise<Choices> => {
  const content = await records.read(choicesName);
  if (content === undefined) return {};
  return Object.fromEntries(
    listFrom(content).map((each) => {
      const [name, value] = listFrom(each);
      return [textFrom(name), textFrom(value)];
    }),
  );
};

/** Durable when it answers. */
export const writeChoice = async (unlocked: Unlocked, name: string, value: string): Promise<void> => {
  const choices = { ...(await readChoices(unlocked)), [name]: value };
  await unlocked.records.write(choicesName, Object.entries(choices));
};
