/** A number that is read or dialled otherwise than it was written leads to somebody else. */

import { expect, test } from "vitest";
import { isNumberAlone, numbersShownOtherwise, partsOf } from "./telephone.ts";

test("numbers in what was written can be called, and the rest stays as it was written", () => {
  expect(partsOf("Ask for Dr A.: 0750 111 22 33, or +964-770-000-0000 (9–14)")).toEqual([
    { text: "Ask for Dr A.: " },
    { text: "0750 111 22 33", number: "07501112233" },
    { text: ", or " },
    { text: "+964-770-000-0000", number: "+9647700000000" },
    { text: " (9–14)" },
  ]);
});

test("a number is one in Arabic and Persian digits too, and is dialled in Latin ones", () => {
  expect(partsOf("خوشکم: ٠٧٥٠ ١١١ ٢٢٣٣، یان ۰۷۷۰–۱۱۱–۲۲۳۳")).toEqual([
    { text: "خوشکم: " },
    { text: "٠٧٥٠ ١١١ ٢٢٣٣", number: "07501112233" },
    { text: "، یان " },
    { text: "۰۷۷۰–۱۱۱–۲۲۳۳", number: "07701112233" },
  ]);
  expect(partsOf("٠٧٥٠ ١١١ ٢٢٣٣").map(({ number }) => number)).toEqual(["07501112233"]);
});

test("a field in which only a number is typed is told from one with words, from the first digit on", () => {
  for (const typed of ["0", "0750 ", "+964 750 111 2233", "٠٧٥٠ ١١١ ٢٢٣٣", "(0750) 111–2233"])
    expect([typed, isNumberAlone(typed)]).toEqual([typed, true]);
  for (const typed of ["", " ", "+", "0750 111 2233 after two", "خوشکم ٠٧٥٠", "@0750"])
    expect([typed, isNumberAlone(typed)]).toEqual([typed, false]);
});

test("of what is typed from right to left the numbers are named that would be read otherwise, and no others", () => {
  expect(numbersShownOtherwise("خوشکم: 0750 111 2233 یان +9647701112233 یان ٠٧٥٠١١١٢٢٣٣")).toEqual([
    "0750 111 2233",
    "+9647701112233",
  ]);
  expect(numbersShownOtherwise("خوشکم: ٠٧٥٠ ١١١ ٢٢٣٣")).toEqual(["٠٧٥٠ ١١١ ٢٢٣٣"]);
  expect(numbersShownOtherwise("Her sister: 0750 111 2233")).toEqual([]);
  expect(numbersShownOtherwise("٠٧٥٠ ١١١ ٢٢٣٣")).toEqual([]);
});
