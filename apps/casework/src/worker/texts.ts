/** Bytes as people carry them: in a link, or pasted. Base64 of the kind that addresses take. */

const textForm = /^[A-Za-z0-9_-]+$/;

/** Nothing for anything else. Spaces and line ends come from pasting. */
export const bytesOfText = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  const plain = text.replace(/\s+/g, "").replace(/^found=|^invitation=/, "");
  if (!textForm.test(plain) || plain.length % 4 === 1) return undefined;
  const binary = atob(plain.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
};

export const textOfBytes = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
