/** A number that is read or dialled otherwise than it was written leads to somebody else. */

import { expect, test } from "vitest";
import { partsOf } from "./telephone.ts";

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
