/** Answers that come in another order than they were asked for. */

import { expect, test } from "vitest";
import { newestOf } from "./newest.ts";

/** Somebody who is asked, and answers each question when told to. */
const answering = () => {
  const answers: (() => void)[] = [];
  const shown: string[] = [];
  const read = newestOf(
    (_asked: string) =>
      new Promise<string>((resolve) => {
        const number = answers.push(() => resolve(`answer ${number}`));
      }),
    (answer, asked) => shown.push(`${asked}: ${answer}`),
  );
  return { read, shown, answer: (number: number) => answers[number - 1]?.() };
};

test("an answer that comes after a newer one is not shown in its place", async () => {
  const { read, shown, answer } = answering();
  const both = [read(1, "teams"), read(2, "teams")];
  answer(2);
  await both[1];
  answer(1);
  await both[0];
  expect(shown).toEqual(["teams: answer 2"]);
});

test("an answer to what nobody asks any more is not shown, though what is asked now is not answered yet", async () => {
  const { read, shown, answer } = answering();
  const both = [read(1, "notes"), read(1, "law")];
  answer(1);
  await both[0];
  expect(shown).toEqual([]);
  answer(2);
  await both[1];
  expect(shown).toEqual(["law: answer 2"]);
});

test("while there is news again and again, what was read is shown and replaced, and nobody waits for the news to end", async () => {
  const { read, shown, answer } = answering();
  const both = [read(1, "teams"), read(2, "teams")];
  answer(1);
  await both[0];
  expect(shown).toEqual(["teams: answer 1"]);
  answer(2);
  await both[1];
  expect(shown).toEqual(["teams: answer 1", "teams: answer 2"]);
});
