/**
 * Everything about a log has a limit, and each limit has a name. Part of the format: docs/formats/entry.md §1.
 */

export const headerBytesMax = 1024;
export const bodyBytesMax = 65_536;
export const tagBytes = 16;
export const ciphertextBytesMax = bodyBytesMax + tagBytes;
/** The three parts, and what CBOR needs around them. */
export const entryBytesMax = 66_700;
export const parentsMax = 16;
export const eventsPerEntryMax = 64;
export const eventTypeLengthMax = 64;
export const entriesPerLogMax = 100_000;
export const hashesPerListMax = 256;
export const counterMax = 0xffff_ffff;
/** How deep arrays and maps may lie in one another. */
export const nestingMax = 16;

export const hashBytes = 32;
export const logIdBytes = 16;
export const deviceIdBytes = 16;
export const nonceBytes = 32;
export const signatureBytes = 64;
