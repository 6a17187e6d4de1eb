/** Starts the browser of the browser tests, the same way for every test. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

/** Chromium says nothing to the outside, and needs neither a graphics card nor a sandbox of its own. */
const browserArguments = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Chromium heeds the last list of features alone, so all that Playwright turns off stands here again. The last two are pages of
 * Chromium's own, for what it would suggest under the address bar: it loads both behind every window, and nobody types there.
 */
const featuresOff = [
  ...["AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"],
  ...["HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"],
  ...["AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "AimEnabled"],
  ...["NetworkTimeServiceQuerying", "PreconnectToSearch", "msForceBrowserSignIn"],
  "msEdgeUpdateLaunchServicesPreferredVersion",
  ...["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"],
];

/** The caller closes it. Each test opens its own context in it, so that no test sees another's traces. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    args: [...browserArguments, `--disable-features=${featuresOff.join(",")}`],
  });

/**
 * Everything the browser has to complain about on a page, from now on: errors, refused content, missing files.
 *
 * A build of Chromium for a desktop does not know every feature that the one on a phone has, and says so
 * about our Permissions-Policy, which closes both; that alone is left out.
 */
export const complaintsOf = (page: Page): readonly string[] => {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const isComplaint = message.type() === "error" || message.type() === "warning";
    if (isComplaint && !isUnknownFeature(message.text())) complaints.push(message.text());
  });
  return complaints;
};

const isUnknownFeature = (text: string): boolean =>
  /^Error with Permissions-Policy header: Unrecognized feature: '(bluetooth|web-share)'\.$/.test(text);

/** What moves on a page as it is: elements and what stands before and after them. Nothing may, for somebody who asked for less motion. */
export const movingOn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const moves = ({ animationName, transitionDuration, scrollBehavior }: CSSStyleDeclaration): boolean =>
      animationName !== "none" || /[1-9]/.test(transitionDuration) || scrollBehavior === "smooth";
    return [...document.querySelectorAll("*")]
      .filter((element) => ["", "::before", "::after"].some((part) => moves(getComputedStyle(element, part))))
      .map((element) => `${element.tagName} ${element.getAttribute("class") ?? ""}`);
  });

const findChromium = (): string => {
  const needs = join(import.meta.dirname, "../scripts/needs");
  return execFileSync(needs, ["--where", "chromium"], { encoding: "utf8" }).trim();
};
