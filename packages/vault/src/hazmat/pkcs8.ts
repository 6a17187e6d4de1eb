/** What stands before the seed of Ed25519 in PKCS#8 (RFC 8410), always the same. */

export const pkcs8Prefix = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);
