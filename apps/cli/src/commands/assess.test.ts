/** Tests of `amana assess FILE|-`: the pathway's own answer, in words in four languages, and bad input refused. */

import { assess, preparePack } from "@amana/pathway";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadPack } from "../packs.ts";
import { folderWith, overlayFiles } from "../testing/overlay.ts";
import { type Typed, amana } from "../testing/terminal.ts";
import { languages, sayIn, textsByLanguage } from "../words.ts";

const mariam = { age: "child", harm: ["sexual-extortion"], "content-exposure": "threatened", region: "kri" };
const expectedFor = (facts: Record<string, string | string[]>, folder?: string) => {
  const loaded = loadPack(folder, { folder: "/" } as never);
  if (!loaded.ok) throw new Error("the pack must be readable");
  return assess(preparePack(loaded.value.pack), facts);
};

let files: ReturnType<typeof folderWith>;
beforeAll(() => {
  files = folderWith({
    "case.json": JSON.stringify(mariam),
    "empty.json": "",
    "blank.json": " \n\t",
    "bom.json": `\ufeff${JSON.stringify(mariam)}\r\n`,
    "utf16.json": Buffer.from(JSON.stringify(mariam), "utf16le"),
    "large.json": `{"age":"child"${" ".repeat(1024 * 1024)}}`,
    "folder/inside.json": "{}",
  });
});
afterAll(() => files.remove());

const typed = async (argv: readonly string[], more: Typed = {}) =>
  amana(["assess", ...argv], { folder: files.path, ...more });

test("the JSON is exactly the pathway's answer, from a file and from standard input", async () => {
  const expected = `${JSON.stringify(expectedFor(mariam), null, 2)}\n`;
  expect(await typed(["case.json", "--json"])).toEqual({ code: 0, out: expected, err: "" });
  expect(await typed(["-", "--json"], { input: JSON.stringify(mariam) })).toEqual({ code: 0, out: expected, err: "" });
  expect((await typed(["bom.json", "--json"])).out).toBe(expected);
});

test("a case of which nothing is known has an answer", async () => {
  const { code, out } = await typed(["-", "--json"], { input: "{}" });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(expectedFor({}));
});

test.each(languages)(
  "in %s it says how urgent, what to do, what is closed and why, whom to call, and what to ask",
  async (lang) => {
    const { code, out, err } = await typed(["case.json", "--lang", lang]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("24");
    expect(out).toContain("G-SAFE-5");
    expect(out).toContain("119");
    expect(out).toContain("+964 750 808 8080");
    expect(out).not.toMatch(/undefined|null|\[object/);
    expect(out).not.toContain("131");
  },
);

test("what is done now comes first, then within 24 hours, then the rest", async () => {
  const { out } = await typed(["case.json"]);
  const places = [
    "How urgent",
    "Now\n",
    "Within 24 hours\n",
    "What is open, what is closed",
    "Tools and platforms",
    "Numbers\n",
    "What to ask next",
  ];
  const found = places.map((heading) => out.indexOf(`\n${heading}`.trimStart()));
  expect(found).toEqual([...found].sort((one, other) => one - other));
  expect(found).not.toContain(-1);
});

test("every listed action says who acts, why, and by which section of the guide", async () => {
  const { out } = await typed(["case.json"]);
  const answer = expectedFor(mariam);
  expect(out.match(/Who acts:/g)).toHaveLength(answer.actions.length);
  const closed = Object.values(answer.gates).filter(({ state }) => state === "closed").length;
  expect(out.match(/What has to be so first:/g)).toHaveLength(closed);
  expect(out.match(/Why:/g)?.length).toBeGreaterThanOrEqual(
    answer.actions.length + Object.keys(answer.gates).length - closed,
  );
});

test("asking for oneself, gates are checks to make first and never something forbidden", async () => {
  const { out } = await typed(["-"], { input: '{"asking":"self"}' });
  expect(out).toContain("What to check first");
  expect(out).toContain("check first");
  expect(out).not.toContain("closed");
  expect(out).toContain("Who acts: you");
  expect(out).toContain("Keeping evidence yourself");
  expect(out).not.toMatch(/survivor|supervisor|every case/i);
});

test.each([
  ["en", /\bthe person\b(?! who)|consult your|adapt the|closed|fits the case|your organisation|act within/i],
  ["ar", /مع الشخص|جهاز الشخص|الشخص بالغ|الشخص دون|يُعامَل الشخص|المناسبة للحالة|منظمتكم/],
  ["ckb", /کەسەکە خوار|لەگەڵ کەسەکە|کەسەکە گەورەساڵە|ڕێکخراوەکەت/],
  ["kmr", /ژیێ وی کەسی کێمتر|دگەل وی کەسی وەک|ئامیرێ وی کەسی|دگەل کەسی|ڕێکخراوا تە/],
] as const)(
  "in %s, whoever asks for herself is spoken to, and no order to a helper is given her",
  async (lang, others) => {
    for (const [age, track] of [
      ["adult", "track.adult-self"],
      ["child", "track.child-self"],
      [undefined, "track.child-until-age-known-self"],
    ] as const) {
      const facts = { asking: "self", age, "suicide-or-self-harm": "risk", "sexual-content": "yes", disability: "yes" };
      const { out } = await typed(["-", "--lang", lang], { input: JSON.stringify(facts) });
      const flowing = out.replace(/\s+/g, " ");
      const own = flowing.split(sayIn(lang)("contacts.heading"))[0] ?? "";
      expect(own, age).not.toMatch(others);
      expect(flowing, age).toContain(textsByLanguage[lang][track]);
      expect(flowing, age).toContain(textsByLanguage[lang]["about.advice-self"]);
    }
  },
);

test("a level that could still rise says so", async () => {
  expect((await typed(["-"], { input: "{}" })).out).toContain("This is not final");
  expect((await typed(["case.json"])).out).not.toContain("This is not final");
});

const refused: readonly (readonly [string, string, readonly string[]])[] = [
  ["what is no JSON", '{"age": child}', ["<stdin>:1:9", "not JSON"]],
  ["nothing", "", ["nothing here"]],
  ["only blanks", " \r\n ", ["nothing here"]],
  ["a list", "[]", ["one JSON object"]],
  ["null", "null", ["one JSON object"]],
  ["a word", '"age"', ["one JSON object"]],
  ["an unknown fact", '{"agee":"child"}', ["agee", "immediate-danger", "amana pack show questions"]],
  ["an unknown fact like another", '{"danger-immediate":"yes"}', ["danger-immediate", "Nearest: immediate-danger"]],
  ["an unknown fact that is like none", '{"__proto__":"child"}', ["__proto__", "amana pack show questions"]],
  ["a wrong value", '{"age":"Child"}', ["age", "child, adult"]],
  ["a number where a word belongs", '{"age":17}', ["age", "child, adult"]],
  ["a true where yes belongs", '{"immediate-danger":true}', ["immediate-danger", "yes, no"]],
  ["a null where a fact is unknown", '{"age":null}', ["age", "child, adult"]],
  ["a list where one value belongs", '{"age":["child"]}', ["age", "child, adult", "no list"]],
  ["one value where a list belongs", '{"harm":"blackmail"}', ["harm", "blackmail", "list"]],
  ["a wrong value in a list", '{"harm":["blackmail","bullying"]}', ["harm", "cyberbullying"]],
  ["an object as a value", '{"age":{}}', ["age", "child, adult"]],
  ["a list without end", `{"harm":[${'"csam",'.repeat(500)}"csam"]}`, ["harm"]],
  [
    "a fact that is given twice",
    '{"immediate-danger":"yes","immediate-danger":"no"}',
    ["immediate-danger", "twice", "<stdin>:1:27"],
  ],
];

test.each(refused)("%s is refused with the field and what is allowed", async (_name, input, says) => {
  for (const argv of [["-"], ["-", "--json"]]) {
    const { code, out, err } = await typed(argv, { input });
    expect([code, out]).toEqual([2, ""]);
    for (const word of says) expect(err).toContain(word);
    expect(err).not.toMatch(/\n\s+at /);
  }
});

test("every problem of a case is told at once, up to a limit", async () => {
  const { err } = await typed(["-"], { input: '{"age":"old","harm":"csam","sexual":"yes"}' });
  expect(err.trim().split("\n")).toHaveLength(3);
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, place) => [`fact-${String(place)}`, "yes"]));
  expect((await typed(["-"], { input: JSON.stringify(many) })).err.trim().split("\n")).toHaveLength(20);
});

test("what a case says is not repeated in a refusal", async () => {
  const { err } = await typed(["-"], { input: '{"age":"Nisreen of Duhok","region":["Zakho"]} Amina' });
  expect(err).not.toMatch(/Nisreen|Zakho|Amina/);
  expect((await typed(["-"], { input: '{"age":"Nisreen of Duhok"}' })).err).not.toMatch(/Nisreen/);
});

test("a file that is missing, a folder, a text that is not UTF-8 or too large is refused by its name", async () => {
  const refusedFile = async (name: string) => {
    const { code, out, err } = await typed([name]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(name);
    return err;
  };
  expect(await refusedFile("missing.json")).toContain("no such file");
  expect(await refusedFile("case.json/inside")).toContain("no such file");
  expect(await refusedFile("folder")).toContain("a folder");
  expect(await refusedFile("utf16.json")).toContain("not");
  expect(await refusedFile("large.json")).toContain("1 MiB");
  expect(await refusedFile("empty.json")).toContain("nothing");
  expect(await refusedFile("blank.json")).toContain("nothing");
  expect((await typed(["-"], { input: Uint8Array.of(0x7b, 0xff, 0x7d) })).err).toContain("UTF-8");
});

test("without a file it says what is missing", async () => {
  const { code, out, err } = await typed([]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain("which file");
});

test.each(languages)("refusals are in %s and still name the field as it is written", async (lang) => {
  const { code, err } = await typed(["-", "--lang", lang], { input: '{"age":"old"}' });
  expect(code).toBe(2);
  expect(err).toContain("age");
  expect(err).toContain("child, adult");
});

test("an organisation's pack is laid over the national one, with its own words and shorter deadlines", async () => {
  const overlay = folderWith(
    overlayFiles({
      "levels.csv": "id,hours,source\nmedium,24,G-SAFE-5\n",
      "texts/en/facts.csv": "key,text\nlevel.medium.name,Our own word for medium\n",
    }),
  );
  const facts = { "continued-harassment": "yes" };
  const input = JSON.stringify(facts);
  const { code, out, err } = await typed(["-", "--pack", overlay.path, "--json"], { input });
  expect(err).toBe("");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    pack: { id: "an-organisation" },
    risk: { level: "medium", actWithinHours: 24 },
  });
  const words = await typed(["-", "--pack", overlay.path], { input });
  expect(words.out).toContain("Our own word for medium");
  // What it leaves as it is comes from the pack below.
  expect(words.out).toContain("Explain every option");
  overlay.remove();
});

test("a pack that is missing or broken is refused", async () => {
  expect(await typed(["-", "--pack", "nowhere"], { input: "{}" })).toMatchObject({ code: 2, out: "" });
  const broken = folderWith(overlayFiles({ "levels.csv": "id,hours\nmedium,soon\n" }));
  const { code, err } = await typed(["-", "--pack", broken.path], { input: "{}" });
  expect(code).toBe(2);
  expect(err).toContain("levels.csv:1");
  broken.remove();
});

test("a pack that the proof refutes gives no answer, and the case that refutes it is shown", async () => {
  const unsafe = folderWith(
    overlayFiles({ "gate-rules.csv": "id,gate,requires,source\nR-law-risk-assessed,law-report,always,G-LAW-2\n" }),
  );
  const refused = await typed(["case.json", "--pack", unsafe.path]);
  unsafe.remove();
  expect([refused.code, refused.out]).toEqual([1, ""]);
  expect(refused.err).toContain("S-5");
  expect(refused.err).toContain("not proved to be safe");
});

test("while the level may still change, nothing is said of what that level means", async () => {
  const { out } = await typed(["-", "--lang", "en"], { input: "{}" });
  expect(out).toContain("not final");
  expect(out).not.toContain("does not escalate");
});
