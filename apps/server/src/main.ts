/** Starts the server: reads the environment, opens the socket, prints where to go, and stops calmly when told to. */

import { randomBytes } from "node:crypto";
import { exhausted } from "@amana/kernel";
import type { FastifyInstance } from "fastify";
import { buildApp } from "./app.ts";
import { readConfiguration, type Configuration } from "./configuration.ts";
import { defaultHeaderOptions } from "./headers.ts";
import { limits } from "./limits.ts";
import { readSite, type Site, type SiteProblem } from "./site.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** For mistakes in how it was started (2) and for what stands in the way on this machine (1). */
const stopWith = (status: 1 | 2, lines: readonly string[]): never => {
  lines.forEach(complain);
  process.exit(status);
};

const wordsForSite = (problem: SiteProblem): string => {
  switch (problem.type) {
    case "SiteMissing":
      return "The guide is not built yet: start with `npm start`, or build it with `npm run build`.";
    case "SiteTooLarge":
      return "The built guide is larger than the server holds (apps/server/src/limits.ts): build it anew.";
    case "FileTypeUnknown":
      return `The built guide holds a kind of file that the server does not know: ${problem.path}`;
    default:
      return exhausted(problem);
  }
};

const wordsForListening = (code: string | undefined, { host, port }: Configuration): string => {
  if (code === "EADDRINUSE") {
    return `Port ${port} on ${host} is in use: stop the other program, or set PORT to another (0 takes any free one).`;
  }
  if (code === "EACCES") return `Port ${port} may not be opened by this user: choose a port of 1024 or more with PORT.`;
  return `The server cannot listen on HOST=${host}: give an address of this machine (${code ?? "unknown reason"}).`;
};

const addressOf = (app: FastifyInstance, host: string): string => {
  const socket = app.server.address();
  const port = socket === null || typeof socket === "string" ? 0 : socket.port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
};

/** Lets answers under way finish, for a bounded time. A second signal does not wait. */
const stopOnSignal = (app: FastifyInstance, report: () => string): void => {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => app.server.closeAllConnections(), limits.stopMillisecondsMax).unref();
    void app.close().then(() => {
      say(report());
      process.exit(0);
    });
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
};

const start = async (configuration: Configuration, site: Site): Promise<void> => {
  const counts = { answered: 0, refused: 0 };
  const app = buildApp({
    site,
    headers: defaultHeaderOptions,
    limits,
    makeReference: () => randomBytes(6).toString("hex"),
    report: complain,
    onAnswered: (status) => {
      counts.answered += 1;
      if (status >= 400) counts.refused += 1;
    },
  });
  try {
    await app.listen({ host: configuration.host, port: configuration.port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    stopWith(1, [wordsForListening(code, configuration)]);
  }
  stopOnSignal(app, () => `Stopped. Answered ${counts.answered} requests, ${counts.refused} of them refused.`);
  if (!configuration.isLoopback) {
    say("This address can be reached from other machines: put TLS in front of it, or what people read can be seen.");
  }
  say(`Amana guide: ${addressOf(app, configuration.host)}`);
};

const configuration = readConfiguration(process.env);
if (!configuration.ok) {
  stopWith(
    2,
    configuration.error.map(({ name, expected }) => `${name} is wrong: give ${expected}.`),
  );
} else {
  const site = readSite(configuration.value.guideFolder, limits);
  if (site.ok) await start(configuration.value, site.value);
  else stopWith(1, [wordsForSite(site.error)]);
}
