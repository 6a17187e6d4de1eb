/** The whole story over SQLite. */

import { describeStory } from "./story.ts";

describeStory("SQLite", () => ({}));
