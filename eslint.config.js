/**
 * The lint rules: the strictest of typescript-eslint, the Svelte plugin, and the house's own.
 * A rule that must be broken is broken on its line, with `-- the reason` (scripts/tidy.ts asks for it).
 */

import svelte from "eslint-plugin-svelte";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import { houseRules } from "./scripts/lint/house-rules.js";

/** Parts that give the same answer on every device, in any year and any language setting. */
const pureParts = ["kernel", "pathway", "casefile", "log", "sync"].map((name) => `packages/${name}/src/**/*.ts`);
const tests = ["**/*.test.ts", "**/testing/**/*.ts", "tests/**/*.ts"];

/** What runs in people's browsers, some of them of 2022. */
const inBrowsers = [
  ...["kernel", "pathway", "casefile", "log", "vault", "sync", "device", "ui"].map((name) => `packages/${name}/src`),
  ...["casework", "guide"].map((name) => `apps/${name}/src`),
].flatMap((folder) => [`${folder}/**/*.ts`, `${folder}/**/*.svelte`]);

const linesPerFileMax = 400;
const linesPerFunctionMax = 60;

const notPure = (name) => `${name} differs between devices: hand it in as an argument, from main.ts.`;
const inNoLanguage = "This depends on the device's language: compare code points, or use our own tables.";
/** These came with Chrome 110; Windows 7 has 109 and Android 6 has 106. */
const tooYoung = {
  selector: "CallExpression > MemberExpression.callee[property.name=/^(toReversed|toSorted|toSpliced|with)$/]",
  message: "Browsers that people still have do not know this: copy, then change the copy.",
};

/** A look by a locator waits until the page has settled; one by the page itself does not [Note: A look waits]. */
const tooEarly = {
  selector:
    "CallExpression > MemberExpression.callee" +
    "[property.name=/^(\\$.*|getAttribute|inner(HTML|Text)|inputValue|is(Checked|Disabled|Editable|Enabled|Hidden|Visible)|textContent)$/]" +
    ":matches([object.name='page'], [object.property.name='page'])",
  message: "Look by a locator, which waits until the page has settled: page.locator(…).textContent().",
};

export default defineConfig(
  { ignores: ["**/node_modules/", "**/dist/", "**/coverage/", "packs/", "mutation/.tmp/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error", reportUnusedInlineConfigs: "error" } },
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        // The same for every file: another value would load the project a second time.
        extraFileExtensions: [".svelte"],
      },
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    plugins: { house: { rules: houseRules } },
    rules: {
      eqeqeq: "error",
      "default-case": "error",
      "default-case-last": "error",
      "no-console": "error",
      "no-constructor-return": "error",
      "no-eval": "error",
      "no-param-reassign": "error",
      "no-promise-executor-return": "error",
      "no-self-compare": "error",
      "no-template-curly-in-string": "error",
      "no-unmodified-loop-condition": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "max-lines": ["error", { max: linesPerFileMax, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": [
        "error",
        { max: linesPerFunctionMax, skipBlankLines: true, skipComments: true, IIFEs: true },
      ],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/strict-boolean-expressions": ["error", { allowNullableObject: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      "house/as-carries-a-comment": "error",
      "house/no-class-for-data": "error",
    },
  },
  {
    files: inBrowsers,
    ignores: [...tests, "**/src/node/**"],
    rules: { "no-restricted-syntax": ["error", tooYoung] },
  },
  {
    files: pureParts,
    ignores: tests,
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "no-restricted-globals": [
        "error",
        { name: "Date", message: notPure("Date") },
        { name: "Intl", message: notPure("Intl") },
      ],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: notPure("Math.random") },
        ...["Date", "Intl"].map((property) => ({ object: "globalThis", property, message: notPure(property) })),
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "MemberExpression[property.name=/^(localeCompare$|toLocale)/]", message: inNoLanguage },
        { selector: "MemberExpression > Literal.property[value=/^(localeCompare$|toLocale)/]", message: inNoLanguage },
        tooYoung,
      ],
    },
  },
  {
    // What a person starts in a terminal speaks through the console.
    files: ["scripts/**/*.ts", "bench/**/*.ts", "apps/*/build.ts", "apps/*/build/**/*.ts"],
    rules: { "no-console": "off" },
  },
  {
    // These quote code, in which templates stand.
    files: ["mutation/defences/of-*.ts"],
    rules: { "no-template-curly-in-string": "off" },
  },
  {
    // These pages are rendered once, when the guide is built: nothing is ever moved, so nothing needs a key.
    files: ["apps/guide/src/site/**/*.svelte"],
    rules: { "svelte/require-each-key": "off" },
  },
  {
    files: tests,
    rules: {
      "max-lines": "off",
      "max-lines-per-function": "off",
      "house/as-carries-a-comment": "off",
    },
  },
  {
    files: ["tests/browser/casework-*.ts"],
    rules: { "no-restricted-syntax": ["error", tooEarly] },
  },
  {
    files: ["**/*.js"],
    ...tseslint.configs.disableTypeChecked,
  },
);
