/** All commands, in the order in which help lists them. A new command is one file and one row here. */

import type { Command } from "./command.ts";
import { assessCommand } from "./commands/assess.ts";
import { contactsCommand } from "./commands/contacts.ts";
import { packCheckCommand } from "./commands/pack-check.ts";
import { packIdsCommand } from "./commands/pack-ids.ts";
import { packShowCommand } from "./commands/pack-show.ts";
import { packVerifyCommand } from "./commands/pack-verify.ts";
import { serverBackupCommand } from "./commands/server-backup.ts";
import { serverBackupKeyCommand } from "./commands/server-backup-key.ts";
import { serverComeBackCommand } from "./commands/server-come-back.ts";
import { serverDoctorCommand } from "./commands/server-doctor.ts";
import { serverMetricsCommand } from "./commands/server-metrics.ts";
import { serverMigrateCommand } from "./commands/server-migrate.ts";
import { serverRestoreCommand } from "./commands/server-restore.ts";
import { serverSetUpCommand } from "./commands/server-set-up.ts";

export const commands: readonly Command[] = [
  assessCommand,
  contactsCommand,
  packVerifyCommand,
  packCheckCommand,
  packShowCommand,
  packIdsCommand,
  serverSetUpCommand,
  serverComeBackCommand,
  serverDoctorCommand,
  serverBackupKeyCommand,
  serverBackupCommand,
  serverRestoreCommand,
  serverMigrateCommand,
  serverMetricsCommand,
];
