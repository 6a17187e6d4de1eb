/** What the person who runs the server chooses, read from the environment and named when it is wrong. */

import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { err, ok, type Result } from "@amana/kernel";
import { parseSlots, type Slots } from "./waking/slots.ts";

export type Configuration = {
  readonly host: string;
  readonly port: number;
  readonly isLoopback: boolean;
  /** Where the built guide is: its own folder in this project, unless GUIDE names another. */
  readonly guideFolder: string;
  /** Where the built app is, which may not be there yet. */
  readonly appFolder: string;
  /** Where people reach this server; undefined until it listens, when it is reached at its own address. */
  readonly origin: string | undefined;
  readonly store:
    { readonly kind: "sqlite"; readonly folder: string } | { readonly kind: "postgres"; readonly address: string };
  /** Whose word on where a request came from is taken, besides this machine's own. */
  readonly proxies: readonly string[];
  /** The moments of the day for waking; by a push service only where that was chosen. */
  readonly wakeUps: Slots;
  readonly isPushOn: boolean;
  readonly quotaBytes: { readonly account: number; readonly organisation: number };
  /** Of each organisation, ever: shredded logs and accounts whose people left are among them. */
  readonly organisation: { readonly logsMax: number; readonly accountsMax: number };
  readonly backupDays: number;
  /** Who asks for the metrics from elsewhere than this machine says this. */
  readonly metricsToken: string | undefined;
};

export type SettingName = keyof typeof settings;

/** The name of the setting, and what would be right. Its value is left out: it may have been meant for another. */
export type ConfigurationProblem = { readonly name: SettingName; readonly expected: string };

type Environment = Readonly<Record<string, string | undefined>>;

const portMax = 65_535;
const hostCharactersMax = 253;
const megabytesMax = 1_048_576;
const bytesPerMegabyte = 1_048_576;
/** Five times a large caseload. One of them is the organisation's own. */
const organisationLogsUsual = 50_000;
const organisationLogsMin = 100;
/** Every comparison reads where all logs of an account stand: of many more, four at once would take more memory than a small server has. */
const organisationLogsMax = 200_000;
const organisationAccountsUsual = 10_000;
/** No case has a single opener. */
const organisationAccountsMin = 2;
/** Each holds a vault of up to 4 kB, which no quota counts. */
const organisationAccountsMax = 100_000;
/** With one alone no nightly run could keep the day that people are shown (backup/backup.ts). */
const backupDaysMin = 2;
const backupDaysMax = 3650;
const folder = (path: string): string => join(import.meta.dirname, "../../..", path);

type Setting<T> = {
  readonly unset: string;
  readonly expected: string;
  /** Undefined when the value is wrong. */
  readonly read: (value: string) => T | undefined;
};

const setting = <T>(unset: string, expected: string, read: (value: string) => T | undefined): Setting<T> => ({
  unset,
  expected,
  read,
});

const folderSetting = (unset: string, expected: string): Setting<string> =>
  setting(unset, expected, (value) => (value === "" ? undefined : resolve(value)));

const countSetting = (unset: number, max: number, expected: string, min = 1): Setting<number> =>
  setting(String(unset), `${expected}, a whole number from ${min} to ${max}`, (value) =>
    /^\d{1,7}$/.test(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined,
  );

/** A value that may be left out, told apart from one that is wrong. */
type Maybe<T> = { readonly value: T | undefined };

const maybe = <T>(expected: string, read: (value: string) => T | undefined): Setting<Maybe<T>> =>
  setting("", expected, (text) => {
    if (text === "") return { value: undefined };
    const value = read(text);
    return value === undefined ? undefined : { value };
  });

/** Every setting there is, with what it is when nothing is said. */
const settings = {
  HOST: setting("127.0.0.1", "an IP address or a host name, such as 127.0.0.1", (value) =>
    isHost(value) ? value : undefined,
  ),
  PORT: setting("8080", `a whole number from 0 (any free port) to ${portMax}`, (value) =>
    /^\d{1,5}$/.test(value) && Number(value) <= portMax ? Number(value) : undefined,
  ),
  GUIDE: folderSetting(folder("apps/guide/dist"), "the folder of a built guide, or leave it out"),
  APP: folderSetting(folder("apps/casework/dist"), "the folder of a built app, or leave it out"),
  ORIGIN: maybe("the address that people open, such as https://amana.example.org, without a path", readOrigin),
  DATA: folderSetting(folder("data"), "the folder for what the server keeps, or leave it out"),
  DATABASE_URL: maybe(
    "postgres://… for a PostgreSQL database, with ?sslmode=verify-full over TLS, without ssl and options, or leave it out",
    (value) => (isDatabaseAddress(value) ? value : undefined),
  ),
  PROXIES: maybe("IP addresses of the proxies in front, separated by commas", (value) => {
    const addresses = value.split(",").map((each) => each.trim());
    return addresses.every((each) => isIP(each) !== 0) ? addresses : undefined;
  }),
  WAKE_UPS: setting(
    "03:00,06:00,09:00,12:00,15:00,18:00",
    "times of the day in UTC, ascending, such as 03:00,09:00",
    parseSlots,
  ),
  PUSH: setting("off", "on or off", (value) =>
    value === "on" || value === "off" ? { isOn: value === "on" } : undefined,
  ),
  ACCOUNT_MEGABYTES: countSetting(512, megabytesMax, "what one account may store"),
  ORGANISATION_MEGABYTES: countSetting(20_480, megabytesMax, "what one organisation may store"),
  ORGANISATION_LOGS: countSetting(
    organisationLogsUsual,
    organisationLogsMax,
    "how many logs one organisation may begin",
    organisationLogsMin,
  ),
  ORGANISATION_ACCOUNTS: countSetting(
    organisationAccountsUsual,
    organisationAccountsMax,
    "how many accounts one organisation may have",
    organisationAccountsMin,
  ),
  BACKUP_DAYS: countSetting(90, backupDaysMax, "how long you keep backups", backupDaysMin),
  METRICS_TOKEN: maybe("16 to 128 letters, digits, - or _", (value) =>
    /^[A-Za-z0-9_-]{16,128}$/.test(value) ? value : undefined,
  ),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

/** Reports every wrong setting at once, so that nobody mends them one start at a time. */
export const readConfiguration = (environment: Environment): Result<Configuration, readonly ConfigurationProblem[]> => {
  const problems: ConfigurationProblem[] = [];
  const read = <Name extends SettingName>(
    name: Name,
  ): Exclude<ReturnType<(typeof settings)[Name]["read"]>, undefined> => {
    const { unset, expected, read: readValue } = settings[name];
    const value = readValue(environment[name] ?? unset);
    if (value === undefined) problems.push({ name, expected });
    // Where it is undefined there is a problem, and then no configuration is given back.
    return value as Exclude<ReturnType<(typeof settings)[Name]["read"]>, undefined>;
  };
  const all = {
    host: read("HOST"),
    port: read("PORT"),
    guideFolder: read("GUIDE"),
    appFolder: read("APP"),
    origin: read("ORIGIN"),
    folder: read("DATA"),
    database: read("DATABASE_URL"),
    proxies: read("PROXIES"),
    wakeUps: read("WAKE_UPS"),
    push: read("PUSH"),
    account: read("ACCOUNT_MEGABYTES"),
    organisation: read("ORGANISATION_MEGABYTES"),
    logsMax: read("ORGANISATION_LOGS"),
    accountsMax: read("ORGANISATION_ACCOUNTS"),
    backupDays: read("BACKUP_DAYS"),
    metricsToken: read("METRICS_TOKEN"),
  };
  return problems.length > 0 ? err(problems) : ok(configurationOf(all));
};

type Read = {
  readonly [Name in "host" | "guideFolder" | "appFolder" | "folder"]: string;
} & {
  readonly [Name in "port" | "account" | "organisation" | "logsMax" | "accountsMax" | "backupDays"]: number;
} & {
  readonly origin: Maybe<string>;
  readonly database: Maybe<string>;
  readonly proxies: Maybe<readonly string[]>;
  readonly wakeUps: Slots;
  readonly push: { readonly isOn: boolean };
  readonly metricsToken: Maybe<string>;
};

const configurationOf = (read: Read): Configuration => ({
  host: read.host,
  port: read.port,
  isLoopback: isLoopback(read.host),
  guideFolder: read.guideFolder,
  appFolder: read.appFolder,
  origin: read.origin.value,
  store:
    read.database.value === undefined
      ? { kind: "sqlite", folder: read.folder }
      : { kind: "postgres", address: read.database.value },
  proxies: read.proxies.value ?? [],
  wakeUps: read.wakeUps,
  isPushOn: read.push.isOn,
  quotaBytes: { account: read.account * bytesPerMegabyte, organisation: read.organisation * bytesPerMegabyte },
  organisation: { logsMax: read.logsMax, accountsMax: read.accountsMax },
  backupDays: read.backupDays,
  metricsToken: read.metricsToken.value,
});

/** https, or http on this machine alone: elsewhere a token would travel in the open. */
function readOrigin(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const { origin, protocol, hostname } = new URL(value);
  const isSafe = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  return isSafe && origin === value.replace(/\/$/, "") ? origin : undefined;
}

/**
 * Whether it names a database, in the open or over TLS with the other end's name verified. What lies between the driver
 * takes for the same today, and for less in its next version; its own word `ssl` could say that nothing is verified. `options` would
 * take the place of what the server asks of its connections, such as that a commit is on the disk.
 */
function isDatabaseAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, searchParams } = new URL(value);
  const modes = searchParams.getAll("sslmode");
  return (
    /^postgres(ql)?:$/.test(protocol) &&
    !searchParams.has("options") &&
    !searchParams.has("ssl") &&
    modes.every((mode) => mode === "disable" || mode === "verify-full")
  );
}

const isHost = (host: string): boolean =>
  isIP(host) !== 0 ||
  (host.length <= hostCharactersMax &&
    /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*$/.test(host) &&
    !/^[\d.]+$/.test(host));

/** By its name or address, also as it stands in a URL. */
export const isLoopback = (host: string): boolean => {
  const plain = host.replace(/^\[|\]$/g, "");
  return plain === "localhost" || plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
};
