/**
 * Reads what a file imports, and holds it against the import table and the package.json files.
 */

import { posix } from "node:path";
import ts from "typescript";
import { importTable, testRow, type ImportRow } from "./import-table.ts";
import type { Finding, TextFile } from "./finding.ts";

export type Import = { readonly names: string; readonly line: number; readonly isTypeOnly: boolean };

/** What each workspace's package.json (by its folder, "" for the root) declares. */
export type Declared = ReadonlyMap<string, ReadonlySet<string>>;

const ownScope = "@amana/";

const isCode = (path: string): boolean => /\.(ts|js|mjs|svelte)$/.test(path);
const isTest = (path: string): boolean => /\.test\.ts$|\/testing\//.test(path);

/** Every import of a file: static, dynamic, re-exports, and types in the form `import("…").Name`. */
export const importsOf = (file: TextFile): readonly Import[] =>
  file.path.endsWith(".svelte")
    ? scriptsOf(file.text).flatMap(importsOfScript)
    : importsOfScript({ text: file.text, line: 0 });

type Script = { readonly text: string; readonly line: number };

/** The scripts of a Svelte file, each with the number of lines before it. */
const scriptsOf = (text: string): readonly Script[] =>
  [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map((match) => ({
    text: match[1] ?? "",
    line: text.slice(0, match.index).split("\n").length - 1,
  }));

const importsOfScript = (script: Script): readonly Import[] => {
  const source = ts.createSourceFile("script.ts", script.text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, isTypeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const line = script.line + source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ names: specifier.text, line, isTypeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, importsOnlyTypes(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, exportsOnlyTypes(node));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, true);
    else if (ts.isCallExpression(node) && isImportCall(node)) add(node, node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const importsOnlyTypes = (clause: ts.ImportClause | undefined): boolean => {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
};

const exportsOnlyTypes = (node: ts.ExportDeclaration): boolean => {
  if (node.isTypeOnly) return true;
  const clause = node.exportClause;
  return clause !== undefined && ts.isNamedExports(clause) && clause.elements.every((element) => element.isTypeOnly);
};

const isImportCall = (node: ts.CallExpression): boolean =>
  node.expression.kind === ts.SyntaxKind.ImportKeyword ||
  (ts.isIdentifier(node.expression) && node.expression.text === "require");

/** Everything the import table or the package.json of its workspace refuses in these files. */
export const checkImports = (files: readonly TextFile[], declared: Declared): readonly Finding[] =>
  files.filter((file) => isCode(file.path)).flatMap((file) => checkImportsOf(file, declared));

const checkImportsOf = (file: TextFile, declared: Declared): readonly Finding[] => {
  const rows = rowsFor(file.path);
  const finding = (says: string, line: number): Finding => ({ path: file.path, line, says });
  if (rows === undefined)
    return [finding("No row of the import table covers this file (scripts/tidy/import-table.ts).", 1)];
  return importsOf(file).flatMap((each) => {
    const refusal = refuse(each, file.path, rows) ?? undeclared(each, file.path, declared);
    return refusal === undefined ? [] : [finding(refusal, each.line)];
  });
};

/** The rows that speak for a file, or nothing if the table has none. */
const rowsFor = (path: string): readonly ImportRow[] | undefined => {
  // Settings of tools in the root stand outside of the product like the scripts do.
  if (!path.includes("/")) return [{ parts: "any", packages: "any", node: true }];
  const start = Object.keys(importTable)
    .filter((each) => path.startsWith(each))
    .sort((a, b) => b.length - a.length)[0];
  const row = start === undefined ? undefined : importTable[start];
  if (row === undefined) return undefined;
  return isTest(path) ? [row, testRow] : [row];
};

const allows = (list: readonly string[] | "any" | undefined, name: string): boolean =>
  list === "any" || (list?.includes(name) ?? false);

const refuse = (each: Import, path: string, rows: readonly ImportRow[]): string | undefined => {
  const { names } = each;
  if (names.startsWith(".")) return refuseRelative(names, path);
  if (names.startsWith("virtual:")) return undefined;
  // One file of this workspace or another, by where it runs: its package.json says which.
  if (names.startsWith("#")) return undefined;
  if (names.startsWith("node:")) {
    return rows.some((row) => row.node) ? undefined : `${names} does not exist where this part runs.`;
  }
  if (names.startsWith(ownScope)) {
    const part = packageOf(names).slice(ownScope.length);
    if (rows.some((row) => allows(row.parts, part))) return undefined;
    const hasTypes = rows.some((row) => allows(row.typesOf, part));
    if (!hasTypes) return `The import table does not let this part import ${names}.`;
    return each.isTypeOnly ? undefined : `Only types of ${names} may be imported here: write \`import type\`.`;
  }
  const isAllowed = rows.some((row) => allows(row.packages, packageOf(names)));
  return isAllowed ? undefined : `The import table does not let this part import ${packageOf(names)}.`;
};

/** A part is entered by its face, so a relative path stays inside the workspace it starts in. */
const refuseRelative = (names: string, path: string): string | undefined => {
  const workspace = workspaceOf(path);
  const target = posix.join(posix.dirname(path), names.replace(/[?#].*$/, ""));
  const isInside = workspace === "" || target.startsWith(`${workspace}/`);
  return isInside ? undefined : `${names} leaves the workspace: import the other part by its name.`;
};

const undeclared = (each: Import, path: string, declared: Declared): string | undefined => {
  if (/^(\.|#|node:|virtual:)/.test(each.names)) return undefined;
  const name = packageOf(each.names);
  const workspace = workspaceOf(path);
  // The root sees every workspace, and tests beside the code use the root's test tools.
  if (workspace === "" && name.startsWith(ownScope)) return undefined;
  const own = declared.get(workspace)?.has(name) ?? false;
  const fromRoot = isTest(path) && (declared.get("")?.has(name) ?? false);
  return own || fromRoot ? undefined : `${name} is not declared in the package.json of ${workspace || "the root"}.`;
};

/** `packages/kernel` for a file in it; "" for what is in no workspace. */
const workspaceOf = (path: string): string => /^(packages|apps|packs)\/[^/]+/.exec(path)?.[0] ?? "";

const packageOf = (names: string): string =>
  names
    .split("/")
    .slice(0, names.startsWith("@") ? 2 : 1)
    .join("/");
