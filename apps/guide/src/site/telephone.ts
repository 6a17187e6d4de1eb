/** Telephone numbers as the pack writes them, and as people read them. */

export type Telephone = { readonly number: string; readonly label: string };

/** `label=+964…` or only the number. */
export const numbersOf = (written: readonly string[]): readonly Telephone[] =>
  written.map((entry) => {
    const at = entry.lastIndexOf("=");
    return { number: entry.slice(at + 1), label: at < 0 ? "" : entry.slice(0, at).replaceAll("-", " ") };
  });

/** In groups, as it is said aloud: `+964 750 808 8080`. Short numbers stay whole. */
export const spaced = (number: string): string =>
  number.replace(/^\+964(\d{3})(\d{3})(\d+)$/, "+964 $1 $2 $3").replace(/^(0\d{2})(\d{3})$/, "$1 $2");
