/** An organisation that has begun: Nasrin, who supervises, and the caseworkers Shilan, Omar and Hevî, each with a kit to sign in with. */

import type { Configuration } from "@amana/server";
import { seedFolder } from "../../apps/cli/src/demo/main.ts";
import type { SeededPerson } from "../../apps/cli/src/demo/seed.ts";
import { enrolWithKit } from "./casework-papers.ts";
import type { CaseworkBrowser, Language, Person } from "./casework-browser.ts";

export type BegunOrganisation = {
  /** Fills a new store. */
  readonly seed: (configuration: Configuration, folder: string) => Promise<void>;
  readonly signIn: (casework: CaseworkBrowser, person: Person, name: string, language: Language) => Promise<void>;
};

export const makeBegunOrganisation = (): BegunOrganisation => {
  let people: readonly SeededPerson[] = [];
  return {
    seed: async (configuration, folder) => {
      people = await seedFolder(configuration, folder, () => undefined, { stories: [], providers: [] });
    },
    signIn: async (casework, person, name, language) => {
      const seeded = people.find((each) => each.name.startsWith(name));
      if (seeded === undefined) throw new Error("Nobody of this name was seeded.");
      await enrolWithKit(casework, person, seeded, language);
    },
  };
};
