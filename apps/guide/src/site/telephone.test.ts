/** Telephone numbers as written and as read. */

import { expect, test } from "vitest";
import { numbersOf, spaced } from "./telephone.ts";

test("a number may carry a label", () => {
  expect(numbersOf(["104", "mobile=+9647508088080"])).toEqual([
    { number: "104", label: "" },
    { number: "+9647508088080", label: "mobile" },
  ]);
});

test("long numbers are shown in groups, short ones whole", () => {
  expect(["104", "066106", "+9647508088080"].map(spaced)).toEqual(["104", "066 106", "+964 750 808 8080"]);
});
