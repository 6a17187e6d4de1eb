/** Accounts, kits, passwords, vaults, invitations and sheets: what a person holds, and who else can use it. */

import { err, ok, type Instant } from "@amana/kernel";
import { encodeCbor, entryHashOf, fromAscii, keyIdOf, sha256, toHex, type Bytes, type CborValue } from "@amana/log";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { groupsToNumber, readDigits } from "./digits.ts";
import {
  answerInvitation,
  argon2idKdf,
  changePassword,
  checkAnswer,
  combineSheets,
  conceal,
  deriveAccount,
  encodeAnswer,
  encodeInvitation,
  exposeSecret,
  headsToCompare,
  kitDigits,
  makeAccountSecret,
  makeAccountVault,
  makeDeviceVault,
  makeIdentityKey,
  makeInvitation,
  makePassword,
  makeReceivingKey,
  makeRecoveryKey,
  openAccountVault,
  openDeviceVault,
  parseAnswer,
  parseInvitation,
  parseKit,
  parseSheet,
  platformDeflate,
  printDigits,
  sealAccountVault,
  sealBox,
  sealDeviceVault,
  sheetDigits,
  signIn,
  strengthOf,
  verifyPasswordChange,
  verifySignIn,
  wordsToCompare,
} from "./index.ts";
import { passwordBytes } from "./password.ts";
import { cheapKdf, logIdFor, must, seededRandomness, tenOClock } from "./testing/world.ts";

const randomness = seededRandomness("account.test");
const ports = { randomness, deflate: platformDeflate };
const password = "4821 0937 5566 1204 8873";

const anAccount = async (word = password) => {
  const accountSecret = conceal("account-secret", sha256(fromAscii("account")).slice(0, 16));
  return { accountSecret, account: await deriveAccount(accountSecret, word, cheapKdf) };
};

describe("the printed kit", () => {
  it("property: gives back the secret it was printed from, in every script", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const digits = kitDigits(conceal("account-secret", new Uint8Array(bytes)));
        expect(digits).toMatch(/^\d{54}$/);
        for (const script of ["western", "arabic"] as const) {
          const read = parseKit(printDigits(digits, script));
          expect(read.ok && toHex(exposeSecret(read.value))).toBe(toHex(new Uint8Array(bytes)));
        }
      }),
    );
  });

  const digits = kitDigits(conceal("account-secret", sha256(fromAscii("kit")).slice(0, 16)));

  it("is printed in groups of six", () => {
    expect(printDigits(digits, "western")).toMatch(/^(\d{6} ){8}\d{6}$/);
    expect(printDigits("0123456789", "arabic")).toBe("٠١٢٣٤٥ ٦٧٨٩");
  });

  it("is read from any keyboard and with anything between the groups", () => {
    const persian = digits.replace(/\d/g, (digit) => String.fromCodePoint(0x6f0 + Number(digit)));
    const pasted = `\u2068 ${digits.slice(0, 6)}-${digits.slice(6, 12)}\n${digits.slice(12)}\u2069`;
    for (const text of [persian, pasted]) expect(parseKit(text).ok).toBe(true);
  });

  it("finds every wrong digit, and says in which group", () => {
    for (let at = 0; at < 48; at++) {
      const wrong = digits.slice(0, at) + String((Number(digits[at]) + 3) % 10) + digits.slice(at + 1);
      expect(parseKit(wrong)).toEqual(err({ type: "WrongGroup", group: Math.floor(at / 6) + 1 }));
    }
    const lastWrong = digits.slice(0, 53) + String((Number(digits[53]) + 1) % 10);
    expect(parseKit(lastWrong)).toEqual(err({ type: "WrongKit" }));
  });

  it("finds every two neighbours and every two groups that were swapped", () => {
    for (let at = 0; at < 47; at++) {
      if (digits[at] === digits[at + 1]) continue;
      const swapped = digits.slice(0, at) + (digits[at + 1] ?? "") + (digits[at] ?? "") + digits.slice(at + 2);
      expect(parseKit(swapped).ok, `${at}`).toBe(false);
    }
    const groups = must(digits.match(/.{6}/g) ?? undefined);
    const swapped = [groups[1], groups[0], ...groups.slice(2)].join("");
    expect(parseKit(swapped)).toEqual(err({ type: "WrongGroup", group: 1 }));
  });

  it("is refused with letters, with digits missing, and beyond 128 bits", () => {
    expect(parseKit(`${digits}x`)).toEqual(err({ type: "NotDigits" }));
    expect(parseKit(digits.slice(1))).toEqual(err({ type: "WrongLength" }));
    expect(groupsToNumber("123", 8)).toEqual(err({ type: "WrongLength" }));
    const large = Array.from({ length: 8 }, (_, place) => {
      for (let check = 0; check <= 9; check++) {
        const group = `99999${check}`;
        const alone = groupsToNumber(group, 1);
        if (place === 0 && alone.ok) return group;
        if (place > 0 && checkAt(group, place)) return group;
      }
      return "";
    }).join("");
    expect(parseKit(`${large}000000`)).toEqual(err({ type: "WrongKit" }));
  });

  /** Whether a group checks at a place: everything before it is taken from a kit that is right. */
  const checkAt = (group: string, place: number): boolean => {
    const result = groupsToNumber(digits.slice(0, place * 6) + group, place + 1);
    return result.ok;
  };

  it("is new each time", () => {
    expect(kitDigits(makeAccountSecret(randomness))).not.toBe(kitDigits(makeAccountSecret(randomness)));
    expect(readDigits("١٢ ۳4")).toBe("1234");
  });
});

describe("a password", () => {
  it("made by the app is 20 digits without a favourite", () => {
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 200; index++) {
      const made = makePassword(randomness);
      expect(made).toMatch(/^(\d{4} ){4}\d{4}$/);
      for (const digit of made.replaceAll(" ", "")) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(100);
  });

  it("is the same on every keyboard", () => {
    const western = passwordBytes("4821 0937");
    for (const typed of ["٤٨٢١ ٠٩٣٧", "۴۸۲۱  ۰۹۳۷ ", "４８２１\u00a0０９３７"])
      expect(passwordBytes(typed)).toEqual(western);
    expect(passwordBytes("4821 0938")).not.toEqual(western);
  });

  it.each([
    ["short", "too-short"],
    ["aaaaaaaaaaaaaaaaaa", "too-simple"],
    ["1234567890123456", "too-simple"],
    ["abcdefghijklmnop", "too-simple"],
    ["nournournournournour", "too-simple"],
    ["48210937556612", "too-simple"],
    ["4821 0937 5566 1204 8873", "strong"],
    ["kangaroo window sulfur pocket", "strong"],
    ["دارستان پەنجەرە کتێب ڕووبار شەو", "strong"],
    ["t7#Kw!q9$Zp2&Lx4", "strong"],
    ["Hawler my lantern hums over nine quiet bridges", "strong"],
  ])("of one's own: %j is %s", (chosen, strength) => {
    expect(strengthOf(chosen)).toBe(strength);
  });

  it("of one's own is too simple where it is made of places, names, years or rows of keys", () => {
    const placesAndYears = ["Baghdad2024!Iraq", "B4ghd4d&Kurd1stan#1998", "بغداد العراق 2024 محمد"];
    const rows = ["qwertyuiopasdfghjklzxcvbnm", "ضصثقفغعهخحجدشسيبل", "mnbvcxz lkjhgfdsa"];
    for (const chosen of [...placesAndYears, ...rows])
      expect([chosen, strengthOf(chosen)]).toEqual([chosen, "too-simple"]);
  });
});

describe("an account", () => {
  it("is the same for the same secret and password, and another for each other one", async () => {
    const [{ account: one }, { account: again }, { account: other }] = await Promise.all([
      anAccount(),
      anAccount(),
      anAccount("other"),
    ]);
    expect(again.loginKey.publicKey).toEqual(one.loginKey.publicKey);
    expect(other.loginKey.publicKey).not.toEqual(one.loginKey.publicKey);
    expect(other.accountId).toEqual(one.accountId);
    const stranger = await deriveAccount(makeAccountSecret(randomness), password, cheapKdf);
    expect(stranger.accountId).not.toEqual(one.accountId);
  });

  it("stretches the password as the format says, with a salt that no server gave", async () => {
    const asked: unknown[] = [];
    const { accountSecret } = await anAccount();
    await deriveAccount(accountSecret, password, (words, salt, cost) => {
      asked.push(toHex(words), salt.length, cost);
      return cheapKdf(words, salt, cost);
    });
    expect(asked).toEqual([toHex(passwordBytes(password)), 32, { memoryKibibytes: 65_536, passes: 3 }]);
  });

  it("works with the stretching that ships", async () => {
    const { accountSecret } = await anAccount();
    const account = await deriveAccount(accountSecret, password, argon2idKdf);
    expect(account.loginKey.publicKey).toHaveLength(32);
  });

  it("signs in to one origin and one challenge only", async () => {
    const { account } = await anAccount();
    const challenge = randomness(32);
    const signed = { origin: "https://amana.example", accountId: account.accountId, challenge };
    const signature = await signIn(account, signed.origin, challenge);
    const { publicKey } = account.loginKey;
    expect(await verifySignIn(publicKey, signed, signature)).toBe(true);
    expect(await verifySignIn(publicKey, { ...signed, origin: "https://other.example" }, signature)).toBe(false);
    expect(await verifySignIn(publicKey, { ...signed, challenge: randomness(32) }, signature)).toBe(false);
    expect(await verifySignIn(publicKey, { ...signed, accountId: randomness(16) }, signature)).toBe(false);
    expect(await verifySignIn((await anAccount("other")).account.loginKey.publicKey, signed, signature)).toBe(false);
  });
});

describe("the account vault", () => {
  const sealed = async (generation = 3) => {
    const { account } = await anAccount();
    const vault = await makeAccountVault(randomness);
    return { account, vault, box: await sealAccountVault(vault, account, generation, ports) };
  };

  it("gives back every key, under the right password only", async () => {
    const { account, vault, box } = await sealed();
    const opened = await openAccountVault(box, account, 3, platformDeflate);
    if (!opened.ok) throw new Error("It must open.");
    expect(opened.value.generation).toBe(3);
    const again = opened.value.vault;
    expect(again.identityKey.keyId).toBe(vault.identityKey.keyId);
    expect(again.receivingKey.keyId).toBe(vault.receivingKey.keyId);
    expect(exposeSecret(again.ownDevicesKey)).toEqual(exposeSecret(vault.ownDevicesKey));
    const { account: wrong } = await anAccount("wrong password");
    expect(await openAccountVault(box, wrong, 3, platformDeflate)).toEqual(err({ type: "NotForThisKey" }));
  });

  it("carries the organisation's root, so that a device enrolled with the kit believes no other", async () => {
    const { account } = await anAccount();
    const root = must(entryHashOf(new Uint8Array(32).fill(7)));
    const box = await sealAccountVault({ ...(await makeAccountVault(randomness)), root }, account, 1, ports);
    const opened = await openAccountVault(box, account, 1, platformDeflate);
    expect(opened.ok && opened.value.vault.root).toBe(root);
  });

  it("that is older than one seen before is refused", async () => {
    const { account, box } = await sealed(3);
    expect(await openAccountVault(box, account, 4, platformDeflate)).toEqual(err({ type: "Stale" }));
    expect((await openAccountVault(box, account, 2, platformDeflate)).ok).toBe(true);
  });

  it("is damaged when what is in it is something else", async () => {
    const { account } = await anAccount();
    const seeds = [new Uint8Array(32), new Uint8Array(32), new Uint8Array(32)];
    const boxOf = async (context: CborValue, content: CborValue) =>
      openAccountVault(
        must(await sealBox("account-vault", account.unlockKey, { context, content }, ports)),
        account,
        0,
        platformDeflate,
      );
    const mine = [account.accountId, 1];
    expect((await boxOf(mine, [1, ...seeds])).ok).toBe(true);
    for (const context of [
      null,
      [account.accountId],
      [new Uint8Array(16), 1],
      [account.accountId, "1"],
      [account.accountId, 0],
      ["me", 1],
    ])
      expect(await boxOf(context, [1, ...seeds])).toEqual(err({ type: "Damaged" }));
    for (const content of [
      [1, ...seeds, new Uint8Array(31)],
      [1, ...seeds, null],
      [1, ...seeds, new Uint8Array(32), 1],
      null,
      [2, ...seeds],
      [1, ...seeds.slice(1)],
      [1, "no", ...seeds.slice(1)],
      [1, ...seeds.slice(1), "no"],
      [1, seeds[0] ?? null, 1, seeds[1] ?? null],
    ])
      expect(await boxOf(mine, content)).toEqual(err({ type: "Damaged" }));
  });

  it("moves to a new password in one signed request", async () => {
    const { account, vault } = await sealed();
    const { account: next } = await anAccount("a wholly other password of mine");
    const change = await changePassword(account, next, vault, 4, ports);
    const { publicKey } = account.loginKey;
    expect(await verifyPasswordChange(account.accountId, publicKey, change)).toBe(true);
    const opened = await openAccountVault(change.box, next, 4, platformDeflate);
    expect(opened.ok && opened.value.vault.identityKey.keyId).toBe(vault.identityKey.keyId);
    expect((await openAccountVault(change.box, account, 0, platformDeflate)).ok).toBe(false);
    for (const forged of [
      { ...change, loginPublic: randomness(32) },
      { ...change, box: change.box.slice(1) },
      { ...change, signature: new Uint8Array(64) },
    ])
      expect(await verifyPasswordChange(account.accountId, publicKey, forged)).toBe(false);
    expect(await verifyPasswordChange(randomness(16), publicKey, change)).toBe(false);
  });
});

describe("the device vault", () => {
  const heads = [must(entryHashOf(sha256(fromAscii("head"))))];

  it("gives back the device, its storage key and the heads it has seen", async () => {
    const { account } = await anAccount();
    const vault = { ...makeDeviceVault(randomness, 2), headsSeen: new Map([[logIdFor("a"), heads]]) };
    const box = must(await sealDeviceVault(vault, account, ports));
    const opened = await openDeviceVault(box, account, platformDeflate);
    if (!opened.ok) throw new Error("It must open.");
    expect({ ...opened.value, storageKey: toHex(exposeSecret(opened.value.storageKey)) }).toEqual({
      ...vault,
      storageKey: toHex(exposeSecret(vault.storageKey)),
    });
    const { account: wrong } = await anAccount("wrong");
    expect(await openDeviceVault(box, wrong, platformDeflate)).toEqual(err({ type: "NotForThisKey" }));
  });

  it("is another device each time it is made", () => {
    expect(makeDeviceVault(randomness, 0).device).not.toBe(makeDeviceVault(randomness, 0).device);
    expect(() => makeDeviceVault(() => new Uint8Array(3), 0)).toThrow("another length");
  });

  it("is damaged when what is in it is something else", async () => {
    const { account } = await anAccount();
    const boxOf = async (context: CborValue, content: CborValue) =>
      openDeviceVault(
        must(await sealBox("device-vault", account.unlockKey, { context, content }, ports)),
        account,
        platformDeflate,
      );
    const mine = [account.accountId, new Uint8Array(16)];
    const key = new Uint8Array(32);
    const row = [new Uint8Array(16), [new Uint8Array(32)]];
    expect((await boxOf(mine, [1, key, 1, [row]])).ok).toBe(true);
    for (const context of [
      null,
      [account.accountId],
      [new Uint8Array(16), new Uint8Array(16)],
      [account.accountId, "d"],
      ["a", new Uint8Array(16)],
    ])
      expect(await boxOf(context, [1, key, 1, []])).toEqual(err({ type: "Damaged" }));
    const wrong: CborValue[] = [
      null,
      [2, key, 1, []],
      [1, "key", 1, []],
      [1, key, "1", []],
      [1, key, 1],
      [1, key, 1, 2],
      [1, key, 1, [2]],
    ];
    for (const each of [
      [1],
      ["log", []],
      [new Uint8Array(16), 1],
      [new Uint8Array(16), ["h"]],
      [new Uint8Array(16), []].slice(0, 1),
    ])
      wrong.push([1, key, 1, [each]]);
    for (const content of wrong) expect(await boxOf(mine, content)).toEqual(err({ type: "Damaged" }));
  });
});

describe("the heads of logs", () => {
  it("are the same six groups on two devices exactly when both hold the same", () => {
    const head = (name: string) => must(entryHashOf(sha256(fromAscii(name))));
    const [a, b] = [logIdFor("a"), logIdFor("b")];
    const one = headsToCompare(
      new Map([
        [a, [head("1"), head("2")]],
        [b, [head("3")]],
      ]),
    );
    expect(one).toHaveLength(6);
    expect(
      headsToCompare(
        new Map([
          [b, [head("3")]],
          [a, [head("2"), head("1")]],
        ]),
      ),
    ).toEqual(one);
    expect(
      headsToCompare(
        new Map([
          [a, [head("1")]],
          [b, [head("3")]],
        ]),
      ),
    ).not.toEqual(one);
  });
});

describe("an invitation", () => {
  const root = must(entryHashOf(sha256(fromAscii("root"))));
  const about = { root, organisationHead: root, inviter: must(keyIdOf(sha256(fromAscii("inviter")))) };
  const later = (minutes: number): Instant => (tenOClock + minutes * 60_000) as Instant;
  const invited = async () => {
    const invitation = makeInvitation(about, randomness, tenOClock, 30);
    const keys = { identityKey: makeIdentityKey(randomness), receivingKey: await makeReceivingKey(randomness) };
    return { invitation, keys, answer: await answerInvitation(invitation, keys) };
  };

  it("goes from screen to camera and back, and both read the same words", async () => {
    const { invitation, keys, answer } = await invited();
    const scanned = must(parseInvitation(encodeInvitation(invitation)));
    expect({ ...scanned, secret: toHex(exposeSecret(scanned.secret)) }).toEqual({
      ...invitation,
      secret: toHex(exposeSecret(invitation.secret)),
    });
    const received = parseAnswer(encodeAnswer(await answerInvitation(scanned, keys)));
    expect(received).toEqual(ok(answer));
    const checked = await checkAnswer(invitation, answer, later(10), new Set());
    expect(checked.ok && checked.value.identityKey.keyId).toBe(keys.identityKey.keyId);
    expect(wordsToCompare(answer)).toHaveLength(6);
    expect(wordsToCompare(answer).every((word) => /^\d{3}$/.test(word))).toBe(true);
    expect(wordsToCompare({ ...answer, identityPublic: randomness(32) })).not.toEqual(wordsToCompare(answer));
  });

  it("is answered once, and in time", async () => {
    const { invitation, answer } = await invited();
    expect(await checkAnswer(invitation, answer, later(30), new Set())).toEqual(err({ type: "Expired" }));
    const used = new Set([toHex(answer.invitationId)]);
    expect(await checkAnswer(invitation, answer, later(10), used)).toEqual(err({ type: "AlreadyUsed" }));
    const other = makeInvitation(about, randomness, tenOClock, 30);
    expect(await checkAnswer(other, answer, later(10), new Set())).toEqual(err({ type: "OtherInvitation" }));
  });

  it("never holds longer than a day", () => {
    expect(makeInvitation(about, randomness, tenOClock, 100_000).expiresAt).toBe(later(24 * 60));
  });

  it("is not answered by a server that puts its own keys in", async () => {
    const { invitation, answer } = await invited();
    const substituted = { ...answer, identityPublic: makeIdentityKey(randomness).publicKey };
    expect(await checkAnswer(invitation, substituted, later(1), new Set())).toEqual(err({ type: "Forged" }));
    const receiving = { ...answer, receivingPublic: (await makeReceivingKey(randomness)).publicKey };
    expect(await checkAnswer(invitation, receiving, later(1), new Set())).toEqual(err({ type: "Forged" }));
    const ages = { ...invitation, expiresAt: later(600) };
    expect(await checkAnswer(ages, answer, later(1), new Set())).toEqual(err({ type: "Forged" }));
  });

  it("is refused with keys that enrolment refuses, even from someone who knows the secret", async () => {
    const { invitation, keys } = await invited();
    const weak = { ...keys, identityKey: { ...keys.identityKey, publicKey: new Uint8Array(32) } };
    const answer = await answerInvitation(invitation, weak);
    expect(await checkAnswer(invitation, answer, later(1), new Set())).toEqual(err({ type: "RefusedKeys" }));
    const dead = { ...keys, receivingKey: { ...keys.receivingKey, publicKey: new Uint8Array(1216).fill(255) } };
    const other = await answerInvitation(invitation, dead);
    expect(await checkAnswer(invitation, other, later(1), new Set())).toEqual(err({ type: "RefusedKeys" }));
  });

  it("and its answer are refused in any other shape", async () => {
    const hash = new Uint8Array(32);
    const secret = new Uint8Array(16);
    const good: CborValue[] = [1, hash, hash, hash, secret, tenOClock];
    expect(parseInvitation(encodeCbor(good))).toBeDefined();
    for (let at = 0; at < good.length; at++)
      expect(parseInvitation(encodeCbor(good.map((field, index) => (index === at ? "wrong" : field))))).toBeUndefined();
    for (const value of [good.slice(1), {}, [...good, 1]]) expect(parseInvitation(encodeCbor(value))).toBeUndefined();
    expect(parseInvitation(new Uint8Array([255]))).toBeUndefined();
    const { answer } = await invited();
    const fields: CborValue[] = [1, answer.invitationId, answer.identityPublic, answer.receivingPublic, answer.mac];
    for (let at = 0; at < fields.length; at++)
      expect(parseAnswer(encodeCbor(fields.map((field, index) => (index === at ? "wrong" : field)))).ok).toBe(false);
    for (const bytes of [encodeCbor({}), encodeCbor([...fields, 1]), new Uint8Array()])
      expect(parseAnswer(bytes)).toEqual(err({ type: "NotAnAnswer" }));
  });
});

describe("the recovery key", () => {
  let made: Awaited<ReturnType<typeof makeRecoveryKey>>;
  let sheets: readonly string[];
  beforeAll(async () => {
    made = await makeRecoveryKey(3, 5, randomness);
    sheets = made.sheets.map((sheet) => sheetDigits(sheet));
  });
  const read = (...places: readonly number[]) =>
    places.map((place) => {
      const sheet = parseSheet(printDigits(must(sheets[place]), "arabic"));
      if (!sheet.ok) throw new Error("The sheet must be readable.");
      return sheet.value;
    });

  it("comes back from any three of its five sheets", async () => {
    for (const places of [
      [0, 1, 2],
      [4, 2, 0],
      [0, 1, 2, 3, 4],
    ]) {
      const key = await combineSheets(read(...places), made.recoveryKey);
      expect(key.ok && key.value.publicKey).toEqual(made.recoveryKey.receivingKey.publicKey);
    }
  });

  it("does not come from too few, from the same one twice, or from another organisation's", async () => {
    expect(await combineSheets(read(0, 1), made.recoveryKey)).toEqual(err({ type: "TooFewSheets" }));
    expect(await combineSheets(read(0, 1, 1), made.recoveryKey)).toEqual(err({ type: "WrongSheets" }));
    const other = await makeRecoveryKey(3, 5, randomness);
    expect(await combineSheets(read(0, 1, 2), other.recoveryKey)).toEqual(err({ type: "WrongSheets" }));
    expect(await combineSheets(read(0, 1), { ...made.recoveryKey, k: 2 })).toEqual(err({ type: "WrongSheets" }));
    const uncommitted = { ...made.recoveryKey, commitment: new Uint8Array(32) };
    expect(await combineSheets(read(0, 1, 2), uncommitted)).toEqual(err({ type: "WrongSheets" }));
    const renamed = { ...made.recoveryKey, receivingKey: other.recoveryKey.receivingKey };
    expect(await combineSheets(read(0, 1, 2), renamed)).toEqual(err({ type: "WrongSheets" }));
  });

  it("does not come from a sheet that was tampered with, although the mathematics gives something", async () => {
    const [first, second, third] = read(0, 1, 2);
    const share: Bytes = exposeSecret(must(third).share).slice();
    share[0] = (share[0] ?? 0) ^ 1;
    const tampered = [must(first), must(second), { k: 3, n: 5, share: conceal("recovery-share", share) }];
    expect(await combineSheets(tampered, made.recoveryKey)).toEqual(err({ type: "WrongSheets" }));
  });

  it("is on sheets that say which group was typed wrong", () => {
    const digits = must(sheets[0]);
    expect(digits).toMatch(/^\d{102}$/);
    const wrong = digits.slice(0, 50) + String((Number(digits[50]) + 1) % 10) + digits.slice(51);
    expect(parseSheet(wrong)).toEqual(err({ type: "WrongGroup", group: 9 }));
    expect(parseSheet("abc")).toEqual(err({ type: "NotDigits" }));
    expect(parseSheet(sheetDigits({ k: 1, n: 5, share: conceal("recovery-share", new Uint8Array(33)) }))).toEqual(
      err({ type: "NotASheet" }),
    );
  });

  it("is never one sheet alone", async () => {
    for (const [k, n] of [
      [1, 1],
      [1, 3],
      [4, 3],
      [2, 17],
    ] as const)
      await expect(makeRecoveryKey(k, n, randomness)).rejects.toThrow("not offered");
  });

  it("is kept whole by nobody", async () => {
    const key = await combineSheets(read(0, 1, 2), made.recoveryKey);
    const seed = exposeSecret(must(key.ok ? key.value.seed : undefined));
    const kept = [made.recoveryKey.commitment, ...made.sheets.map(({ share }) => exposeSecret(share))];
    for (const bytes of kept) expect(toHex(bytes)).not.toContain(toHex(seed));
    expect(Object.keys(made.recoveryKey.receivingKey)).toEqual(["keyId", "publicKey"]);
  });
});
