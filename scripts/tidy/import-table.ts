/**
 * Who may import whom: the table of ARCHITECTURE.md as data. What it does not allow is refused.
 *
 * Types are free where `typesOf` says so, because they leave nothing behind when the code runs.
 */

export type ImportRow = {
  /** Parts of this project, by the name after `@amana/`; "any" for what stands outside of the product. */
  readonly parts: readonly string[] | "any";
  /** Parts whose types may be imported, and nothing else of them. */
  readonly typesOf?: readonly string[];
  /** Packages from the registry; "any" means any that the package.json declares. */
  readonly packages: readonly string[] | "any";
  /** Modules of Node.js, which exist neither in a browser nor in the pure parts. */
  readonly node: boolean;
};

const packs = ["iraq-online-violence"];
const everyPackage = ["kernel", "pathway", "proof", "casefile", "log", "vault", "sync", "device", "ui"];
const outside: ImportRow = { parts: "any", packages: "any", node: true };

/** Areas by the start of a file's path. The longest start that fits counts. */
export const importTable: Readonly<Record<string, ImportRow>> = {
  "packages/kernel/": { parts: [], packages: [], node: false },
  "packages/pathway/": { parts: ["kernel"], packages: [], node: false },
  "packages/proof/": {
    parts: ["kernel", "pathway"],
    packages: ["valibot", "csv-parse", "logic-solver"],
    node: true,
  },
  "packages/casefile/": { parts: ["kernel"], typesOf: ["pathway"], packages: [], node: false },
  "packages/log/": { parts: ["kernel"], packages: ["cborg", "@noble/hashes"], node: false },
  // What Node.js does faster, with the same answers as the language alone.
  "packages/log/src/node/": { parts: ["kernel"], packages: [], node: true },
  "packages/vault/": { parts: ["kernel", "log"], packages: [], node: false },
  "packages/vault/src/node/": { parts: ["kernel", "log"], packages: [], node: true },
  "packages/vault/src/hazmat/node/": { parts: ["kernel", "log"], packages: [], node: true },
  "packages/vault/src/hazmat/": {
    parts: ["kernel", "log"],
    packages: [
      "@hpke/core",
      "@hpke/hybridkem-x-wing",
      "@noble/curves",
      "@noble/hashes",
      "hash-wasm",
      "shamir-secret-sharing",
    ],
    node: false,
  },
  "packages/sync/": { parts: ["kernel", "log"], packages: [], node: false },
  "packages/device/": {
    parts: ["casefile", "pathway", "vault", "sync", "log", "kernel"],
    packages: [],
    node: false,
  },
  // The store on a disk, for Node.js alone; a browser brings its own.
  "packages/device/src/node/": { parts: ["device", "kernel", "log"], packages: [], node: true },
  "packages/ui/": { parts: ["kernel"], packages: ["svelte"], node: false },
  // The font that both apps serve, made when they are built.
  "packages/ui/src/build/": { parts: [], packages: ["vazirmatn", "subset-font"], node: true },
  "apps/server/": { parts: ["kernel", "log", "sync"], packages: ["fastify", "pg"], node: true },
  "apps/guide/": { parts: ["kernel", "pathway", "ui", ...packs], packages: ["svelte"], node: false },
  // The build reads the pack through the proof, so that nothing unchecked is published.
  "apps/guide/build": {
    parts: ["kernel", "pathway", "ui", "proof", ...packs],
    packages: ["svelte", "vite", "@sveltejs/vite-plugin-svelte"],
    node: true,
  },
  // The worker of the app holds the device; what a case means it asks of the case file, what to do now of the pathway.
  "apps/casework/": {
    parts: ["device", "casefile", "pathway", "vault", "log", "sync", "ui", "kernel", ...packs],
    packages: ["svelte", "idb"],
    node: false,
  },
  "apps/casework/build": {
    parts: ["kernel", "pathway", "ui", "proof", ...packs],
    packages: ["svelte", "vite", "@sveltejs/vite-plugin-svelte"],
    node: true,
  },
  "apps/cli/": { parts: [...everyPackage, "server", ...packs], packages: [], node: true },
  "scripts/": outside,
  "tests/": outside,
  "bench/": outside,
  "mutation/": outside,
};

/** What a test beside its code may import on top of what the code may. */
export const testRow: ImportRow = { parts: packs, packages: ["vitest", "fast-check"], node: true };
