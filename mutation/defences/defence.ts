/**
 * A defence, how it is switched off, and the test that must fail then. SECURITY §6: each has been seen to fail.
 *
 * A row names texts, so it is true of one state of the code. `faultsOf` finds the rows that the code has left behind; they
 * are mended, never dropped.
 */

export type Defence = {
  /** What is typed after `npm run mutation -- defences`. */
  readonly name: string;
  /** The section, rule or threat that the defence answers. */
  readonly answers: string;
  /** All at once: more than one where two defences overlap, and either alone is enough. */
  readonly off: readonly Replacement[];
  readonly test: NamedTest;
  /** How the failure begins that is meant, where it is not an expectation of the test itself. */
  readonly outcome?: string;
};

/** `text` stands exactly once in the file. */
export type Replacement = { readonly file: string; readonly text: string; readonly by: string };

/**
 * All the words stand in the file, and in the test's whole name in this order: what is filled in is left out. `suite`: where they
 * stand, when the file runs tests that are written for more than one.
 */
export type NamedTest = { readonly file: string; readonly words: readonly string[]; readonly suite?: string };

export type Fault = {
  readonly defence: string;
  readonly what: "text-is-gone" | "text-stands-twice" | "changes-nothing" | "test-is-gone" | "name-stands-twice";
  readonly file: string;
};

/** `read` gives the text of a file of the project, or nothing. */
export const faultsOf = (
  defences: readonly Defence[],
  read: (file: string) => string | undefined,
): readonly Fault[] => [...defences.flatMap((defence) => faultsIn(defence, read)), ...namesTwiceIn(defences)];

const faultsIn = ({ name, off, test }: Defence, read: (file: string) => string | undefined): readonly Fault[] => {
  const faults: Fault[] = off.flatMap(({ file, text, by }) => {
    const count = (read(file) ?? "").split(text).length - 1;
    const what =
      text === by ? "changes-nothing" : count === 0 ? "text-is-gone" : count > 1 ? "text-stands-twice" : undefined;
    return what === undefined ? [] : [{ defence: name, what, file }];
  });
  const tested = read(test.suite ?? test.file) ?? "";
  const isThere = test.words.length > 0 && test.words.every((words) => tested.includes(words));
  return isThere ? faults : [...faults, { defence: name, what: "test-is-gone", file: test.file }];
};

const namesTwiceIn = (defences: readonly Defence[]): readonly Fault[] =>
  defences
    .filter(({ name }, place) => defences.findIndex((each) => each.name === name) !== place)
    .map(({ name, test }) => ({ defence: name, what: "name-stands-twice", file: test.file }));

/** With the defences switched off; `read` gives the text of each file as it is. */
export const switchedOff = ({ off }: Defence, read: (file: string) => string): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>();
  // By a function: in a plain replacement `$` would mean something.
  for (const { file, text, by } of off)
    texts.set(
      file,
      (texts.get(file) ?? read(file)).replace(text, () => by),
    );
  return texts;
};
