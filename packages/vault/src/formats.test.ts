/** The pages of the formats say what the code does, and the golden entries read as they always have. */

import { assert } from "@amana/kernel";
import * as log from "@amana/log";
import { encodeCbor, fromHex, logIdOf, parseEntry, toHex, type Bytes } from "@amana/log";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  conceal,
  enrolIdentityPublic,
  exposeSecret,
  open,
  openBox,
  parseKit,
  parseSheet,
  parseWrap,
  platformDeflate,
  receivingKeyFrom,
  unwrap,
  verifyEntry,
} from "./index.ts";
import type { GoldenKey } from "./testing/make-golden-keys.ts";
import type { Golden } from "./testing/make-golden.ts";
import { must } from "./testing/world.ts";
import { entryExample, keysExample, labelsTable } from "./testing/worked-example.ts";

const page = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../../../docs/formats/${name}.md`), "utf8");

const between = (text: string, name: string, end: string): string => {
  const from = text.indexOf(`<!-- ${name} -->`);
  const to = text.indexOf(`<!-- ${end} -->`);
  assert(from >= 0 && to > from, "A page of the formats lacks its marks.");
  return text.slice(from, to);
};

describe("the pages of the formats", () => {
  it("show the bytes that the code makes", async () => {
    expect(between(page("entry"), "example:entry", "/example")).toContain(await entryExample());
    expect(between(page("keys"), "example:keys", "/example")).toContain(await keysExample());
  });

  it("name every limit of an entry with the value of the code", () => {
    const text = page("entry");
    const rows = [...text.slice(0, text.indexOf("## 2.")).matchAll(/^\| [^|]+ \| ([^|]+) \| `(\w+)` \|$/gm)];
    const known: Readonly<Record<string, unknown>> = { ...log };
    expect(rows).toHaveLength(9);
    for (const [, value = "", name = ""] of rows) {
      const isPower = value.startsWith("2^32");
      expect(isPower ? 2 ** 32 - 1 : Number(/^[\d,]+/.exec(value)?.[0].replaceAll(",", "")), name).toBe(known[name]);
    }
  });

  it("list every label with its number", () => {
    expect(between(page("keys"), "labels", "/labels")).toContain(labelsTable());
  });
});

const folder = join(import.meta.dirname, "testing/golden");
const golden = globSync("*.json", { cwd: folder })
  .sort()
  .map((name) => ({ name, ...(JSON.parse(readFileSync(join(folder, name), "utf8")) as Golden) }));

const said = async ({ entry, caseKey, author }: Golden): Promise<Pick<Golden, "expect" | "body" | "hash">> => {
  const parsed = parseEntry(must(fromHex(entry)));
  if (!parsed.ok) return { expect: "NotAnEntry" };
  if (parsed.value.kind === "newer") return { expect: "Newer" };
  const { hash } = parsed.value.entry;
  const isSigned = await verifyEntry(parsed.value.entry, must(enrolIdentityPublic(must(fromHex(author)))));
  if (!isSigned) return { expect: "signature refused", hash };
  const opened = await open(parsed.value.entry, conceal("case-key", must(fromHex(caseKey))), platformDeflate);
  return opened.ok ? { expect: "opens", hash, body: opened.value } : { expect: opened.error.type, hash };
};

describe("golden entries", () => {
  it("are all here", () => {
    expect(golden).toHaveLength(13);
  });

  it.each(golden)("$name: $is", async (each) => {
    const result = await said(each);
    expect(result.expect).toBe(each.expect);
    if (each.hash !== undefined) expect(result.hash).toBe(each.hash);
    expect(result.body).toEqual(each.body);
  });
});

const keysFolder = join(import.meta.dirname, "testing/golden-keys");
const goldenKeys = globSync("*.json", { cwd: keysFolder })
  .sort()
  .map((name) => ({ name, ...(JSON.parse(readFileSync(join(keysFolder, name), "utf8")) as GoldenKey) }));

const bytes = (text: string): Bytes => must(fromHex(text));

/** What comes out, or the name of the refusal. */
const cameOut = async (golden: GoldenKey): Promise<string> => {
  const result = await (golden.kind === "wrap"
    ? unwrapGolden(golden)
    : golden.kind === "box"
      ? openGolden(golden)
      : readGolden(golden));
  return typeof result === "string" ? result : toHex(result);
};

const unwrapGolden = async (golden: GoldenKey & { kind: "wrap" }): Promise<Bytes | string> => {
  const parsed = parseWrap(bytes(golden.wrap));
  if (!parsed.ok) return parsed.error.type;
  const result = await unwrap("case-key", {
    wrap: parsed.value,
    purpose: "key-wrap",
    logId: must(logIdOf(bytes(golden.logId))),
    keyCommitment: bytes(golden.keyCommitment),
    recipient: await receivingKeyFrom(conceal("receiving-seed", bytes(golden.receivingSeed))),
    author: must(enrolIdentityPublic(bytes(golden.author))),
  });
  return result.ok ? exposeSecret(result.value) : result.error.type;
};

const openGolden = async (golden: GoldenKey & { kind: "box" }): Promise<Bytes | string> => {
  const result = await openBox(golden.purpose, conceal("key", bytes(golden.key)), bytes(golden.box), platformDeflate);
  return result.ok ? encodeCbor([result.value.context, result.value.content]) : result.error.type;
};

const readGolden = (golden: GoldenKey & { kind: "kit" | "sheet" }): Bytes | string => {
  if (golden.kind === "kit") {
    const kit = parseKit(golden.digits);
    return kit.ok ? exposeSecret(kit.value) : kit.error.type;
  }
  const sheet = parseSheet(golden.digits);
  return sheet.ok ? exposeSecret(sheet.value.share) : sheet.error.type;
};

describe("golden wraps, boxes, kits and sheets", () => {
  it("are all here", () => {
    expect(goldenKeys).toHaveLength(10);
  });

  it.each(goldenKeys)("$name: $is", async (each) => {
    expect(await cameOut(each)).toBe(each.expect);
  });
});
