/**
 * Being called at fixed moments of the day: off unless chosen, refused plainly where it cannot be, and nothing but the neutral
 * name is ever shown (SECURITY §4).
 *
 * No push service can be reached here. What a browser's service would hand out is given to the page; everything else is real:
 * the app, its service worker, the server and its store.
 */

import { afterAll, beforeAll, expect, test } from "vitest";
import { instantMax } from "@amana/kernel";
import { begin, useCaseworkBrowser, type Person } from "./casework-browser.ts";

const casework = useCaseworkBrowser(undefined, { PUSH: "on" });
let person: Person;
let password: string;
beforeAll(async () => {
  person = await casework.person("en", { permissions: ["notifications"] });
  password = await begin(person, await casework.served().setUpLink(), "en");
  await person.press("begin.open");
  await person.go("settings");
});
afterAll(() => person.context.close());

/** As a browser's push service does it, and keeps it over a page that begins anew. */
const standInForPushService = (): void => {
  const kept = "kept-for-the-test";
  const subscription = {
    endpoint: "https://push.example/send/abc",
    getKey: (name: string) => new Uint8Array(name === "auth" ? 16 : 65).fill(4).buffer,
    unsubscribe: () => {
      sessionStorage.removeItem(kept);
      return Promise.resolve(true);
    },
  } as unknown as PushSubscription;
  PushManager.prototype.getSubscription = () =>
    Promise.resolve(sessionStorage.getItem(kept) === null ? null : subscription);
  PushManager.prototype.subscribe = (options) => {
    const key = options?.applicationServerKey;
    if (!(key instanceof Uint8Array) || key.length !== 65 || options?.userVisibleOnly !== true)
      return Promise.reject(new Error("not the server's key"));
    sessionStorage.setItem(kept, "yes");
    return Promise.resolve(subscription);
  };
};

const places = async () => (await wakeUps()).map(({ subscription }) => subscription.endpoint);
const wakeUps = () => casework.served().storage.wakeUpsAfter({ after: undefined, rowsMax: 10 });

test("nobody is called unless they choose it, and a browser without a push service says so", async () => {
  await person.page.getByText(person.word("wakeUp.state.off")).waitFor();
  expect(await wakeUps()).toEqual([]);
  await person.press("wakeUp.begin");
  await person.page.getByText(person.word("wakeUp.state.refused-here")).waitFor();
  expect(await wakeUps()).toEqual([]);
});

test("who chooses it is called at the place that the browser gave, with the server's own key, until they end it", async () => {
  const { page, press, word } = person;
  await page.evaluate(standInForPushService);
  await press("wakeUp.begin");
  await page.getByText(word("wakeUp.state.on")).waitFor();
  expect(await places()).toEqual(["https://push.example/send/abc"]);

  // Away for longer than a sign-in lasts, and back with the password.
  await casework.served().storage.forgetExpired({ now: instantMax });
  expect(await places()).toEqual([]);
  await person.context.addInitScript(standInForPushService);
  await page.reload();
  await person.fill("unlock.password", password);
  await press("unlock.unlock");
  await expect.poll(places).toEqual(["https://push.example/send/abc"]);
  await person.go("settings");

  await press("wakeUp.end");
  await page.getByText(word("wakeUp.state.off")).waitFor();
  expect(await wakeUps()).toEqual([]);
});

test("what a call shows is the neutral name, once for however many came, and nothing else", async () => {
  const { page, context } = person;
  const { origin } = casework.served();
  const shown = () =>
    page.evaluate(async () => {
      const kept = await navigator.serviceWorker.ready;
      return (await kept.getNotifications()).map(({ title, body, data }) => ({ title, body, data: data as unknown }));
    });
  const browser = await context.newCDPSession(page);
  const registration = new Promise<string>((resolve) => {
    browser.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const [own] = registrations.filter(({ scopeURL }) => scopeURL === `${origin}/app/`);
      if (own !== undefined) resolve(own.registrationId);
    });
  });
  await browser.send("ServiceWorker.enable");
  const registrationId = await registration;
  const call = () => browser.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: "" });
  await page.goto(`${origin}/elsewhere`);
  await call();
  await call();
  await page.goto(`${origin}/app/`);
  await expect.poll(shown).toEqual([{ title: "Notes", body: "", data: null }]);
});
