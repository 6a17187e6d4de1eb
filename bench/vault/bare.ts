/**
 * The same steps as sealing and opening an entry takes, called bare: the platform's DEFLATE, HKDF as the vault computes it, the
 * platform's AES-256-GCM, SHA-256 and Ed25519. No encoding, no checks, no limits, on bytes that are ready.
 *
 * Node.js has two ways to deflate and to encipher: its own, which answers at once and which the vault takes here, and that
 * of browsers.
 */

import { createCipheriv, createDecipheriv, hash as digestOf } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
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

/** Of one message, under a key that is used for nothing else. */
type Ciphers = {
  readonly encipher: (key: Bytes, bound: Bytes, plain: Bytes) => Promise<Bytes>;
  readonly decipher: (key: Bytes, bound: Bytes, ciphertext: Bytes) => Promise<Bytes>;
  readonly deflate: (content: Bytes) => Promise<Bytes>;
  readonly inflate: (deflated: Bytes) => Promise<Bytes>;
};

const tagBytes = 16;

const ofNode: Ciphers = {
  encipher: async (key, bound, plain) => {
    const cipher = createCipheriv("aes-256-gcm", key, zeroNonce).setAAD(bound);
    const parts = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
    return Promise.resolve(new Uint8Array(Buffer.concat(parts)));
  },
  decipher: async (key, bound, ciphertext) => {
    const decipher = createDecipheriv("aes-256-gcm", key, zeroNonce).setAAD(bound);
    decipher.setAuthTag(ciphertext.subarray(-tagBytes));
    const parts = [decipher.update(ciphertext.subarray(0, -tagBytes)), decipher.final()];
    return Promise.resolve(new Uint8Array(Buffer.concat(parts)));
  },
  deflate: async (content) => Promise.resolve(new Uint8Array(deflateRawSync(content))),
  inflate: async (deflated) => Promise.resolve(new Uint8Array(inflateRawSync(deflated))),
};

const ofBrowsers: Ciphers = {
  encipher: async (key, bound, plain) => {
    const algorithm = { name: "AES-GCM", iv: zeroNonce, additionalData: bound };
    return new Uint8Array(
      await subtle.encrypt(algorithm, await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]), plain),
    );
  },
  decipher: async (key, bound, ciphertext) => {
    const algorithm = { name: "AES-GCM", iv: zeroNonce, additionalData: bound };
    return new Uint8Array(
      await subtle.decrypt(algorithm, await subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]), ciphertext),
    );
  },
  deflate: (content) => throughStream(content, new CompressionStream("deflate-raw")),
  inflate: (deflated) => throughStream(deflated, new DecompressionStream("deflate-raw")),
};

export const bareWays = { node: ofNode, browsers: ofBrowsers } as const;

export const makeBare = async (
  caseKey: CaseKey,
  author: IdentityKey,
  { encipher, decipher, deflate, inflate }: Ciphers = ofNode,
): Promise<Bare> => {
  const encoded = new Uint8Array([...pkcs8Prefix, ...exposeSecret(author.seed)]);
  const signing = await subtle.importKey("pkcs8", encoded, "Ed25519", false, ["sign"]);
  const boundOf = (headerBytes: Bytes): Bytes => sha256(labels.header, headerBytes);
  const signedOf = (headerBytes: Bytes, ciphertext: Bytes): Bytes =>
    new Uint8Array(Buffer.concat([labels.signature, sha256(labels.entry, headerBytes, sha256(ciphertext))]));
  const entryKey = (nonce: Bytes, bound: Bytes): Promise<Bytes> =>
    hkdf(exposeSecret(caseKey), nonce, new Uint8Array(Buffer.concat([labels.key, bound])), 32);
  return {
    deflate,
    inflate,
    seal: async (headerBytes, nonce, plain) => {
      const bound = boundOf(headerBytes);
      const ciphertext = await encipher(await entryKey(nonce, bound), bound, plain);
      return new Uint8Array(await subtle.sign("Ed25519", signing, signedOf(headerBytes, ciphertext)));
    },
    open: async ({ header, headerBytes, ciphertext = new Uint8Array() }) => {
      const bound = boundOf(headerBytes);
      return decipher(await entryKey(header.nonce, bound), bound, ciphertext);
    },
    verify: async ({ headerBytes, ciphertext = new Uint8Array(), signature }) => {
      const key = await subtle.importKey("raw", author.publicKey, "Ed25519", false, ["verify"]);
      return subtle.verify("Ed25519", key, signature, signedOf(headerBytes, ciphertext));
    },
  };
};
