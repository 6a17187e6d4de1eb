/** `npm run demo`: builds what is missing or stale, invents an organisation, then starts the server over it. */

import { readConfiguration } from "@amana/server";
import { runDemo } from "../apps/cli/src/demo/main.ts";
import { buildWhatIsStale } from "./build.ts";
import { refuseWords, settingsInstead } from "./words.ts";

refuseWords(process.argv.slice(2), settingsInstead);

if (readConfiguration(process.env).ok && !buildWhatIsStale({ anew: false })) process.exit(1);

await runDemo();
await import("../apps/server/src/main.ts");
