/** The whole story over a real PostgreSQL. */

import { afterAll, beforeAll } from "vitest";
import { startPostgres, type TestPostgres } from "../postgres.ts";
import { describeStory } from "./story.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

describeStory("PostgreSQL", () => ({ DATABASE_URL: postgres.createDatabase() }));
