/** The house's own lint rules catch what they are there for, in the parts where they hold. */

import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, it } from "vitest";

/** The project's rules on a text, less those that need types, which the samples have not. */
const eslint = new ESLint({
  cwd: `${import.meta.dirname}/..`,
  overrideConfig: [
    { ...tseslint.configs.disableTypeChecked },
    { languageOptions: { parserOptions: { projectService: false } } },
  ],
});

const rulesBroken = async (filePath: string, text: string): Promise<readonly (string | null)[]> => {
  const results = await eslint.lintText(text, { filePath });
  return results.flatMap((result) => result.messages.map((message) => message.ruleId));
};

const pure = "packages/pathway/src/sample.ts";

describe("the lint rules", () => {
  it.each([
    ["Date", "export const now = (): number => Date.now();", "no-restricted-globals"],
    ["Date by another way", "export const now = (): number => globalThis.Date.now();", "no-restricted-properties"],
    ["Intl", "export const f = new Intl.NumberFormat();", "no-restricted-globals"],
    ["Math.random", "export const r = (): number => Math.random();", "no-restricted-properties"],
    ["localeCompare", 'export const c = (a: string): number => a.localeCompare("b");', "no-restricted-syntax"],
    [
      "localeCompare in brackets",
      'export const c = (a: string): number => a["localeCompare"]("b");',
      "no-restricted-syntax",
    ],
    ["toLocaleString", "export const c = (a: number): string => a.toLocaleString();", "no-restricted-syntax"],
    ["toLocaleUpperCase", "export const c = (a: string): string => a.toLocaleUpperCase();", "no-restricted-syntax"],
  ])("refuse %s in a pure part, but not in its tests or elsewhere", async (_name, text, rule) => {
    expect(await rulesBroken(pure, text)).toEqual([rule]);
    for (const elsewhere of ["packages/pathway/src/sample.test.ts", "packages/ui/src/sample.ts"]) {
      expect(await rulesBroken(elsewhere, text), elsewhere).toEqual([]);
    }
  });

  it("refuse what browsers of some years ago do not know, where it runs in one, and nowhere else", async () => {
    const text = "export const f = (x: number[]): number[] => x.toReversed();";
    for (const path of [pure, "packages/vault/src/sample.ts", "apps/casework/src/sample.ts"])
      expect(await rulesBroken(path, text), path).toEqual(["no-restricted-syntax"]);
    for (const path of ["packages/vault/src/node/sample.ts", "apps/server/src/sample.ts", "scripts/sample.ts"])
      expect(await rulesBroken(path, text), path).toEqual([]);
  });

  it("refuse `any`, `!`, and an `as` that does not say how we know", async () => {
    expect(await rulesBroken(pure, "export const f = (x: any): void => void x;")).toContain(
      "@typescript-eslint/no-explicit-any",
    );
    expect(await rulesBroken(pure, "export const f = (x?: number): number => x!;")).toContain(
      "@typescript-eslint/no-non-null-assertion",
    );
    expect(await rulesBroken(pure, "declare const x: unknown;\nexport const y = x as string;")).toEqual([
      "house/as-carries-a-comment",
    ]);
    expect(
      await rulesBroken(pure, "declare const x: unknown;\n// It was just checked.\nexport const y = x as string;"),
    ).toEqual([]);
    expect(await rulesBroken(pure, "export const y = [1] as const;")).toEqual([]);
  });

  it("refuse a look by the page itself where the app is tested, which would not wait until the page has settled", async () => {
    const path = "tests/browser/casework-sample.test.ts";
    for (const look of ['page.textContent("h1")', 'nasrin.page.isVisible("h1")', 'page.$("h1")'])
      expect(await rulesBroken(path, `void ${look};`), look).toEqual(["no-restricted-syntax"]);
    for (const look of ['page.locator("h1").textContent()', 'page.waitForSelector("h1")', "page.title()"])
      expect(await rulesBroken(path, `void ${look};`), look).toEqual([]);
    expect(await rulesBroken("tests/browser/guide-sample.test.ts", 'void page.textContent("h1");')).toEqual([]);
  });

  it("refuse a class for data", async () => {
    expect(await rulesBroken(pure, "export class CaseFile {\n  readonly id = 1;\n}")).toContain(
      "house/no-class-for-data",
    );
  });

  it("refuse a file of more than 400 lines, and a function of more than 60", async () => {
    const lines = (count: number): string => "export const f = (): void => {\n" + "  f();\n".repeat(count - 2) + "};\n";
    expect(await rulesBroken(pure, lines(60))).toEqual([]);
    expect(await rulesBroken(pure, lines(61))).toEqual(["max-lines-per-function"]);
    expect(await rulesBroken(pure, "export const x = 1;\n// A comment.\n\n" + "void x;\n".repeat(399))).toEqual([]);
    expect(await rulesBroken(pure, "export const x = 1;\n" + "void x;\n".repeat(400))).toEqual(["max-lines"]);
    expect(await rulesBroken("packages/pathway/src/sample.test.ts", lines(500))).toEqual([]);
  });

  it("refuse markup from text in a Svelte file", async () => {
    expect(await rulesBroken("packages/ui/src/Sample.svelte", "<!-- A sample. -->\n{@html '<b>x</b>'}\n")).toContain(
      "svelte/no-at-html-tags",
    );
  });
});
