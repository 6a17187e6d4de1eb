/**
 * Made the golden wraps, boxes, kits and sheets once. Vectors are never edited after a release: run it only to add
 * some; it does not write over one that is there.
 */

import { concat, encodeCbor, fromAscii, idBytes, label, labelNumbers, sha256, toHex, type Bytes } from "@amana/log";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hpkeSeal } from "../hazmat/x-wing.ts";
import {
  conceal,
  encodeWrap,
  exposeSecret,
  identityKeyFrom,
  kitDigits,
  platformDeflate,
  receivingKeyFrom,
  sealBox,
  sheetDigits,
  wrap,
  type Wrap,
} from "../index.ts";
import { signFor } from "../identity.ts";
import { logIdFor, must, seededRandomness } from "./world.ts";

/** `expect` is what comes out, as hexadecimal text, or the name of the refusal. */
export type GoldenKey = { readonly is: string; readonly expect: string } & (
  | {
      readonly kind: "wrap";
      readonly wrap: string;
      readonly receivingSeed: string;
      readonly author: string;
      readonly logId: string;
      readonly keyCommitment: string;
    }
  | { readonly kind: "box"; readonly box: string; readonly purpose: "account-vault" | "snapshot"; readonly key: string }
  | { readonly kind: "kit" | "sheet"; readonly digits: string }
);

const folder = join(import.meta.dirname, "golden-keys");
const fixed = (name: string): Bytes => sha256(fromAscii(`golden: ${name}`));

const write = (name: string, golden: GoldenKey): void => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  if (!existsSync(path)) writeFileSync(path, `${JSON.stringify(golden, undefined, 2)}\n`);
};

const makeWraps = async (): Promise<void> => {
  const randomness = seededRandomness("golden wraps");
  const recipient = await receivingKeyFrom(conceal("receiving-seed", fixed("reader")));
  const author = identityKeyFrom(conceal("identity-seed", fixed("author")));
  const logId = logIdFor("golden log");
  const key = conceal("case-key", fixed("case key"));
  const given = await wrap({ purpose: "key-wrap", logId, key, recipient, author }, randomness);
  const common = {
    kind: "wrap",
    receivingSeed: toHex(exposeSecret(recipient.seed)),
    author: toHex(author.publicKey),
    logId,
    keyCommitment: toHex(given.keyCommitment),
  } as const;
  write("wrap", {
    is: "a wrapped case key",
    ...common,
    wrap: toHex(encodeWrap(given)),
    expect: toHex(fixed("case key")),
  });
  const changed = { ...given, ciphertext: given.ciphertext.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) };
  write("wrap-changed", {
    is: "a wrap that was changed on its way",
    ...common,
    wrap: toHex(encodeWrap(changed)),
    expect: "Damaged",
  });
  const other = await wrapOfAnother(given, recipient.publicKey, randomness(64));
  const signature = await signFor("key-wrap-signature", author.seed, other.signed);
  const falseWrap = { ...other.wrap, signature };
  write("wrap-false-key", {
    is: "a signed wrap that holds another key",
    ...common,
    wrap: toHex(encodeWrap(falseWrap)),
    expect: "FalseKey",
  });
};

const wrapOfAnother = async (given: Wrap, publicKey: Bytes, random: Bytes) => {
  const named = [
    1,
    1,
    labelNumbers["key-wrap"],
    idBytes(given.logId),
    given.keyCommitment,
    idBytes(given.recipient),
    idBytes(given.author),
  ];
  const info = concat(label("key-wrap"), sha256(encodeCbor(named)));
  const sealed = await hpkeSeal(publicKey, info, fixed("another key"), random);
  return {
    wrap: { ...given, ...sealed },
    signed: sha256(encodeCbor([...named, sealed.encapsulated, sealed.ciphertext])),
  };
};

const makeRest = async (): Promise<void> => {
  const ports = { randomness: seededRandomness("golden boxes"), deflate: platformDeflate };
  const key = conceal("unlock-key", fixed("unlock key"));
  const opened = { context: [fixed("account").slice(0, 16), 3], content: [1, fixed("a"), fixed("b"), fixed("c")] };
  const box = must(await sealBox("account-vault", key, opened, ports));
  const common = { kind: "box", key: toHex(exposeSecret(key)) } as const;
  write("box-account-vault", {
    is: "an account vault",
    ...common,
    purpose: "account-vault",
    box: toHex(box),
    expect: toHex(encodeCbor([opened.context, opened.content])),
  });
  const rooted = { context: opened.context, content: [...opened.content, fixed("root")] };
  write("box-account-vault-root", {
    is: "an account vault that knows its organisation's root",
    ...common,
    purpose: "account-vault",
    box: toHex(must(await sealBox("account-vault", key, rooted, ports))),
    expect: toHex(encodeCbor([rooted.context, rooted.content])),
  });
  write("box-other-purpose", {
    is: "an account vault given for a snapshot",
    ...common,
    purpose: "snapshot",
    box: toHex(box),
    expect: "NotABox",
  });
  write("box-other-key", {
    is: "a box under another key",
    ...common,
    key: toHex(fixed("other")),
    purpose: "account-vault",
    box: toHex(box),
    expect: "NotForThisKey",
  });
  const secret = fixed("account secret").slice(0, 16);
  const kit = kitDigits(conceal("account-secret", secret));
  write("kit", { is: "a printed kit", kind: "kit", digits: kit, expect: toHex(secret) });
  const wrong = kit.slice(0, 7) + String((Number(kit[7]) + 1) % 10) + kit.slice(8);
  write("kit-wrong-digit", {
    is: "a kit with one digit typed wrong",
    kind: "kit",
    digits: wrong,
    expect: "WrongGroup",
  });
  const share = concat(fixed("share"), Uint8Array.of(7));
  const sheet = sheetDigits({ k: 3, n: 5, share: conceal("recovery-share", share) });
  write("sheet", { is: "a recovery sheet", kind: "sheet", digits: sheet, expect: toHex(share) });
};

if (import.meta.main) {
  await makeWraps();
  await makeRest();
}
