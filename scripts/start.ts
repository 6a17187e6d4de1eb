/** `npm start`: builds what is missing or stale, then starts the server, which prints where to go. */

import { readConfiguration } from "@amana/server";
import { buildWhatIsStale } from "./build.ts";
import { refuseWords, settingsInstead } from "./words.ts";

refuseWords(process.argv.slice(2), settingsInstead);

// A wrong setting is named by the server's own start, before a long build; pages that were built elsewhere need none.
const areBuiltElsewhere = process.env["GUIDE"] !== undefined && process.env["APP"] !== undefined;
const isBuildNeeded = readConfiguration(process.env).ok && !areBuiltElsewhere;
if (isBuildNeeded && !buildWhatIsStale({ anew: false })) process.exit(1);

await import("../apps/server/src/main.ts");
