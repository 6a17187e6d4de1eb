/** The server's face: what starts it, and what tests and other parts need to run it within themselves. */

export { buildApp, type AppOptions } from "./app.ts";
export { writeBackup, writeLedger, type BackupOptions, type BackupReport } from "./backup/backup.ts";
export { restoreBackup, type RestoreOrder, type RestoreProblem, type RestoreReport } from "./backup/restore.ts";
export { backupKeyText, parseBackupKey, type KeyHalf } from "./backup/key-text.ts";
export { makeBackupKey, type BackupKey } from "./backup/sealed-file.ts";
export { readConfiguration, type Configuration, type ConfigurationProblem } from "./configuration.ts";
export { examine, type Check, type CheckName, type DoctorOptions } from "./doctor/doctor.ts";
export { caseHeaderOptions, defaultHeaderOptions, type HeaderOptions } from "./headers.ts";
export { limits, type Limits } from "./limits.ts";
export { openStorage, storeFile, type StoreProblem } from "./open-storage.ts";
export { openServer, wrapBackupDays, type Server, type ServerPorts } from "./server.ts";
export { comeBackHoursMax, makeComeBackCode, makeSetUpLink, setUpHoursMax } from "./set-up-code.ts";
export { ownAddress } from "./own-address.ts";
export { readSite, withSiteUnder, type Site, type SiteProblem } from "./site.ts";
export { holdFolder } from "./storage/sqlite/hold.ts";
export type { Snapshot, Storage, TablePage } from "./storage/storage.ts";
export { isStorageUnavailable } from "./storage/unavailable.ts";
