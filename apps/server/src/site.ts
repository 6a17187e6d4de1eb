/**
 * The files of a built site, read once at the start and then held in memory.
 *
 * A request is looked up in this list and never becomes a path on the disk, so no address, however
 * it is written, can reach a file that the build did not put there.
 */

import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { err, ok, type Result } from "@amana/kernel";
import type { Limits } from "./limits.ts";

export type Encoding = "identity" | "br" | "gzip";

export type Body = { readonly bytes: Buffer; readonly etag: string };

export type SiteFile = {
  readonly type: string;
  readonly cacheControl: string;
  /** What the build wrote, and the compressed forms it put beside it. */
  readonly bodies: { readonly identity: Body } & Partial<Readonly<Record<Encoding, Body>>>;
};

export type Site = {
  /** By the address as it is asked for: `/en/tools/`, `/assets/page-B3f1_a9Z.js`. */
  readonly filesByAddress: ReadonlyMap<string, SiteFile>;
  /** Addresses that stand for another: `/en/tools` and `/en/tools/index.html` for `/en/tools/`. */
  readonly movedByAddress: ReadonlyMap<string, string>;
};

export type SiteProblem =
  | { readonly type: "SiteMissing" }
  | { readonly type: "SiteTooLarge" }
  | { readonly type: "FileTypeUnknown"; readonly path: string };

const typesByExtension: ReadonlyMap<string, string> = new Map([
  [".html", "text/html; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".mjs", "text/javascript; charset=utf-8"],
  [".json", "application/json; charset=utf-8"],
  [".webmanifest", "application/manifest+json; charset=utf-8"],
  [".txt", "text/plain; charset=utf-8"],
  [".xml", "application/xml; charset=utf-8"],
  [".csv", "text/csv; charset=utf-8"],
  [".svg", "image/svg+xml; charset=utf-8"],
  [".png", "image/png"],
  [".jpg", "image/jpeg"],
  [".webp", "image/webp"],
  [".avif", "image/avif"],
  [".ico", "image/x-icon"],
  [".woff2", "font/woff2"],
  [".wasm", "application/wasm"],
  [".pdf", "application/pdf"],
]);

const encodingsByExtension: ReadonlyMap<string, Encoding> = new Map([
  [".br", "br"],
  [".gz", "gzip"],
]);

/**
 * Reads a folder that a build wrote. Names that start with a dot are left out, and so is everything that
 * is not a plain file, because a link could lead out of the folder.
 */
export const readSite = (folder: string, { siteFilesMax, siteBytesMax }: Limits): Result<Site, SiteProblem> => {
  if (!existsSync(join(folder, "index.html"))) return err({ type: "SiteMissing" });
  const paths = pathsIn(folder, "");
  const bytesInAll = paths.reduce((sum, path) => sum + lstatSync(join(folder, path)).size, 0);
  if (paths.length > siteFilesMax || bytesInAll > siteBytesMax) return err({ type: "SiteTooLarge" });

  const filesByAddress = new Map<string, SiteFile>();
  const movedByAddress = new Map<string, string>();
  const all = new Set(paths);
  for (const path of paths) {
    if (isCompressedForm(path, all)) continue;
    const type = typesByExtension.get(extname(path));
    if (type === undefined) return err({ type: "FileTypeUnknown", path });
    const address = `/${path}`.replace(/\/index\.html$/, "/");
    filesByAddress.set(address, readFile(folder, path, type, all));
    if (!address.endsWith("/")) continue;
    movedByAddress.set(`${address}index.html`, address);
    if (address !== "/") movedByAddress.set(address.slice(0, -1), address);
  }
  return ok({ filesByAddress, movedByAddress });
};

/** A site and another under an address of its own, such as `/app`. Both keep their own pages and their own folders. */
export const withSiteUnder = (site: Site, address: string, other: Site): Site => ({
  filesByAddress: new Map([...site.filesByAddress, ...under(address, other.filesByAddress)]),
  movedByAddress: new Map([
    ...site.movedByAddress,
    ...under(address, other.movedByAddress).map(([from, to]) => [from, `${address}${to}`] as const),
    [address, `${address}/`],
  ]),
});

const under = <T>(address: string, byAddress: ReadonlyMap<string, T>): (readonly [string, T])[] =>
  [...byAddress].map(([each, value]) => [`${address}${each}`, value] as const);

const pathsIn = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? pathsIn(root, path) : entry.isFile() ? [path] : [];
    });

const isCompressedForm = (path: string, all: ReadonlySet<string>): boolean =>
  encodingsByExtension.has(extname(path)) && all.has(path.slice(0, -extname(path).length));

const readFile = (folder: string, path: string, type: string, all: ReadonlySet<string>): SiteFile => {
  const compressed = [...encodingsByExtension].flatMap(([extension, encoding]) =>
    all.has(path + extension) ? [[encoding, readBody(join(folder, path + extension))] as const] : [],
  );
  const bodies = { identity: readBody(join(folder, path)), ...Object.fromEntries(compressed) };
  return { type, cacheControl: cacheControlOf(`/${path}`, type), bodies };
};

/** Each encoding is a representation of its own, with an ETag of its own, because the hash is over its bytes. */
const readBody = (path: string): Body => {
  const bytes = readFileSync(path);
  return { bytes, etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 27)}"` };
};

/**
 * A page is not kept, so that the device's cache does not tell who read it. A file whose name carries the
 * hash of its content may be kept for good. Anything else is asked for again each time.
 */
const cacheControlOf = (address: string, type: string): string => {
  if (type.startsWith("text/html")) return "no-store";
  return isNamedByContent(address) ? "public, max-age=31536000, immutable" : "no-cache";
};

/**
 * The folders whose files carry the hash of their content: eight letters as Vite writes them, or ten and more
 * hexadecimal digits. A word like `-platform.svg` is no hash: it has neither a digit nor a capital.
 */
const isNamedByContent = (address: string): boolean => {
  const hash = /^\/(?:a|assets)\/.+-([A-Za-z0-9_-]{8}|[0-9a-f]{10,64})\.[a-z0-9]+$/.exec(address)?.[1];
  return hash !== undefined && /[A-Z0-9_]/.test(hash);
};

export type Found =
  | { readonly kind: "file"; readonly file: SiteFile }
  | { readonly kind: "moved"; readonly to: string }
  | { readonly kind: "nothing" }
  | { readonly kind: "not-understood" };

/** What stands at an address as it came over the wire. What follows a question mark is not read. */
export const findInSite = (site: Site, rawAddress: string): Found => {
  const address = decodeOnce(rawAddress.replace(/\?.*$/s, ""));
  if (address === undefined) return { kind: "not-understood" };
  const file = site.filesByAddress.get(address);
  if (file !== undefined) return { kind: "file", file };
  const to = site.movedByAddress.get(address);
  return to === undefined ? { kind: "nothing" } : { kind: "moved", to };
};

/** Whether an address, decoded once, still hides something: control characters, slashes, a second encoding. */
const hidesSomething = (decoded: string, raw: string): boolean => {
  const slashesAdded = decoded.split("/").length !== raw.split("/").length;
  return slashesAdded || /[\u0000-\u001f\u007f\\%#]/.test(decoded) || /(^|\/)\.\.?(\/|$)|\/\//.test(decoded);
};

const decodeOnce = (raw: string): string | undefined => {
  if (!raw.startsWith("/")) return undefined;
  try {
    const decoded = decodeURIComponent(raw);
    return hidesSomething(decoded, raw) ? undefined : decoded;
  } catch {
    // The percent signs of the address do not make up UTF-8.
    return undefined;
  }
};

/** The page that says that there is none, in the language of the address if the site has it there. */
export const notFoundPage = (site: Site, rawAddress: string): SiteFile | undefined => {
  const language = /^\/([a-z]{2,3})\//.exec(rawAddress)?.[1];
  return site.filesByAddress.get(`/${language ?? ""}/404.html`) ?? site.filesByAddress.get("/404.html");
};

/** The smallest form that the visitor's browser says it reads. */
export const chooseBody = (
  file: SiteFile,
  acceptEncoding: string | undefined,
): { readonly encoding: Encoding; readonly body: Body } => {
  const accepted = readAcceptEncoding(acceptEncoding ?? "");
  for (const encoding of ["br", "gzip"] as const) {
    const body = file.bodies[encoding];
    if (body !== undefined && (accepted.get(encoding) ?? accepted.get("*") ?? 0) > 0) return { encoding, body };
  }
  return { encoding: "identity", body: file.bodies.identity };
};

const readAcceptEncoding = (header: string): ReadonlyMap<string, number> =>
  new Map(
    header.split(",").map((part) => {
      const [name = "", ...parameters] = part.split(";").map((each) => each.trim().toLowerCase());
      const weight = parameters.find((each) => each.startsWith("q="))?.slice(2);
      return [name === "x-gzip" ? "gzip" : name, weight === undefined ? 1 : Number(weight)];
    }),
  );
