/** All commands, in the order in which help lists them. A new command is one file and one row here. */

import type { Command } from "./command.ts";
import { assessCommand } from "./commands/assess.ts";
import { contactsCommand } from "./commands/contacts.ts";
import { packCheckCommand } from "./commands/pack-check.ts";
import { packIdsCommand } from "./commands/pack-ids.ts";
import { packShowCommand } from "./commands/pack-show.ts";
import { packVerifyCommand } from "./commands/pack-verify.ts";

export const commands: readonly Command[] = [
  assessCommand,
  contactsCommand,
  packVerifyCommand,
  packCheckCommand,
  packShowCommand,
  packIdsCommand,
];
