/** `amana server doctor`: looks at a running server from outside, as any stranger can. */

import { resolve } from "node:path";
import { examine, wrapBackupDays } from "@amana/server";
import { type Command, prettyJson, sharedOptions } from "../command.ts";
import { exitCodes } from "../terminal.ts";

export const serverDoctorCommand: Command = {
  name: ["server", "doctor"],
  usage: "ADDRESS [--backups FOLDER] [--json]",
  example: "server doctor https://amana.example.org",
  summary: "server-doctor.summary",
  notes: ["server-doctor.names"],
  wordsMax: 1,
  options: { backups: { value: "FOLDER", text: "server-doctor.backups" }, json: sharedOptions.json },
  run: async ({ terminal, out, errors, say, given }) => {
    const [address] = given.words;
    if (address === undefined || !URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
      await errors.write(`amana: ${say("server-doctor.address-missing")}\n`);
      return exitCodes.refused;
    }
    const folder = given.options.get("backups");
    const checks = await examine({
      origin: new URL(address).origin,
      now: terminal.now(),
      backupFolder: folder === undefined ? undefined : resolve(terminal.folder, folder),
      wrapDays: wrapBackupDays,
    });
    const wrong = checks.filter(({ isFine }) => !isFine).length;
    if (given.options.has("json")) await out.write(prettyJson({ checks }));
    else {
      const lines = checks.map(({ name, isFine }) => `${say(isFine ? "doctor.fine" : "doctor.wrong")}  ${name}\n`);
      const whatToDo = wrong === 0 ? "" : `${say("server-doctor.what-to-do")}\n`;
      await out.write(`${lines.join("")}${say("server-doctor.count", { count: String(wrong) })}\n${whatToDo}`);
    }
    return wrong === 0 ? exitCodes.done : exitCodes.failed;
  },
};
