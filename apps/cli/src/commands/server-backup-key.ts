/** `amana server backup-key`: makes the key that backups are sealed to; its private half belongs offline. */

import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { makeBackupKey } from "@amana/server";
import type { Command } from "../command.ts";
import { writeKeyFile } from "../server/key-file.ts";
import { exitCodes } from "../terminal.ts";

export const serverBackupKeyCommand: Command = {
  name: ["server", "backup-key"],
  usage: "PRIVATE-FILE PUBLIC-FILE",
  example: "server backup-key backup-private.key backup-public.key",
  summary: "server-backup-key.summary",
  notes: [],
  wordsMax: 2,
  options: {},
  run: async ({ terminal, out, errors, say, given }) => {
    const [privatePath, publicPath] = given.words.map((word) => resolve(terminal.folder, word));
    if (privatePath === undefined || publicPath === undefined) {
      await errors.write(`amana: ${say("server-backup-key.files-missing")}\n`);
      return exitCodes.refused;
    }
    const key = makeBackupKey();
    const isPrivateWritten = writeKeyFile(privatePath, "private", key.privateKey);
    if (!isPrivateWritten || !writeKeyFile(publicPath, "public", key.publicKey)) {
      // A half without the other would be taken for a key some day.
      if (isPrivateWritten) rmSync(privatePath);
      await errors.write(`amana: ${say("server-backup-key.not-written")}\n`);
      return exitCodes.refused;
    }
    await out.write(`${say("server-backup-key.done")}\n`);
    return exitCodes.done;
  },
};
