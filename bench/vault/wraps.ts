/** A case key on its way to one reader: ours, and the same steps of HPKE and Ed25519 called bare. */

import {
  commitTo,
  makeCaseKey,
  makeIdentityKey,
  makeReceivingKey,
  platformRandomness,
  unwrap,
  wrap,
} from "@amana/vault";
import { encapsulationRandomBytes, hpkeOpen, hpkeSeal } from "../../packages/vault/src/hazmat/x-wing.ts";
import { type Side } from "../turns.ts";
import { makeSample } from "./sample.ts";

type Wraps = { readonly wrapping: readonly Side[]; readonly unwrapping: readonly Side[] };

const bareHpke = "the same steps of HPKE and Ed25519, bare";

export const wrapSides = async (): Promise<Wraps> => {
  const { logId } = (await makeSample()).entry.header;
  const author = makeIdentityKey(platformRandomness);
  const recipient = await makeReceivingKey(platformRandomness);
  const key = makeCaseKey(platformRandomness);
  const keyCommitment = await commitTo(key, logId);
  const asked = { purpose: "key-wrap", logId, key, recipient, author } as const;
  const given = await wrap(asked, platformRandomness);
  const bare = await makeBareHpke();
  return {
    wrapping: [
      { name: "ours", run: () => wrap(asked, platformRandomness) },
      { name: bareHpke, run: bare.wrap },
    ],
    unwrapping: [
      {
        name: "ours",
        run: async () => {
          const unwrapped = await unwrap("case-key", { ...asked, wrap: given, keyCommitment });
          if (!unwrapped.ok) throw new Error("The benchmark's own wrap does not open.");
        },
      },
      { name: bareHpke, run: bare.unwrap },
    ],
  };
};

const makeBareHpke = async (): Promise<{
  readonly wrap: () => Promise<void>;
  readonly unwrap: () => Promise<void>;
}> => {
  const { publicKey, seed } = await makeReceivingKey(platformRandomness);
  const signing = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  const info = platformRandomness(49);
  const [signed, secret] = [platformRandomness(64), platformRandomness(32)];
  const seal = (): ReturnType<typeof hpkeSeal> =>
    hpkeSeal(publicKey, info, secret, platformRandomness(encapsulationRandomBytes));
  const { encapsulated, ciphertext } = await seal();
  const signature = await crypto.subtle.sign("Ed25519", signing.privateKey, signed);
  return {
    wrap: async () => {
      await seal();
      await crypto.subtle.sign("Ed25519", signing.privateKey, signed);
    },
    unwrap: async () => {
      await crypto.subtle.verify("Ed25519", signing.publicKey, signature, signed);
      const opened = await hpkeOpen(seed, encapsulated, info, ciphertext);
      if (opened?.length !== secret.length) throw new Error("The benchmark's own key does not open.");
    },
  };
};
