/**
 * The same steps as sealing and opening an entry takes, called bare: the platform's DEFLATE stream, HKDF as the vault
 * computes it, the platform's AES-256-GCM, SHA-256 and Ed25519. No encoding, no checks, no limits, on bytes that are ready.
 */

import { hash as digestOf } from "node:crypto";
import { label, type Bytes, type SealedEntry } from "@amana/log";
import { hkdf } from "../../packages/vault/src/hazmat/derive.ts";
import { exposeSecret, type CaseKey, type IdentityKey } from "@amana/vault";

const { subtle } = crypto;
const zeroNonce = new Uint8Array(12);
const pkcs8Prefix = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

const labels = {
  header: label("header-hash"),
  entry: label("entry-hash"),
  key: label("entry-key"),
  signature: label("entry-signature"),
};

const sha256 = (...parts: readonly Bytes[]): Bytes =>
  new Uint8Array(digestOf("sha256", Buffer.concat(parts), "buffer"));

type ByteStreams = { readonly readable: ReadableStream<Uint8Array>; readonly writable: WritableStream<BufferSource> };

const throughStream = async (bytes: Bytes, { readable, writable }: ByteStreams): Promise<Bytes> => {
  const writer = writable.getWriter();
  const written = Promise.all([writer.write(bytes), writer.close()]);
  const parts: Uint8Array[] = [];
  for await (const part of readable) parts.push(part);
  await written;
  return new Uint8Array(Buffer.concat(parts));
};

export type Bare = {
  readonly deflate: (content: Bytes) => Promise<Bytes>;
  readonly inflate: (deflated: Bytes) => Promise<Bytes>;
  readonly seal: (headerBytes: Bytes, nonce: Bytes, plain: Bytes) => Promise<Bytes>;
  readonly open: (entry: SealedEntry) => Promise<Bytes>;
  readonly verify: (entry: SealedEntry) => Promise<boolean>;
};

export const makeBare = async (caseKey: CaseKey, author: IdentityKey): Promise<Bare> => {
  const encoded = new Uint8Array([...pkcs8Prefix, ...exposeSecret(author.seed)]);
  const signing = await subtle.importKey("pkcs8", encoded, "Ed25519", false, ["sign"]);
  const boundOf = (headerBytes: Bytes): Bytes => sha256(labels.header, headerBytes);
  const signedOf = (headerBytes: Bytes, ciphertext: Bytes): Bytes =>
    new Uint8Array(Buffer.concat([labels.signature, sha256(labels.entry, headerBytes, sha256(ciphertext))]));
  const entryKey = async (nonce: Bytes, bound: Bytes, use: "encrypt" | "decrypt"): Promise<CryptoKey> => {
    const info = new Uint8Array(Buffer.concat([labels.key, bound]));
    const bits = await hkdf(exposeSecret(caseKey), nonce, info, 32);
    return subtle.importKey("raw", bits, "AES-GCM", false, [use]);
  };
  return {
    deflate: (content) => throughStream(content, new CompressionStream("deflate-raw")),
    inflate: (deflated) => throughStream(deflated, new DecompressionStream("deflate-raw")),
    seal: async (headerBytes, nonce, plain) => {
      const bound = boundOf(headerBytes);
      const algorithm = { name: "AES-GCM", iv: zeroNonce, additionalData: bound };
      const ciphertext = new Uint8Array(
        await subtle.encrypt(algorithm, await entryKey(nonce, bound, "encrypt"), plain),
      );
      return new Uint8Array(await subtle.sign("Ed25519", signing, signedOf(headerBytes, ciphertext)));
    },
    open: async ({ header, headerBytes, ciphertext = new Uint8Array() }) => {
      const bound = boundOf(headerBytes);
      const algorithm = { name: "AES-GCM", iv: zeroNonce, additionalData: bound };
      const key = await entryKey(header.nonce, bound, "decrypt");
      return new Uint8Array(await subtle.decrypt(algorithm, key, ciphertext));
    },
    verify: async ({ headerBytes, ciphertext = new Uint8Array(), signature }) => {
      const key = await subtle.importKey("raw", author.publicKey, "Ed25519", false, ["verify"]);
      return subtle.verify("Ed25519", key, signature, signedOf(headerBytes, ciphertext));
    },
  };
};
