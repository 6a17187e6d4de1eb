/** What within a text can be pressed: pages by their name, numbers to call; addresses only to be read. */

import { describe, expect, test } from "vitest";
import { partsOf } from "./linking.ts";
import type { PageId } from "./site-map.ts";

const pages = new Map<string, PageId>([
  ["Numbers", "numbers"],
  ["الأرقام", "numbers"],
]);

const pressable = (text: string) => partsOf(text, pages).filter(({ kind }) => kind !== "plain");

describe("a text of the guide", () => {
  test("is never changed, only cut into parts", () => {
    for (const text of [
      "See “Numbers”. Call 911, or +964 783 588 2244.",
      "«الأرقام»: الاتصال على 104.",
      "",
      "“None”",
    ]) {
      expect(
        partsOf(text, pages)
          .map((part) => part.text)
          .join(""),
      ).toBe(text);
    }
  });

  test("links to a page that it names in quotation marks", () => {
    expect(pressable("See “Numbers” first.")).toEqual([{ kind: "page", text: "Numbers", page: "numbers" }]);
    expect(pressable("انظر «الأرقام».")).toEqual([{ kind: "page", text: "الأرقام", page: "numbers" }]);
  });

  test("does not link a name outside of quotation marks, nor a quotation that is no page", () => {
    expect(pressable("Numbers, and “words”.")).toEqual([]);
  });

  test("calls emergency and long numbers", () => {
    expect(pressable("Call 911. Else +964 783 588 2244")).toEqual([
      { kind: "telephone", text: "911", number: "911" },
      { kind: "telephone", text: "+964 783 588 2244", number: "+9647835882244" },
    ]);
  });

  test("does not take other numbers for telephones", () => {
    expect(pressable("Within 120 hours, 24 hours, 1104, 2021, 104,000")).toEqual([]);
  });

  test("shows an address without making it a link", () => {
    expect(pressable("Go to stopncii.org.")).toEqual([{ kind: "address", text: "stopncii.org" }]);
    expect(pressable("Write to report@insm-iq.org")).toEqual([{ kind: "address", text: "report@insm-iq.org" }]);
  });
});
