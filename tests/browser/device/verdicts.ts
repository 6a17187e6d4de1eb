/**
 * What log and vault say of every golden and published vector, and what they make of fixed bytes, as lines of text. It
 * runs in Node.js and in a browser's worker, where it knows neither file nor page.
 */

import { assert } from "@amana/kernel";
import {
  concat,
  encodeCbor,
  encodeEntry,
  fromAscii,
  fromHex,
  logIdOf,
  parseEntry,
  sha256,
  toHex,
  type Bytes,
} from "@amana/log";
import {
  argon2idKdf,
  conceal,
  deriveAccount,
  encodeWrap,
  enrolIdentityPublic,
  exposeSecret,
  open,
  openBox,
  parseKit,
  parseSheet,
  parseWrap,
  passwordCost,
  platformDeflate,
  receivingKeyFrom,
  unwrap,
  verifyEntry,
} from "@amana/vault";
import { gcmOpen, gcmSeal } from "../../../packages/vault/src/hazmat/gcm.ts";
import { hkdf } from "../../../packages/vault/src/hazmat/derive.ts";
import {
  chooseVerifier,
  isPlainSignature,
  onlyWithCofactor,
  sign,
  verify,
  verifyByCurves,
  verifyByPlatform,
} from "../../../packages/vault/src/hazmat/ed25519.ts";
import { mlKemShared, x25519Shared } from "../../../packages/vault/src/hazmat/testing/x-wing-parts.ts";
import { hpkeOpen, hpkeSeal, receivingPublicOf } from "../../../packages/vault/src/hazmat/x-wing.ts";
import type { GoldenKey } from "../../../packages/vault/src/testing/make-golden-keys.ts";
import type { Golden } from "../../../packages/vault/src/testing/make-golden.ts";
import { exampleEntry } from "../../../packages/vault/src/testing/worked-example.ts";
import type { WycheproofGroup, WycheproofTest } from "../../../packages/vault/src/testing/vectors.ts";

/** All that is judged. It travels as JSON. */
export type Materials = {
  readonly golden: readonly (Golden & { readonly name: string })[];
  readonly goldenKeys: readonly (GoldenKey & { readonly name: string })[];
  readonly published: Readonly<Record<PublishedName, readonly WycheproofGroup[]>>;
};
export type PublishedName = "ed25519" | "aes_gcm" | "hkdf_sha256" | "x25519" | "mlkem_768";

/** One line: what was said, and what the vector expects where it expects one certain thing. */
export type Verdict = { readonly of: string; readonly said: string; readonly expected?: string };

const hex = (text: unknown): Bytes => {
  const bytes = typeof text === "string" ? fromHex(text) : undefined;
  assert(bytes !== undefined, "A vector holds something else than hexadecimal text.");
  return bytes;
};

const must = <T>(value: T | undefined): T => {
  assert(value !== undefined, "A vector lacks something.");
  return value;
};

/** Nothing is as good a verdict as bytes. */
const text = (bytes: Bytes | undefined): string => (bytes === undefined ? "refused" : toHex(bytes));

export const allVerdicts = async ({ golden, goldenKeys, published }: Materials): Promise<readonly Verdict[]> => [
  ...(await all(golden, goldenVerdict)),
  ...(await all(goldenKeys, goldenKeyVerdict)),
  ...(await wycheproof(published, "ed25519", ed25519Verdicts)),
  ...(await wycheproof(published, "aes_gcm", aesGcmVerdicts)),
  ...(await wycheproof(published, "hkdf_sha256", hkdfVerdicts)),
  ...(await wycheproof(published, "x25519", x25519Verdicts)),
  ...(await wycheproof(published, "mlkem_768", mlKemVerdicts)),
  ...(await made()),
];

/** One digest over all that was said, in its order. */
export const digestOf = (verdicts: readonly Verdict[]): string =>
  toHex(sha256(encodeCbor(verdicts.map(({ of, said }) => [of, said]))));

/** Whether the platform's own Ed25519 decides here, or the computed one. */
export const verifierInUse = async (): Promise<"platform" | "computed"> =>
  (await chooseVerifier(verifyByPlatform)) === verifyByPlatform ? "platform" : "computed";

const all = async <T>(items: readonly T[], judge: (item: T) => Promise<Verdict>): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (const item of items) verdicts.push(await judge(item));
  return verdicts;
};

const goldenVerdict = async (golden: Golden & { readonly name: string }): Promise<Verdict> => {
  const { name, expect, hash, body } = golden;
  const bodyText = body === undefined ? [] : [JSON.stringify(body)];
  const expected = [expect, ...(hash === undefined ? [] : [hash]), ...bodyText].join(" ");
  const said = await saidOfEntry(golden);
  // Where a vector names no hash, none is looked at.
  return { of: name, said: hash === undefined ? must(said[0]) : said.join(" "), expected };
};

const saidOfEntry = async ({ entry, caseKey, author }: Golden): Promise<readonly string[]> => {
  const parsed = parseEntry(hex(entry));
  if (!parsed.ok) return ["NotAnEntry"];
  if (parsed.value.kind === "newer") return ["Newer"];
  const { hash } = parsed.value.entry;
  const isSigned = await verifyEntry(parsed.value.entry, must(enrolIdentityPublic(hex(author))));
  if (!isSigned) return ["signature refused", hash];
  const opened = await open(parsed.value.entry, conceal("case-key", hex(caseKey)), platformDeflate);
  return opened.ok ? ["opens", hash, JSON.stringify(opened.value)] : [opened.error.type, hash];
};

const goldenKeyVerdict = async (golden: GoldenKey & { readonly name: string }): Promise<Verdict> => {
  const { name, expect } = golden;
  if (golden.kind === "wrap") return { of: name, said: await saidOfWrap(golden), expected: expect };
  if (golden.kind === "box") return { of: name, said: await saidOfBox(golden), expected: expect };
  const read = golden.kind === "kit" ? parseKit(golden.digits) : parseSheet(golden.digits);
  if (!read.ok) return { of: name, said: read.error.type, expected: expect };
  const secret = "share" in read.value ? read.value.share : read.value;
  return { of: name, said: toHex(exposeSecret(secret)), expected: expect };
};

const saidOfWrap = async (golden: GoldenKey & { kind: "wrap" }): Promise<string> => {
  const parsed = parseWrap(hex(golden.wrap));
  if (!parsed.ok) return parsed.error.type;
  const unwrapped = await unwrap("case-key", {
    wrap: parsed.value,
    purpose: "key-wrap",
    logId: must(logIdOf(hex(golden.logId))),
    keyCommitment: hex(golden.keyCommitment),
    recipient: await receivingKeyFrom(conceal("receiving-seed", hex(golden.receivingSeed))),
    author: must(enrolIdentityPublic(hex(golden.author))),
  });
  assert(toHex(encodeWrap(parsed.value)) === golden.wrap, "A wrap was read and is written otherwise.");
  return unwrapped.ok ? toHex(exposeSecret(unwrapped.value)) : unwrapped.error.type;
};

const saidOfBox = async (golden: GoldenKey & { kind: "box" }): Promise<string> => {
  const opened = await openBox(golden.purpose, conceal("key", hex(golden.key)), hex(golden.box), platformDeflate);
  return opened.ok ? toHex(encodeCbor([opened.value.context, opened.value.content])) : opened.error.type;
};

type Judge = (test: WycheproofTest, group: WycheproofGroup) => Promise<readonly Omit<Verdict, "of">[]>;

const wycheproof = async (
  published: Materials["published"],
  name: PublishedName,
  judge: Judge,
): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (const group of published[name])
    for (const test of group.tests)
      for (const [at, verdict] of (await judge(test, group)).entries())
        verdicts.push({ of: `${name} ${test.tcId} ${at}`, ...verdict });
  return verdicts;
};

const ed25519Verdicts: Judge = async (test, group) => {
  const key = hex((group["publicKey"] as { readonly pk: string }).pk);
  const [message, signature] = [hex(test["msg"]), hex(test["sig"])];
  const expected = String(test.result === "valid");
  const computed = isPlainSignature(signature) && (await verifyByCurves(key, message, signature));
  return [
    { said: String(await verify(key, message, signature)), expected },
    { said: String(computed), expected },
  ];
};

/** Of keys of 256 bits and nonces of 96, the only ones in use. Browsers know no others as well. */
const aesGcmVerdicts: Judge = async (test, group) => {
  if (group["ivSize"] !== 96 || group["keySize"] !== 256) return [];
  const [key, nonce, additional, message] = [test["key"], test["iv"], test["aad"], test["msg"]].map(hex);
  const sealed = concat(hex(test["ct"]), hex(test["tag"]));
  const opened = await gcmOpen(must(key), must(nonce), must(additional), sealed);
  if (test.result !== "valid") return [{ said: text(opened), expected: "refused" }];
  const again = await gcmSeal(must(key), must(nonce), must(additional), must(message));
  return [
    { said: text(opened), expected: text(message) },
    { said: toHex(again), expected: toHex(sealed) },
  ];
};

const hkdfVerdicts: Judge = async (test) => {
  const derived = hkdf(hex(test["ikm"]), hex(test["salt"]), hex(test["info"]), Number(test["size"]));
  const said = text(await derived.catch(() => undefined));
  return [{ said, expected: test.result === "valid" ? String(test["okm"]) : "refused" }];
};

const x25519Verdicts: Judge = async (test) => {
  const said = text(await x25519Shared(hex(test["private"]), hex(test["public"])));
  return [{ said, expected: test.flags.includes("ZeroSharedSecret") ? "refused" : String(test["shared"]) }];
};

/** An invalid ciphertext gives another secret that looks like any, the same on every device. */
const mlKemVerdicts: Judge = async (test) => {
  const said = text(await mlKemShared(hex(test["seed"]), hex(test["c"])));
  return [test.result === "valid" ? { said, expected: String(test["K"]) } : { said }];
};

/** What is computed from fixed bytes with nothing published beside it: X-Wing, Argon2id as shipped, signing, deflate. */
const made = async (): Promise<readonly Verdict[]> => {
  const seed = () => conceal("receiving-seed", sha256(fromAscii("a reader")));
  const publicKey = await receivingPublicOf(seed());
  const random = concat(sha256(fromAscii("one")), sha256(fromAscii("two")));
  const sealed = await hpkeSeal(publicKey, fromAscii("purpose"), fromAscii("a key"), random);
  const opened = await hpkeOpen(seed(), sealed.encapsulated, fromAscii("purpose"), sealed.ciphertext);
  const other = await hpkeOpen(seed(), sealed.encapsulated, fromAscii("another"), sealed.ciphertext);
  const stretched = await argon2idKdf(fromAscii("password"), sha256(fromAscii("salt")), passwordCost);
  const secret = conceal("account-secret", sha256(fromAscii("account")).slice(0, 16));
  const account = await deriveAccount(secret, "٤٨٢١ 0937 5566 1204 8873", argon2idKdf);
  const signature = await sign(conceal("identity-seed", sha256(fromAscii("somebody"))), fromAscii("message"));
  const edge = onlyWithCofactor();
  const long = new TextEncoder().encode("هەموو ئەوەی ڕوویدا لێرە نووسراوە. ".repeat(40));
  const { entry } = await exampleEntry();
  return [
    { of: "X-Wing public key", said: toHex(publicKey) },
    { of: "X-Wing sealed", said: toHex(concat(sealed.encapsulated, sealed.ciphertext)) },
    { of: "X-Wing opened", said: text(opened), expected: toHex(fromAscii("a key")) },
    { of: "X-Wing opened for another purpose", said: text(other), expected: "refused" },
    { of: `Argon2id, ${passwordCost.memoryKibibytes} KiB, ${passwordCost.passes} passes`, said: toHex(stretched) },
    { of: "account id", said: toHex(account.accountId) },
    { of: "login key", said: toHex(account.loginKey.publicKey) },
    { of: "unlock key", said: toHex(exposeSecret(account.unlockKey)) },
    { of: "Ed25519 signature", said: toHex(signature) },
    {
      of: "Ed25519 that holds only with cofactor",
      said: String(await verify(edge.publicKey, edge.message, edge.signature)),
      expected: "false",
    },
    // Platforms may deflate into other bytes; what comes back is the same.
    { of: "deflated Sorani", said: await throughDeflate(long), expected: toHex(sha256(new Uint8Array(long))) },
    { of: "sealed entry", said: toHex(encodeEntry(entry)) },
  ];
};

const throughDeflate = async (text: Uint8Array): Promise<string> => {
  const bytes = new Uint8Array(text);
  const back = await platformDeflate.inflate(await platformDeflate.deflate(bytes), bytes.length);
  return back === undefined ? "nothing" : toHex(sha256(back));
};
