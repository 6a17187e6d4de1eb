/** Reads a code off a picture of the screen with a library that is not ours, as a stranger's camera would. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Locator, Page } from "playwright-core";

const readerSource = readFileSync(createRequire(import.meta.url).resolve("jsqr"), "utf8");

type Reader = (
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  how: { readonly inversionAttempts: "dontInvert" },
) => { readonly data: string } | null;

/** Pixel by pixel as the browser painted it; `blank` is a page of no site, which the picture is taken apart on. */
export const readCode = async (blank: Page, code: Locator): Promise<string | undefined> => {
  await code.scrollIntoViewIfNeeded();
  const picture = (await code.screenshot({ type: "png" })).toString("base64");
  // Its own way of announcing itself on a page without modules.
  await blank.evaluate(readerSource);
  return blank.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const paint = new OffscreenCanvas(image.width, image.height).getContext("2d");
    paint?.drawImage(image, 0, 0);
    const pixels = paint?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray();
    // The library of that name was loaded just before.
    const read = Reflect.get(window, "jsQR") as Reader;
    return read(pixels, image.width, image.height, { inversionAttempts: "dontInvert" })?.data;
  }, picture);
};

/** How wide one square is on paper, in millimetres: browsers print 96 pixels to the inch. */
export const squareMillimetres = async (code: Locator): Promise<number> => {
  const box = await code.boundingBox();
  const [, , squares = Number.NaN] = ((await code.getAttribute("viewBox")) ?? "").split(" ").map(Number);
  return ((box?.width ?? 0) / squares / 96) * 25.4;
};
