/**
 * Sentences that are planted in cases, one in each of our languages, and the search for them in whatever a server ever
 * saw: as UTF-8, UTF-16, base64 and hexadecimal.
 */

import type { Bytes } from "@amana/log";

/** Each is long enough that it stands nowhere by chance. Whatever is planted begins with one of them. */
export const plantedSentences = [
  "Her brother found the pictures on the red phone",
  "وجد أخوها الصور في الهاتف الأحمر",
  "براکەی وێنەکانی لە تەلەفۆنە سوورەکەدا دۆزییەوە",
  "Birayê wê wêne di telefona sor de dîtin",
] as const;

/** What stands somewhere it must not: the sentence by its place in the list, and how it was written. */
export type Trace = { readonly sentence: number; readonly writing: string };

export const tracesIn = (heard: readonly Bytes[]): readonly Trace[] => {
  const everything = Buffer.concat(heard);
  return plantedSentences.flatMap((text, sentence) =>
    writingsOf(text)
      .filter(({ bytes }) => everything.includes(bytes))
      .map(({ writing }) => ({ sentence, writing })),
  );
};

type Writing = { readonly writing: string; readonly bytes: Buffer };

export const writingsOf = (text: string): readonly Writing[] => {
  const utf16 = Buffer.from(text, "utf16le");
  const plain: readonly Writing[] = [
    { writing: "UTF-8", bytes: Buffer.from(text, "utf8") },
    { writing: "UTF-16 LE", bytes: utf16 },
    { writing: "UTF-16 BE", bytes: Buffer.from(utf16).swap16() },
  ];
  return plain.flatMap(({ writing, bytes }) => [
    { writing, bytes },
    { writing: `hexadecimal of ${writing}`, bytes: Buffer.from(bytes.toString("hex")) },
    { writing: `large hexadecimal of ${writing}`, bytes: Buffer.from(bytes.toString("hex").toUpperCase()) },
    ...[0, 1, 2].flatMap((offset) => base64At(writing, bytes, offset)),
  ]);
};

/** Base64 looks different at each of three offsets; what depends on the neighbours is left out. */
const base64At = (writing: string, bytes: Buffer, offset: number): readonly Writing[] => {
  const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
  const whole = shifted.subarray(0, shifted.length - (shifted.length % 3));
  const cut = (text: string): Buffer => Buffer.from(text.slice(offset === 0 ? 0 : 4));
  return [
    { writing: `base64 of ${writing}`, bytes: cut(whole.toString("base64")) },
    { writing: `base64url of ${writing}`, bytes: cut(whole.toString("base64url")) },
  ];
};
