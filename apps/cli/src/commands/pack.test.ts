/** Tests of `amana pack verify|check|show`: a sound pack, a broken one, an unsafe one, and reading. */

import { afterEach, expect, test } from "vitest";
import { sectionNames } from "../pack-sections.ts";
import { folderWith, overlayFiles } from "../testing/overlay.ts";
import { amana } from "../testing/terminal.ts";
import { languages } from "../words.ts";

const removals: (() => void)[] = [];
const overlay = (files: Readonly<Record<string, string>> = {}) => {
  const { path, remove } = folderWith(overlayFiles(files));
  removals.push(remove);
  return path;
};
afterEach(() => {
  for (const remove of removals.splice(0)) remove();
});

const fourteen = Array.from({ length: 14 }, (_, place) => `S-${String(place + 1)}`);

test("the national pack is proved, property by property, with the time it took", async () => {
  let now = 0;
  const { code, out, err } = await amana(["pack", "verify"], { milliseconds: () => (now += 500) });
  expect([code, err]).toEqual([0, ""]);
  for (const id of fourteen) expect(out).toMatch(new RegExp(`proved +${id} `));
  expect(out).toMatch(/Proved for every possible case: .* \d+\.\d s/);
});

test("the proof as JSON has every property", async () => {
  const { code, out } = await amana(["pack", "verify", "--json"]);
  const result = JSON.parse(out) as { readonly properties: readonly { readonly id: string }[] };
  expect(code).toBe(0);
  expect(result).toMatchObject({ pack: { id: "iraq-online-violence" }, isProved: true });
  expect(result.properties.map(({ id }) => id)).toEqual(expect.arrayContaining(fourteen));
});

test("an overlay that is more careful passes", async () => {
  const careful = overlay({ "levels.csv": "id,hours,source\nmedium,24,G-SAFE-5\n" });
  expect((await amana(["pack", "verify", careful])).code).toBe(0);
});

test("an overlay that weakens a safety property is refused with the smallest case in words", async () => {
  const late = overlay({ "levels.csv": "id,hours,source\nhigh,72,G-SAFE-5\n" });
  for (const lang of ["en", "ckb"]) {
    const { code, out } = await amana(["pack", "verify", late, "--lang", lang]);
    expect(code).toBe(1);
    expect(out).toMatch(/REFUTED S-6 /);
    expect(out).toContain("The smallest case");
  }
  expect(JSON.parse((await amana(["pack", "verify", late, "--json"])).out)).toMatchObject({ isProved: false });
});

test("an overlay that says less than the national pack is refused", async () => {
  const header = "id,action,urgency,when,source";
  const less = overlay({
    "action-rules.csv": `${header}\nR-ally-named,work-with-trusted-ally,follows,age is child,G-SAFE-4\n`,
  });
  const { code, out } = await amana(["pack", "verify", less]);
  expect(code).toBe(1);
  expect(out).toMatch(/REFUTED keeps-the-pack-below /);
});

test("what no proof can judge of an overlay is listed for a person to read", async () => {
  const words = overlay({ "texts/ar/rules.csv": "key,text\nrule.R-preserve,كلمات\n" });
  for (const lang of languages) {
    const { code, out } = await amana(["pack", "verify", words, "--lang", lang]);
    expect(code).toBe(0);
    expect(out).toMatch(/\n {8}ar rule\.R-preserve\n$/);
  }
  const { out } = await amana(["pack", "verify", words, "--json"]);
  expect(JSON.parse(out)).toMatchObject({ toRead: { actions: [], texts: { ar: ["rule.R-preserve"] } } });
  expect((await amana(["pack", "verify"])).out).not.toContain("What no proof can judge");
});

test("what is wrong with a table is told by file, line and column", async () => {
  const wrong = overlay({ "levels.csv": "id,hours,source\nmedium,soon,G-SAFE-5\n" });
  for (const command of ["check", "verify"]) {
    const { code, out } = await amana(["pack", command, wrong]);
    expect(code).toBe(1);
    expect(out).toMatch(/levels\.csv:2: hours: "soon"/);
  }
  const { code, out } = await amana(["pack", "check", wrong, "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    pack: null,
    problems: [{ type: "ValueWrong", line: 2, column: "hours", value: "soon" }],
  });
});

test("problems are told in every language", async () => {
  const wrong = overlay({ "levels.csv": "id,hours,source\nmedium,soon,G-SAFE-5\n" });
  const says = await Promise.all(
    languages.map(async (lang) => (await amana(["pack", "check", wrong, "--lang", lang])).out),
  );
  expect(new Set(says).size).toBe(4);
  for (const out of says) expect(out).toContain("levels.csv:2");
});

test("a folder that is not there is refused as bad use", async () => {
  for (const command of ["check", "verify", "show"]) {
    const { code } = await amana(["pack", command, "/nowhere/at-all"]);
    expect(code).toBe(2);
  }
});

test("a file is named from where the person stands", async () => {
  const wrong = overlay({ "levels.csv": "id,hours,source\nmedium,soon,G-SAFE-5\n" });
  const { out } = await amana(["pack", "check", "."], { folder: wrong });
  expect(out).toMatch(/^levels\.csv:2/);
});

test("reading a pack begins with what is in it", async () => {
  const { code, out } = await amana(["pack", "show"]);
  expect(code).toBe(0);
  expect(out).toContain("17 (harms)");
  expect(out).toContain("waits for review by native speakers");
});

test.each(sectionNames)("%s can be read, as text in every language and as JSON", async (section) => {
  for (const lang of languages) {
    const { code, out } = await amana(["pack", "show", section, "--lang", lang]);
    expect(code).toBe(0);
    expect(out.length).toBeGreaterThan(500);
    expect(out).not.toMatch(/undefined|\[object/);
  }
  const { out: json } = await amana(["pack", "show", section, "--json"]);
  const rows = JSON.parse(json) as Record<string, unknown[]>;
  expect(Object.keys(rows)).toEqual(["pack", section]);
  expect(rows[section]?.length).toBeGreaterThan(5);
});

test("an overlay is read with what it leaves as it is", async () => {
  const own = overlay({ "levels.csv": "id,hours,source\nmedium,24,G-SAFE-5\n" });
  const { code, out } = await amana(["pack", "show", own, "harms", "--json"]);
  expect(code).toBe(0);
  const read = JSON.parse(out) as { readonly pack: { readonly id: string }; readonly harms: readonly unknown[] };
  expect(read.pack.id).toBe("an-organisation");
  expect(read.harms).toHaveLength(17);
});

test("a part that is none is refused with those that are", async () => {
  const { code, err } = await amana(["pack", "show", ".", "ruels"]);
  expect(code).toBe(2);
  expect(err).toContain("rules, gates, actions");
});

test("the ids of a pack are printed as the table that a release records", async () => {
  const { code, out } = await amana(["pack", "ids"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^kind,id,version\nfact,asking,1\.0\.0\n/);
  expect(out).toContain("\nrule,R-high-immediate-danger,1.0.0\n");
  expect((await amana(["pack", "ids", "/nowhere"])).code).toBe(2);
});
