/**
 * The same question about many entries, several of them under way at once: a platform verifies and opens on more than one
 * core, and waiting for each before asking the next would leave all but one idle. Answers come in the order of the items.
 */

export const atOnceMax = 64;

export const inBatches = async <Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  for (let from = 0; from < items.length; from += atOnceMax)
    answers.push(...(await Promise.all(items.slice(from, from + atOnceMax).map(ask))));
  return answers;
};
