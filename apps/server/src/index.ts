/** The server's face: what starts it, and what tests and other parts need to run it within themselves. */

export { buildApp, type AppOptions } from "./app.ts";
export { readConfiguration, type Configuration, type ConfigurationProblem } from "./configuration.ts";
export { defaultHeaderOptions, securityHeaders, type HeaderOptions } from "./headers.ts";
export { limits, type Limits } from "./limits.ts";
export { readSite, type Site, type SiteProblem } from "./site.ts";
