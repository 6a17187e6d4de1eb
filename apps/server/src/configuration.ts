/** What the person who runs the server chooses, read from the environment and named when it is wrong. */

import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { err, ok, type Result } from "@amana/kernel";

export type Configuration = {
  readonly host: string;
  readonly port: number;
  readonly isLoopback: boolean;
  /** Where the built guide is: its own folder in this project, unless GUIDE names another. */
  readonly guideFolder: string;
};

/** The name of the setting, and what would be right. Its value is left out: it may have been meant for another. */
export type ConfigurationProblem = { readonly name: "HOST" | "PORT" | "GUIDE"; readonly expected: string };

const hostDefault = "127.0.0.1";
const portDefault = 8080;
const portMax = 65_535;
const hostCharactersMax = 253;
const guideFolderDefault = join(import.meta.dirname, "../../guide/dist");

/** Reports every wrong setting at once, so that nobody mends them one start at a time. */
export const readConfiguration = (
  environment: Readonly<Record<string, string | undefined>>,
): Result<Configuration, readonly ConfigurationProblem[]> => {
  const host = environment["HOST"] ?? hostDefault;
  const port = environment["PORT"] ?? String(portDefault);
  const guideFolder = environment["GUIDE"] ?? guideFolderDefault;
  const problems: ConfigurationProblem[] = [];
  if (!isHost(host)) problems.push({ name: "HOST", expected: "an IP address or a host name, such as 127.0.0.1" });
  if (!/^\d{1,5}$/.test(port) || Number(port) > portMax) {
    problems.push({ name: "PORT", expected: `a whole number from 0 (any free port) to ${portMax}` });
  }
  if (guideFolder === "") problems.push({ name: "GUIDE", expected: "the folder of a built guide, or leave it out" });
  if (problems.length > 0) return err(problems);
  return ok({ host, port: Number(port), isLoopback: isLoopback(host), guideFolder: resolve(guideFolder) });
};

const isHost = (host: string): boolean =>
  isIP(host) !== 0 ||
  (host.length <= hostCharactersMax &&
    /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*$/.test(host) &&
    !/^[\d.]+$/.test(host));

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
