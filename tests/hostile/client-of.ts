/** A member's own kit, password and keys in a program of their own making; and a wrap that says one key and holds another. */

import { assert } from "@amana/kernel";
import {
  concat,
  encodeCbor,
  fromHex,
  label,
  labelNumbers,
  sha256,
  suite,
  toHex,
  type Bytes,
  type LogId,
} from "@amana/log";
import type { PublicKey, Wrap } from "@amana/vault";
import { cheapKdf, seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { encapsulationRandomBytes, hpkeSeal } from "../../packages/vault/src/hazmat/x-wing.ts";
import { signFor } from "../../packages/vault/src/identity.ts";
import { must, type CaseWorld, type Handset } from "../device/case-world.ts";
import { makeHostileMember, type HostileMember } from "./hostile-member.ts";

const password = "the river runs past four white houses";

/** Speaks with the honest server, whatever stands before the device. */
export const clientOf = async (
  { server }: Pick<CaseWorld, "server">,
  seed: string,
  { device, unlocked }: Pick<Handset, "device" | "unlocked">,
): Promise<HostileMember> => {
  const organisation = unlocked().organisation();
  assert(organisation !== undefined, "They were enrolled.");
  return makeHostileMember({
    server,
    origin: "https://amana.example",
    randomness: seededRandomness(seed),
    kdf: cheapKdf,
    kit: must(await device().kit()),
    password,
    root: organisation.root,
    organisation: organisation.logId,
  });
};

/** Signed as it should be, for another key than the epoch's. */
export const falseWrap = async (
  by: HostileMember,
  logId: LogId,
  keyCommitment: Bytes,
  { keyId: recipient, publicKey }: PublicKey,
): Promise<Wrap> => {
  const named = { purpose: "key-wrap", logId, keyCommitment, recipient, author: by.own.identityKey.keyId } as const;
  const list = [
    1,
    suite,
    labelNumbers["key-wrap"],
    ...[logId, toHex(keyCommitment), recipient, named.author].map(idOf),
  ];
  const info = concat(label("key-wrap"), sha256(encodeCbor(list)));
  const random = seededRandomness(`false ${recipient}`);
  const sealed = await hpkeSeal(publicKey, info, random(32), random(encapsulationRandomBytes));
  const signed = sha256(encodeCbor([...list, sealed.encapsulated, sealed.ciphertext]));
  const signature = await signFor("key-wrap-signature", by.own.identityKey.seed, signed);
  return { ...named, ...sealed, signature };
};

const idOf = (hex: string): Bytes => fromHex(hex) ?? new Uint8Array();
