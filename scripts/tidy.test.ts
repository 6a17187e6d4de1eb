/** Each check of `tidy` catches the mistake it is there for, and lets the right form pass. */

import { describe, expect, it } from "vitest";
import { checkLicences, checkLock, checkPins, declaredIn } from "./tidy/dependencies.ts";
import { checkExports } from "./tidy/exports.ts";
import type { TextFile } from "./tidy/finding.ts";
import { checkImports, importsOf } from "./tidy/imports.ts";
import { checkRulesTested } from "./tidy/rules-tested.ts";
import { checkDecisionNames, checkKernelSize, checkOpenings, checkPacks, checkRefused } from "./tidy/texts.ts";

const manifest = (folder: string, fields: object): TextFile => ({
  path: folder === "" ? "package.json" : `${folder}/package.json`,
  text: JSON.stringify(fields),
});

const manifests = [
  manifest("", { name: "amana", devDependencies: { vitest: "5.1.1", "fast-check": "4.10.2", eslint: "10.15.0" } }),
  manifest("packages/kernel", { name: "@amana/kernel" }),
  manifest("packages/pathway", { name: "@amana/pathway", dependencies: { "@amana/kernel": "0.1.0" } }),
  manifest("packages/proof", {
    name: "@amana/proof",
    dependencies: { "@amana/kernel": "0.1.0", "@amana/pathway": "0.1.0", valibot: "1.5.0" },
  }),
  manifest("packages/casefile", {
    name: "@amana/casefile",
    dependencies: { "@amana/kernel": "0.1.0", "@amana/pathway": "0.1.0" },
  }),
  manifest("apps/guide", {
    name: "@amana/guide",
    dependencies: { "@amana/kernel": "0.1.0", "@amana/pathway": "0.1.0", svelte: "5.57.3" },
    devDependencies: { "@amana/proof": "0.1.0" },
  }),
];

const importsSay = (path: string, text: string): readonly string[] =>
  checkImports([{ path, text }], declaredIn(manifests)).map((finding) => finding.says);

describe("the import table", () => {
  it("lets a part import what its row names", () => {
    expect(importsSay("packages/pathway/src/rules.ts", 'import { ok } from "@amana/kernel";')).toEqual([]);
    expect(importsSay("packages/proof/src/read.ts", 'import * as v from "valibot";\nimport "node:fs";')).toEqual([]);
    expect(importsSay("apps/guide/build.ts", 'import { check } from "@amana/proof";\nimport "node:fs";')).toEqual([]);
  });

  it("refuses a part that its row does not name", () => {
    expect(importsSay("packages/kernel/src/index.ts", 'import { assess } from "@amana/pathway";')).toEqual([
      "The import table does not let this part import @amana/pathway.",
    ]);
  });

  it("refuses a package from the registry that its row does not name", () => {
    expect(importsSay("packages/pathway/src/rules.ts", 'import * as v from "valibot";')).toEqual([
      "The import table does not let this part import valibot.",
    ]);
  });

  it("refuses Node.js in a part that also runs in a browser", () => {
    expect(importsSay("packages/pathway/src/rules.ts", 'import { readFileSync } from "node:fs";')).toEqual([
      "node:fs does not exist where this part runs.",
    ]);
  });

  it("refuses the proof in what the guide sends to browsers, in every form an import can take", () => {
    const forms = [
      'import { check } from "@amana/proof";',
      'import "@amana/proof";',
      'export { check } from "@amana/proof";',
      'export * from "@amana/proof";',
      'const proof = await import("@amana/proof");',
      "const proof = await import(`@amana/proof`);",
      'type Check = import("@amana/proof").Check;',
      'const proof = require("@amana/proof");',
    ];
    for (const form of forms) expect(importsSay("apps/guide/src/search.ts", form), form).toHaveLength(1);
  });

  it("reads the scripts of a Svelte file and names the right line", () => {
    const text = '<!-- A page. -->\n<script lang="ts">\n  import { check } from "@amana/proof";\n</script>\n';
    const findings = checkImports([{ path: "apps/guide/src/Page.svelte", text }], declaredIn(manifests));
    expect(findings.map((finding) => finding.line)).toEqual([3]);
  });

  it("lets only types through where the table says types", () => {
    const path = "packages/casefile/src/facts.ts";
    expect(importsSay(path, 'import type { Facts } from "@amana/pathway";')).toEqual([]);
    expect(importsSay(path, 'import { type Facts, type Answer } from "@amana/pathway";')).toEqual([]);
    expect(importsSay(path, 'export type { Facts } from "@amana/pathway";')).toEqual([]);
    expect(importsSay(path, 'import { type Facts, assess } from "@amana/pathway";')).toHaveLength(1);
    expect(importsSay(path, 'import { assess } from "@amana/pathway";')).toHaveLength(1);
  });

  it("refuses a package that no package.json of the workspace declares", () => {
    expect(importsSay("packages/proof/src/read.ts", 'import { parse } from "csv-parse/sync";')).toEqual([
      "csv-parse is not declared in the package.json of packages/proof.",
    ]);
  });

  it("refuses a relative path into another workspace", () => {
    expect(importsSay("packages/pathway/src/rules.ts", 'import { ok } from "../../kernel/src/index.ts";')).toHaveLength(
      1,
    );
    expect(importsSay("packages/pathway/src/rules.ts", 'import { rule } from "../src/rule.ts";')).toEqual([]);
  });

  it("lets a test use the test tools, and its code not", () => {
    const text = 'import fc from "fast-check";\nimport { it } from "vitest";\nimport "node:fs";';
    expect(importsSay("packages/pathway/src/rules.test.ts", text)).toEqual([]);
    expect(importsSay("packages/pathway/src/rules.ts", text)).toHaveLength(3);
  });

  it("refuses a file in a part that the table does not know", () => {
    expect(importsSay("packages/helpers/src/index.ts", "export {};")).toEqual([
      "No row of the import table covers this file (scripts/tidy/import-table.ts).",
    ]);
  });

  it("does not take a text or a comment for an import", () => {
    const text = '// import x from "react";\nconst advice = \'import y from "react"\';';
    expect(importsOf({ path: "scripts/x.ts", text })).toEqual([]);
  });
});

describe("versions", () => {
  const pinsSay = (fields: object): readonly string[] =>
    checkPins([manifest("", { devDependencies: { eslint: "10.15.0" } }), manifest("apps/server", fields)]).map(
      (f) => f.says,
    );

  it("are exact", () => {
    expect(pinsSay({ dependencies: { fastify: "5.12.8", native: "npm:typescript@7.0.2" } })).toEqual([]);
    for (const loose of [
      "^5.12.8",
      "~5.12.8",
      "5",
      "5.x",
      "*",
      "latest",
      ">=5.0.0",
      "file:../x",
      "npm:typescript@^7.0.2",
    ]) {
      expect(pinsSay({ dependencies: { fastify: loose } }), loose).toHaveLength(1);
    }
  });

  it("are the same in every workspace", () => {
    expect(pinsSay({ devDependencies: { eslint: "10.14.0" } })).toEqual([
      "eslint is 10.14.0 here and 10.15.0 in package.json.",
    ]);
  });
});

describe("the lock file", () => {
  const lock = (entry: object): TextFile => ({
    path: "package-lock.json",
    text: JSON.stringify({
      packages: { "": {}, "node_modules/@amana/kernel": { link: true }, "node_modules/pako": entry },
    }),
  });

  it("passes with the integrity of each package and nothing else to say", () => {
    expect(checkLock(lock({ version: "1.0.0", integrity: "sha512-x", license: "MIT" }))).toEqual([]);
  });

  it("is refused without the integrity of a package", () => {
    expect(checkLock(lock({ version: "1.0.0" }))).toHaveLength(1);
  });

  it("is refused when it says where a package came from", () => {
    expect(checkLock(lock({ integrity: "sha512-x", resolved: "https://example.org/pako.tgz" }))).toHaveLength(1);
  });

  it("is refused when a package runs a script while it is installed", () => {
    expect(checkLock(lock({ integrity: "sha512-x", hasInstallScript: true }))).toHaveLength(1);
  });

  it("is refused when something we ship has a licence that is not on the list", () => {
    for (const license of [undefined, "GPL-2.0-only", "UNLICENSED", "MIT AND CC-BY-NC-4.0", "SEE LICENSE IN x"]) {
      expect(checkLicences(lock({ license })), String(license)).toHaveLength(1);
    }
    for (const license of ["MIT", "(MIT OR GPL-2.0-only)", "MIT AND ISC"]) {
      expect(checkLicences(lock({ license })), license).toEqual([]);
    }
    expect(checkLicences(lock({ license: "GPL-2.0-only", dev: true }))).toEqual([]);
  });
});

describe("the words of a file", () => {
  const opens = (path: string, text: string): boolean => checkOpenings([{ path, text }]).length === 0;
  const isRefused = (text: string, path = "scripts/x.ts"): boolean => checkRefused([{ path, text }]).length > 0;

  it("open with what the file is for", () => {
    expect(opens("packages/kernel/src/index.ts", "/** The shared words. */\n")).toBe(true);
    expect(opens("packages/kernel/src/index.ts", "export {};\n")).toBe(false);
    expect(opens("packages/ui/src/Button.svelte", "<!-- A button. -->")).toBe(true);
    expect(opens("packages/ui/src/Button.svelte", '<script lang="ts">\n  // A button.\n</script>')).toBe(true);
    expect(opens("packages/ui/src/Button.svelte", "<button>Go</button>")).toBe(false);
    expect(opens("packages/ui/src/tokens.css", ":root {}")).toBe(false);
    expect(opens("scripts/node", "#!/bin/sh\n# Starts Node.js.\n")).toBe(true);
    expect(opens("scripts/node", "#!/bin/sh\nexec node\n")).toBe(false);
  });

  it("name no path of one machine", () => {
    for (const path of ["work/main", "root", "home/someone/amana"].map((name) => `/${name}`)) {
      expect(isRefused(`cd ${path}`), path).toBe(true);
      expect(isRefused(`const folder = "${path}";`), path).toBe(true);
    }
    expect(isRefused("https://example.org/work/page and packages/work/src")).toBe(false);
  });

  it("name no package registry", () => {
    const host = ["registry", "npmjs", "org"].join(".");
    expect(isRefused(`https://${host}/pako`)).toBe(true);
    expect(isRefused("https://example.org/registry")).toBe(false);
  });

  it("leave no work behind without its issue", () => {
    const mark = "TO" + "DO";
    expect(isRefused(`// ${mark}: later`)).toBe(true);
    expect(isRefused(`// ${mark} (#12): later`)).toBe(false);
  });

  it("give the reason of every suppression", () => {
    const disable = "eslint-" + "disable-next-line no-console";
    expect(isRefused(`// ${disable}`)).toBe(true);
    expect(isRefused(`// ${disable} -- The terminal speaks through it.`)).toBe(false);
    expect(isRefused("// svelte-" + "ignore state_referenced_locally (The page is rendered once.)")).toBe(false);
    expect(isRefused("// svelte-" + "ignore state_referenced_locally")).toBe(true);
    expect(isRefused(`The rule for ${disable} is this.`, "docs/x.md")).toBe(false);
  });

  it("keep the kernel at 200 lines", () => {
    const lines = (count: number): TextFile => ({ path: "packages/kernel/src/index.ts", text: "x\n".repeat(count) });
    expect(checkKernelSize([lines(200)])).toEqual([]);
    expect(checkKernelSize([lines(201)])).toHaveLength(1);
    expect(checkKernelSize([{ path: "packages/kernel/src/x.test.ts", text: "x\n".repeat(300) }])).toEqual([]);
  });

  it("keep code out of a pack", () => {
    expect(checkPacks([{ path: "packs/iraq-online-violence/rules.ts", text: "" }])).toHaveLength(1);
    expect(checkPacks([{ path: "packs/iraq-online-violence/rules.json", text: "" }])).toEqual([]);
  });

  it("name a decision by its day and its claim", () => {
    expect(checkDecisionNames([{ path: "docs/decisions/two-compilers.md", text: "" }])).toHaveLength(1);
    expect(checkDecisionNames([{ path: "docs/decisions/2026-11-21-two-compilers.md", text: "" }])).toEqual([]);
  });

  it("name every rule of the guide that a pack or the code cites, in the sentence of a test", () => {
    const pack = { path: "packs/one/actions.csv", text: "id,source\nhelp,G-MH-2\n" };
    const code = { path: "packages/casefile/src/due.ts", text: "/** What is due (G-CM-3). */" };
    const naming = (text: string) => ({ path: "packages/casefile/src/due.test.ts", text });
    expect(checkRulesTested([pack, code])).toMatchObject([
      { path: pack.path, line: 2, says: expect.stringContaining("G-MH-2") as unknown },
      { path: code.path, line: 1, says: expect.stringContaining("G-CM-3") as unknown },
    ]);
    const tested = naming(
      'test("help is given to everybody (G-MH-2)", () => {});\ntest("it is due (G-CM-3)", () => {});',
    );
    expect(checkRulesTested([pack, code, tested])).toEqual([]);
    // A rule whose id begins like another's is told where it stands itself.
    const both = { path: "packs/one/rules.csv", text: "id,source\na,G-MH-20\nb,G-MH-2\n" };
    expect(checkRulesTested([both, naming('test("the twentieth rule holds (G-MH-20)", () => {});')])).toMatchObject([
      { line: 3 },
    ]);
    // A cell of a table in a test says nothing about the rule, and neither does a comment.
    const cell = naming('const row = "help,G-MH-2"; // What is due (G-CM-3).');
    expect(checkRulesTested([pack, code, cell])).toHaveLength(2);
  });

  it("export nothing that no other file names", () => {
    const own = { path: "packages/sync/src/plan.ts", text: "const one = 1;\nexport const planPull = one;\n" };
    const findings = checkExports([own, { path: "docs/plan.md", text: "planPull" }]);
    expect(findings).toMatchObject([{ path: own.path, line: 2, says: expect.stringContaining("planPull") as unknown }]);
    const other = { path: "apps/guide/src/Plan.svelte", text: 'import { planPull } from "@amana/sync";' };
    expect(checkExports([own, other])).toEqual([]);
    // Part of a longer name is another name.
    expect(checkExports([own, { ...other, text: "planPullAll" }])).toHaveLength(1);
  });
});
