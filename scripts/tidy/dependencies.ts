/**
 * Checks over what is installed: versions chosen once, contents locked, licences we may ship.
 */

import type { Declared } from "./imports.ts";
import type { Finding, TextFile } from "./finding.ts";

/** Licences that may be part of a work under AGPL-3.0-or-later. */
const licencesAllowed: ReadonlySet<string> = new Set([
  "0BSD",
  "AGPL-3.0-or-later",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MPL-2.0",
  "OFL-1.1",
  // What the font Vazirmatn writes for OFL-1.1.
  "OFL",
]);

const dependencyFields = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;
const exactVersion = /^(npm:(@[^/]+\/)?[^@]+@)?\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/;

type Wanted = { readonly path: string; readonly name: string; readonly version: string };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fieldsOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isRecord(value) ? Object.entries(value) : [];

const packageFiles = (files: readonly TextFile[]): readonly TextFile[] =>
  files.filter((file) => /^((packages|apps|packs)\/[^/]+\/)?package\.json$/.test(file.path));

const wantedOf = (file: TextFile): readonly Wanted[] => {
  const manifest: unknown = JSON.parse(file.text);
  if (!isRecord(manifest)) return [];
  return dependencyFields.flatMap((field) =>
    fieldsOf(manifest[field]).map(([name, version]) => ({ path: file.path, name, version: String(version) })),
  );
};

/** What each workspace may import, by its folder; the root's is "". */
export const declaredIn = (files: readonly TextFile[]): Declared =>
  new Map(
    packageFiles(files).map((file) => {
      const manifest: unknown = JSON.parse(file.text);
      const ownName = isRecord(manifest) ? [String(manifest["name"])] : [];
      const folder = file.path === "package.json" ? "" : file.path.replace("/package.json", "");
      return [folder, new Set([...ownName, ...wantedOf(file).map((each) => each.name)])];
    }),
  );

/** A version is exact, and one package has one version in the whole house. */
export const checkPins = (files: readonly TextFile[]): readonly Finding[] => {
  const wanted = packageFiles(files).flatMap(wantedOf);
  const loose = wanted
    .filter((each) => !exactVersion.test(each.version))
    .map((each) => ({ path: each.path, line: 1, says: `${each.name} is "${each.version}": pin one exact version.` }));
  const firstByName = new Map<string, Wanted>();
  for (const each of wanted) if (!firstByName.has(each.name)) firstByName.set(each.name, each);
  const differing = wanted.flatMap((each) => {
    const first = firstByName.get(each.name);
    if (first === undefined || first.version === each.version) return [];
    return [
      { path: each.path, line: 1, says: `${each.name} is ${each.version} here and ${first.version} in ${first.path}.` },
    ];
  });
  return [...loose, ...differing];
};

type Locked = { readonly name: string; readonly entry: Readonly<Record<string, unknown>> };

const lockedIn = (lockFile: TextFile): readonly Locked[] => {
  const lock: unknown = JSON.parse(lockFile.text);
  const packages = isRecord(lock) ? fieldsOf(lock["packages"]) : [];
  return packages.flatMap(([path, entry]) =>
    path.includes("node_modules/") && isRecord(entry) && entry["link"] !== true
      ? [{ name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length), entry }]
      : [],
  );
};

/**
 * The lock names the exact contents of every package and no place to fetch them from, and nothing in it
 * runs code while it is installed.
 */
export const checkLock = (lockFile: TextFile): readonly Finding[] =>
  lockedIn(lockFile).flatMap(({ name, entry }) => {
    const finding = (says: string): Finding => ({ path: lockFile.path, line: 1, says });
    return [
      ...(typeof entry["integrity"] === "string" ? [] : [finding(`${name} is locked without its integrity.`)]),
      ...("resolved" in entry ? [finding(`${name} names where it came from: install with the project's .npmrc.`)] : []),
      ...(entry["hasInstallScript"] === true ? [finding(`${name} wants to run a script while it is installed.`)] : []),
    ];
  });

/** Everything that is installed for use, not only for development, has a licence that ours can live with. */
export const checkLicences = (lockFile: TextFile): readonly Finding[] =>
  lockedIn(lockFile)
    .filter(({ entry }) => entry["dev"] !== true)
    .filter(({ entry }) => !isAllowedLicence(entry["license"]))
    .map(({ name, entry }) => ({
      path: lockFile.path,
      line: 1,
      says: `${name} has the licence ${JSON.stringify(entry["license"] ?? "none")}, which is not on the list.`,
    }));

/** Reads the two forms in use: `A OR B`, where one is enough, and `A AND B`, where each is needed. */
const isAllowedLicence = (licence: unknown): boolean => {
  if (typeof licence !== "string") return false;
  const plain = licence.replaceAll(/[()]/g, "");
  return plain.split(" OR ").some((choice) => choice.split(" AND ").every((each) => licencesAllowed.has(each.trim())));
};
