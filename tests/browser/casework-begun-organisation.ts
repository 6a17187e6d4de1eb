/** An organisation that has begun: Nasrin, who supervises, and the caseworkers Shilan, Omar and Hevî, each with a kit to sign in with. */

import type { Configuration } from "@amana/server";
import type { BrowserContextOptions } from "playwright-core";
import { seedFolder } from "../../apps/cli/src/demo/main.ts";
import type { SeededPerson } from "../../apps/cli/src/demo/seed.ts";
import { enrolWithKit } from "./casework-papers.ts";
import type { CaseworkBrowser, Language, Person } from "./casework-browser.ts";

export type BegunOrganisation = {
  /** Fills a new store. */
  readonly seed: (configuration: Configuration, folder: string) => Promise<void>;
  /** Somebody of this name, signed in on a device of their own. */
  readonly signIn: (
    casework: CaseworkBrowser,
    name: string,
    language: Language,
    options?: BrowserContextOptions,
  ) => Promise<Person>;
};

export const makeBegunOrganisation = (): BegunOrganisation => {
  let people: readonly SeededPerson[] = [];
  return {
    seed: async (configuration, folder) => {
      people = await seedFolder(configuration, folder, () => undefined, { stories: [], providers: [] });
    },
    signIn: async (casework, name, language, options) => {
      const seeded = people.find((each) => each.name.startsWith(name));
      if (seeded === undefined) throw new Error("Nobody of this name was seeded.");
      const person = await casework.person(language, options);
      await enrolWithKit(casework, person, seeded, language);
      return person;
    },
  };
};
