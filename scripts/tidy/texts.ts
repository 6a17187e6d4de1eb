/**
 * Checks over the words of files: how each opens, what it must not name, what needs a reason.
 */

import type { Finding, TextFile } from "./finding.ts";

const kernelLinesMax = 200;

/** Where a comment at the top is the custom and says what the file is for. */
const hasOpening = /\.(ts|js|mjs|svelte|css)$|^scripts\/[^.]+$|\/bin\/[^.]+$|^\.ci\/run$/;

/** Each file opens with what it is for. A Svelte file may say it first in its script. */
export const checkOpenings = (files: readonly TextFile[]): readonly Finding[] =>
  files
    .filter((file) => hasOpening.test(file.path) && !opensWithComment(file))
    .map((file) => ({ path: file.path, line: 1, says: "Open the file with a comment that says what it is for." }));

const opensWithComment = (file: TextFile): boolean => {
  if (file.path.endsWith(".svelte")) return /^\s*(<!--|<script\b[^>]*>\s*\/[/*])/.test(file.text);
  if (/\.(ts|js|mjs|css)$/.test(file.path)) return /^(#!.*\n)?\s*\/[/*]/.test(file.text);
  return /^#!.*\n#/.test(file.text);
};

type Refusal = { readonly pattern: RegExp; readonly says: string; readonly where?: RegExp };

// Written in pieces, so that this file does not name what it looks for.
const ownPaths = ["work", "root", "home/[a-z]+"].map((name) => `/${name}`).join("|");
const registryHosts = ["registry\\.[a-z-]+", "npmjs\\.(com|org)", "deb\\.debian", "yarnpkg\\."].join("|");
const marks = ["TO" + "DO", "FIX" + "ME"].join("|");

const refusals: readonly Refusal[] = [
  {
    pattern: new RegExp(`(^|[\\s"'\`(=:,])(${ownPaths})\\b(/|["'\`\\s)]|$)`, "m"),
    says: "This names a path of one machine: use a path relative to the project.",
  },
  {
    pattern: new RegExp(`(https?://|//)([a-z0-9-]+\\.)*(${registryHosts})`, "i"),
    says: "This names a package registry: a machine is set up for its own.",
  },
  {
    pattern: new RegExp(`\\b(${marks})\\b(?!\\s*\\(#\\d+\\))`),
    says: "Work that is left names its issue, like (#12) after the word, or is done.",
  },
  {
    pattern: /(eslint-disable|svelte-ignore|prettier-ignore|@ts-expect-error|@ts-ignore)(?!.*(--|:|\()\s*\S.{9})/,
    says: "A suppression carries its reason: after ` -- `, or in brackets for the Svelte compiler.",
    where: /\.(ts|js|mjs|svelte|css)$/,
  },
];

/** What no file may say. The samples of this check's own test are built so that they do not say it either. */
export const checkRefused = (files: readonly TextFile[]): readonly Finding[] =>
  files
    .filter((file) => file.path !== "LICENSE")
    .flatMap((file) => refusals.flatMap((each) => findRefused(file, each)));

const findRefused = (file: TextFile, { pattern, says, where }: Refusal): readonly Finding[] =>
  (where?.test(file.path) ?? true) && pattern.test(file.text)
    ? file.text
        .split("\n")
        .flatMap((line, index) => (pattern.test(line) ? [{ path: file.path, line: index + 1, says }] : []))
    : [];

/** The kernel is what every part shares, so it stays small enough to know by heart. */
export const checkKernelSize = (files: readonly TextFile[]): readonly Finding[] => {
  const lines = files
    .filter((file) => /^packages\/kernel\/src\/.*\.ts$/.test(file.path) && !file.path.endsWith(".test.ts"))
    .reduce((sum, file) => sum + file.text.split("\n").length - 1, 0);
  if (lines <= kernelLinesMax) return [];
  const says = `The kernel has ${lines} lines and may have ${kernelLinesMax}: move something to where it belongs.`;
  return [{ path: "packages/kernel", line: 1, says }];
};

/** A pack is data that its authors read and edit; code in it would be guidance nobody can check. */
export const checkPacks = (files: readonly TextFile[]): readonly Finding[] =>
  files
    .filter((file) => file.path.startsWith("packs/") && /\.(ts|js|mjs|cjs|svelte|html|sh)$/.test(file.path))
    .map((file) => ({ path: file.path, line: 1, says: "A pack holds data only, no code." }));

/** A decision is found by its day and what it claims. */
export const checkDecisionNames = (files: readonly TextFile[]): readonly Finding[] =>
  files
    .filter((file) => file.path.startsWith("docs/decisions/"))
    .filter((file) => !/^docs\/decisions\/\d{4}-\d{2}-\d{2}-[a-z0-9]+(-[a-z0-9]+)*\.md$/.test(file.path))
    .map((file) => ({
      path: file.path,
      line: 1,
      says: "Name a decision by day and claim: 2026-11-21-what-it-claims.md.",
    }));
