/**
 * How long a body may look. Lengths fall into few classes, so that a length says little of what was written.
 * Format: docs/formats/entry.md §3.
 */

const smallSteps = [256, 512, 1024] as const;

/**
 * The length a body of so many bytes is padded to. Above 1,024 it is Padmé: a length keeps only as many
 * leading bits as its exponent has bits, so at most 12 % is added (Nikitin and others, PURBs, 2019).
 */
export const paddedLength = (length: number): number => {
  const small = smallSteps.find((step) => length <= step);
  if (small !== undefined) return small;
  const exponent = Math.floor(Math.log2(length));
  const bitsKept = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - bitsKept);
  return Math.ceil(length / step) * step;
};

/** Whether a length is one that padding produces. */
export const isPaddedLength = (length: number): boolean => length > 0 && paddedLength(length) === length;
