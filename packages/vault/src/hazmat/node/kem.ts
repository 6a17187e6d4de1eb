/**
 * By Node.js what the library computes in JavaScript, with the same keys and secrets: the public key that belongs to a seed, and the
 * secret that was encapsulated to it. A new process has its first one in a tenth of the time.
 *
 * Encapsulating stays the library's, because Node.js draws the randomness for it itself and takes none that is handed in.
 */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  type KeyObject,
} from "node:crypto";
import { concat, type Bytes } from "@amana/log";
import { makeKem, type Kem } from "../kem.ts";

/** What stands before a seed in PKCS#8 and before a public key in SPKI: RFC 9935 with the seed alone, and RFC 8410. */
const prefixes = {
  mlKem: {
    private: Uint8Array.of(48, 84, 2, 1, 0, 48, 11, 6, 9, 96, 134, 72, 1, 101, 3, 4, 4, 2, 4, 66, 128, 64),
    public: Uint8Array.of(48, 130, 4, 178, 48, 11, 6, 9, 96, 134, 72, 1, 101, 3, 4, 4, 2, 3, 130, 4, 161, 0),
  },
  x25519: {
    private: Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32),
    public: Uint8Array.of(48, 42, 48, 5, 6, 3, 43, 101, 110, 3, 33, 0),
  },
} as const;
type Part = keyof typeof prefixes;

const mlKemPublicBytes = 1184;
const mlKemCiphertextBytes = 1088;
const mlKemSeedBytes = 64;
const x25519Bytes = 32;
const encapsulatedBytes = mlKemCiphertextBytes + x25519Bytes;
/** What X-Wing hashes last: `\.//^\`. */
const label = Uint8Array.of(92, 46, 47, 47, 94, 92);

const privateKeyOf = (part: Part, seed: Bytes): KeyObject => {
  const encoded = concat(prefixes[part].private, seed);
  // A view, so that the one copy of the seed that is made here is the one that is overwritten.
  const made = createPrivateKey({ key: Buffer.from(encoded.buffer), format: "der", type: "pkcs8" });
  encoded.fill(0);
  return made;
};

const publicKeyOf = (part: Part, bytes: Bytes): KeyObject =>
  createPublicKey({ key: Buffer.from(concat(prefixes[part].public, bytes)), format: "der", type: "spki" });

const publicBytesOf = (part: Part, seed: Bytes): Bytes => {
  const encoded = createPublicKey(privateKeyOf(part, seed)).export({ format: "der", type: "spki" });
  return new Uint8Array(encoded.subarray(prefixes[part].public.length));
};

/** Throws where the ciphertext has another length. */
export const mlKemShared = (seed: Bytes, ciphertext: Bytes): Bytes =>
  new Uint8Array(decapsulate(privateKeyOf("mlKem", seed), ciphertext));

/** Throws where the public key leads to zero. */
export const x25519Shared = (seed: Bytes, publicKey: Bytes): Bytes =>
  new Uint8Array(
    diffieHellman({ privateKey: privateKeyOf("x25519", seed), publicKey: publicKeyOf("x25519", publicKey) }),
  );

/** The seeds of both parts. Whoever asks overwrites them. */
const partsOf = (seed: Uint8Array): { readonly mlKem: Bytes; readonly x25519: Bytes } => {
  const expanded = createHash("shake256", { outputLength: mlKemSeedBytes + x25519Bytes })
    .update(seed)
    .digest();
  const [mlKem, x25519] = [expanded.subarray(0, mlKemSeedBytes), expanded.subarray(mlKemSeedBytes)].map(
    (part) => new Uint8Array(part),
  ) as [Bytes, Bytes]; // As many as were mapped.
  expanded.fill(0);
  return { mlKem, x25519 };
};

const library = makeKem();

const generateKeyPairDerand: Kem["generateKeyPairDerand"] = async (seed) => {
  const { mlKem, x25519 } = partsOf(seed);
  const publicKey = concat(publicBytesOf("mlKem", mlKem), publicBytesOf("x25519", x25519));
  mlKem.fill(0);
  x25519.fill(0);
  return {
    privateKey: await library.deserializePrivateKey(seed),
    publicKey: await library.deserializePublicKey(publicKey),
  };
};

const decap: Kem["decap"] = async ({ recipientKey, enc }) => {
  const key = "privateKey" in recipientKey ? recipientKey.privateKey : recipientKey;
  const sent = bytesOf(enc);
  if (sent.length !== encapsulatedBytes) throw new Error("What was encapsulated has another length.");
  const { mlKem, x25519 } = partsOf(new Uint8Array(await library.serializePrivateKey(key)));
  try {
    const ofX25519 = sent.slice(mlKemCiphertextBytes);
    return combined(
      mlKemShared(mlKem, sent.slice(0, mlKemCiphertextBytes)),
      x25519Shared(x25519, ofX25519),
      ofX25519,
      publicBytesOf("x25519", x25519),
    );
  } finally {
    mlKem.fill(0);
    x25519.fill(0);
  }
};

/** The library, with these two in the place of its own. */
export const kem: Kem = Object.assign(makeKem(), { generateKeyPairDerand, decap });

const bytesOf = (given: ArrayBufferLike | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(given) ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength) : new Uint8Array(given);

const combined = (ofMlKem: Bytes, ofX25519: Bytes, ciphertext: Uint8Array, publicKey: Bytes): ArrayBuffer => {
  const hashing = createHash("sha3-256").update(ofMlKem).update(ofX25519).update(ciphertext).update(publicKey);
  ofMlKem.fill(0);
  ofX25519.fill(0);
  return new Uint8Array(hashing.update(label).digest()).buffer;
};

/** Whether a secret can be encapsulated to these bytes; not for bytes of another length. */
export const takesPublic = async (publicKey: Bytes): Promise<boolean> => Promise.resolve(isTaken(publicKey));

const isTaken = (publicKey: Bytes): boolean => {
  // What stands behind a key in its encoding is not read.
  if (publicKey.length !== mlKemPublicBytes + x25519Bytes) return false;
  try {
    encapsulate(publicKeyOf("mlKem", publicKey.slice(0, mlKemPublicBytes)));
    x25519Shared(new Uint8Array(x25519Bytes).fill(1), publicKey.slice(mlKemPublicBytes));
    return true;
  } catch {
    return false;
  }
};
