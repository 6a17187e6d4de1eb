/** Words with numbers in them, in the digits of whoever reads. */

import { expect, test } from "vitest";
import { type Texts, digitsOf, makeWords } from "./words.ts";

const own: Texts = {
  "sync.unsent": "Not sent yet: {count}",
  "case.readers": "Can be seen by {names}",
  "form.in24h": "in 24 hours",
  "tool.t4p": "Tech4Peace (T4P), 24/7, https://t4p.example/2",
  "option.age.adult": "18 or older",
};
const eastern = makeWords("ar", own, {}, "eastern");

test("a count and a number of ours are shown in the digits that somebody reads", () => {
  expect(eastern.word("sync.unsent", { count: "12" })).toBe("Not sent yet: ١٢");
  expect(eastern.word("form.in24h")).toBe("in ٢٤ hours");
  expect(makeWords("ar", own, {}, "western").word("form.in24h")).toBe("in 24 hours");
});

test("digits inside of a name or an address in Latin letters belong to it; those of a choice are ours", () => {
  expect(eastern.text("tool.t4p")).toBe("Tech4Peace (T4P), ٢٤/٧, https://t4p.example/2");
  expect(eastern.option("age", "adult")).toBe("١٨ or older");
  expect(eastern.option("age", "18-to-25")).toBe("18-to-25");
});

test("a name, a code and what a person wrote are left as they were written", () => {
  expect(eastern.word("case.readers", { names: "Sara 2, KRI-2026-7001" })).toBe("Can be seen by Sara 2, KRI-2026-7001");
  const names = { person: (id: string) => id, provider: () => undefined };
  expect(eastern.say({ kind: "text", text: "at 14:00, with 2 others" }, names)).toBe("at 14:00, with 2 others");
  expect(eastern.say({ kind: "number", number: 19 }, names)).toBe("١٩");
});

test("what is typed is shown in those digits too, from whatever keyboard it came", () => {
  expect(eastern.digits("2٦")).toBe("٢٦");
  expect(makeWords("ckb", own, {}, "western").digits("٢٦")).toBe("26");
});

test("a moment is said in the words of the language and the digits of the reader", () => {
  const at = new Date(2026, 10, 21, 9, 5).getTime();
  expect(makeWords("ckb", own, {}, digitsOf.ckb).moment(at)).toBe("شەممە ٢١ تشرینی دووەم ٢٠٢٦، ٠٩:٠٥");
  expect(makeWords("en", own, {}, digitsOf.en).moment(at)).toBe("Saturday 21 November 2026, 09:05");
});
