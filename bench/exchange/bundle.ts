/** The device's part of one of our sides as one file with everything in it, as the app's build makes one of what a phone loads. */

import { join } from "node:path";
import { build } from "vite";

/** Which file, and under which name it exports its side. */
export type Bundled = { readonly file: string; readonly name: string };

/** Gives where the bundle stands. The server's part is left out: a server runs from its sources. */
export const bundleDevice = async ({ file }: Bundled, folder: string): Promise<string> => {
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: "node24",
      minify: false,
      rolldownOptions: {
        input: join(import.meta.dirname, file),
        external: (id: string) => id.includes("running-server"),
        output: { format: "es", entryFileNames: "device.mjs", chunkFileNames: "[name].mjs" },
      },
    },
  });
  return join(folder, "device.mjs");
};
