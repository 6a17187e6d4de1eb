/**
 * libsodium doing the same job in its own way, for scale: derive a key for one entry, encrypt, hash, sign, and back.
 *
 * Its usual build has no HKDF and no AES-GCM, so the same steps are keyed BLAKE2b, XChaCha20-Poly1305, BLAKE2b and Ed25519. It is
 * given bytes that are ready, as the bare platform steps are.
 */

import type { Bytes } from "@amana/log";
import { importPeer, installedVersion } from "../peers.ts";

/** The little of the library that is used here. */
type Sodium = {
  readonly ready: Promise<void>;
  readonly crypto_generichash: (length: number, message: Bytes, key?: Bytes) => Bytes;
  readonly crypto_aead_xchacha20poly1305_ietf_encrypt: (
    message: Bytes,
    additional: Bytes,
    secretNonce: null,
    nonce: Bytes,
    key: Bytes,
  ) => Bytes;
  readonly crypto_aead_xchacha20poly1305_ietf_decrypt: (
    secretNonce: null,
    ciphertext: Bytes,
    additional: Bytes,
    nonce: Bytes,
    key: Bytes,
  ) => Bytes;
  readonly crypto_sign_keypair: () => { readonly publicKey: Bytes; readonly privateKey: Bytes };
  readonly crypto_sign_detached: (message: Bytes, privateKey: Bytes) => Bytes;
  readonly crypto_sign_verify_detached: (signature: Bytes, message: Bytes, publicKey: Bytes) => boolean;
};

export type SodiumEntry = {
  readonly headerBytes: Bytes;
  readonly nonce: Bytes;
  readonly ciphertext: Bytes;
  readonly signature: Bytes;
};

export type SodiumPeer = {
  readonly name: string;
  readonly seal: (headerBytes: Bytes, nonce: Bytes, plain: Bytes) => SodiumEntry;
  readonly open: (entry: SodiumEntry) => Bytes;
  readonly verify: (entry: SodiumEntry) => boolean;
};

const peer = "libsodium-wrappers";
const aeadNonce = new Uint8Array(24);

export const makeSodium = async (caseKey: Bytes): Promise<SodiumPeer> => {
  // Its types are not installed where ours are checked; these are the calls its documentation promises.
  const { default: sodium } = (await importPeer(peer, "dist/modules/libsodium-wrappers.js")) as { default: Sodium };
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_sign_keypair();
  const digest = (...parts: readonly Bytes[]): Bytes =>
    sodium.crypto_generichash(32, new Uint8Array(Buffer.concat(parts)));
  const entryKey = (nonce: Bytes, bound: Bytes): Bytes =>
    sodium.crypto_generichash(32, new Uint8Array(Buffer.concat([nonce, bound])), caseKey);
  const hashOf = (headerBytes: Bytes, ciphertext: Bytes): Bytes => digest(headerBytes, digest(ciphertext));
  return {
    name: `libsodium (${peer} ${installedVersion(peer) ?? ""})`,
    seal: (headerBytes, nonce, plain) => {
      const bound = digest(headerBytes);
      const key = entryKey(nonce, bound);
      const ciphertext = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, bound, null, aeadNonce, key);
      const signature = sodium.crypto_sign_detached(hashOf(headerBytes, ciphertext), privateKey);
      return { headerBytes, nonce, ciphertext, signature };
    },
    open: ({ headerBytes, nonce, ciphertext }) => {
      const bound = digest(headerBytes);
      const key = entryKey(nonce, bound);
      return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ciphertext, bound, aeadNonce, key);
    },
    verify: ({ headerBytes, ciphertext, signature }) =>
      sodium.crypto_sign_verify_detached(signature, hashOf(headerBytes, ciphertext), publicKey),
  };
};
