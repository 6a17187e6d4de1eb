/** The account itself: its vault, its password, its devices. Everything is about who asks; no account names another. */

import { ok } from "@amana/kernel";
import { encodeCbor, equalBytes, sha256, type Bytes } from "@amana/log";
import { isSignedFor, isSigningPublic } from "../sign-in/ed25519.ts";
import type { Member, Storage } from "../storage/storage.ts";
import { accountBytes } from "./account-bytes.ts";
import { keyOfNobody } from "./key-of-nobody.ts";
import { done, refused, type Answers, type RelayPorts } from "./answers.ts";

type Names = "repeat-password-change" | "read-vault" | "change-password" | "list-devices" | "sign-out";

export const accountAnswers = ({ storage }: RelayPorts): Answers<Names> => ({
  // Nobody can sign in who changed the password after the backup that this server was put back to. The change itself, signed with
  // the key that is here again, is as good as it was: what it proves, a sign-in with that key would prove as well.
  "repeat-password-change": async ({ account, loginPublic, generation, vault, signature }) => {
    if (!isSigningPublic(loginPublic)) return refused("NotUnderstood");
    const known = await storage.accountById({ account });
    const message = encodeCbor([accountBytes(account), loginPublic, sha256(vault)]);
    const isSigned = isSignedFor("password-change", known?.loginPublic ?? keyOfNobody, message, signature);
    if (!isSigned || known === undefined || known.leftAt !== undefined) return refused("AlreadyUsed");
    const order = {
      by: known,
      device: undefined,
      loginPublicBefore: known.loginPublic,
      loginPublic,
      generation,
      vault,
    };
    const changed = await storage.changePassword(order);
    return changed.ok ? done : refused(changeRefusals[changed.error.type]);
  },
  "read-vault": async (_request, { by }) => {
    const vault = await storage.vaultOf({ by });
    return vault === undefined ? refused("NotForYou") : ok(vault);
  },
  // Signed with the key that it replaces, so that a token alone, taken from a device, changes no password.
  "change-password": async ({ loginPublic, generation, vault, signature }, { by, device, loginPublic: before }) => {
    if (!isSigningPublic(loginPublic)) return refused("NotUnderstood");
    const message = encodeCbor([accountBytes(by.account), loginPublic, sha256(vault)]);
    // The answer was lost on its way, and the same request came again.
    const isSame = equalBytes(before, loginPublic) && (await isVaultOf(storage, by, generation, vault));
    if (isSame) return done;
    if (!isSignedFor("password-change", before, message, signature)) return refused("NotForYou");
    const order = { by, device, loginPublicBefore: before, loginPublic, generation, vault };
    const changed = await storage.changePassword(order);
    return changed.ok ? done : refused(changeRefusals[changed.error.type]);
  },
  "list-devices": async (_request, { by, device: own, now }) => {
    const devices = await storage.devicesOf({ by, now });
    return ok({ devices: devices.map((each) => ({ ...each, isThis: each.device === own })) });
  },
  "sign-out": async ({ device }, { by }) => {
    await storage.signOut({ by, device });
    return done;
  },
});

const changeRefusals = { GenerationMoved: "AlreadyUsed", StoreRestoring: "NotNow" } as const;

const isVaultOf = async (storage: Storage, by: Member, generation: number, vault: Bytes): Promise<boolean> => {
  const known = await storage.vaultOf({ by });
  return known?.generation === generation && equalBytes(known.vault, vault);
};
