/** The app when things go wrong around it: two windows, no room, storage that is gone, a new version, a colleague's newer one, a wrong clock. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { languageFacts } from "@amana/ui";
import { openSection } from "./casework-acts.ts";
import { makeTeam, openCase, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { openNewerDevice } from "./newer-device.ts";

const casework = useCaseworkBrowser();
let team: Awaited<ReturnType<typeof makeTeam>>;
beforeAll(async () => {
  team = await makeTeam(casework, "en");
});
afterAll(async () => {
  await team.supervisor.context.close();
  await team.caseworker.context.close();
});

const appAddress = (): string => `${casework.served().origin}/app/`;

/** As it is when the caseworker comes in the morning. */
const comeIn = async (): Promise<Person> => {
  await team.caseworker.page.goto(appAddress());
  await unlock(team.caseworker.page);
  return team.caseworker;
};

const unlock = async (page: Person["page"]): Promise<void> => {
  await page.locator("#password").fill(team.password);
  await page.locator("form button[type=submit]").click();
  await page.locator(".head").waitFor();
};

const kitOf = async ({ page, go, press }: Person): Promise<string> => {
  await go("settings");
  await press("kit.show");
  await page.locator(".digits span").first().waitFor();
  return (await page.locator(".digits span").allTextContents()).join(" ");
};

/** What a service worker is told; it works on it until the promise is kept. */
type Told = MessageEvent<string> & { readonly waitUntil: (work: Promise<unknown>) => void };

const writeNote = async (person: Person, text: string): Promise<void> => {
  await person.section("notes");
  await person.press("act.WriteNote");
  await person.page.getByLabel(person.word("field.about")).selectOption("case");
  await person.fill("field.text", text);
  await person.press("form.save");
};

test("a second window says where it is open and takes over when asked; the first one locks, and writes no more", async () => {
  const { page, context, word, press } = await comeIn();
  const second = await context.newPage();
  await second.goto(appAddress());
  await second.getByText(word("enter.elsewhereText")).waitFor();
  await second.getByRole("button", { name: word("enter.takeOver") }).click();
  await page.getByText(word("enter.elsewhereText")).waitFor();
  expect(await page.locator(".head").count()).toBe(0);
  await unlock(second);
  // And back again, from a window that was never unlocked.
  await press("enter.takeOver");
  await page.locator("#password").waitFor();
  await second.getByText(word("enter.elsewhereText")).waitFor();
  await second.close();
});

/** The browser gives the app no more room, and has noticed it. Gives how to make room again. */
const withoutRoom = async ({ page, context }: Person): Promise<() => Promise<void>> => {
  const browser = await context.newCDPSession(page);
  const origin = casework.served().origin;
  await browser.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await page.evaluate(async () => {
    const opening = indexedDB.open("filler", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("rubbish");
    const database = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
    });
    const put = (): Promise<boolean> =>
      new Promise((resolve) => {
        const transaction = database.transaction("rubbish", "readwrite");
        transaction.objectStore("rubbish").put(new Uint8Array(30_000_000), 1);
        transaction.oncomplete = () => resolve(true);
        transaction.onabort = () => resolve(false);
      });
    while (await put());
    database.close();
  });
  return async () => {
    await browser.send("Storage.overrideQuotaForOrigin", { origin });
    await page.evaluate(() => indexedDB.deleteDatabase("filler"));
  };
};

test("without room nothing is lost: what was typed stays, the screen says what to do, and afterwards it is saved", async () => {
  const person = await comeIn();
  const { page, word, press } = person;
  const code = await openCase(person, "Runak");
  await person.sync();
  const makeRoom = await withoutRoom(person);
  await writeNote(person, "Her brother has found the telephone.");
  await page.getByText(word("refusal.StoreFull")).waitFor();
  await page.getByText(word("begun.trouble.StoreFull")).waitFor();
  expect(await page.getByLabel(word("field.text")).inputValue()).toBe("Her brother has found the telephone.");
  await page.locator(".sync").click();
  await page.getByText(word("full.text")).waitFor();
  await page
    .locator(".sync")
    .filter({ hasText: word("sync.full") })
    .waitFor();
  await makeRoom();
  await press("form.save");
  await page.locator(".card", { hasText: "Her brother has found the telephone." }).waitFor();
  await person.sync();
  expect(await page.getByText(word("full.text")).count()).toBe(0);

  // The same at the door: no try is counted, and nothing is taken away.
  const makeRoomAgain = await withoutRoom(person);
  await press("frame.lock");
  await page.locator("#password").fill(team.password);
  await press("unlock.unlock");
  await page.getByText(word("account.StoreFull")).waitFor();
  await makeRoomAgain();
  await unlock(page);
  await person.go("cases");
  await page.getByText(code).waitFor();
});

test("when the browser has dropped everything, kit and password bring back all that was sent", async () => {
  const person = await comeIn();
  const { page, context, word } = person;
  const code = await openCase(person, "Nazdar");
  await writeNote(person, "She stays with her aunt.");
  await page.locator(".card", { hasText: "She stays with her aunt." }).waitFor();
  await person.sync();
  const kit = await kitOf(person);
  await page.goto("about:blank");
  const browser = await context.newCDPSession(page);
  await browser.send("Storage.clearDataForOrigin", { origin: casework.served().origin, storageTypes: "all" });
  await page.goto(appAddress());
  await page.getByRole("button", { name: word("enter.kit") }).click();
  await page.locator("#code").fill(kit);
  await page.locator("#own").fill(team.password);
  await person.press("begin.begin");
  await person.press("begin.open");
  await person.sync();
  await person.go("cases");
  await page.getByText(code).click();
  await person.section("notes");
  await page.getByText("She stays with her aunt.").waitFor();
  await person.go("settings");
  await page.getByText(/Used here: \d+ MB/).waitFor();
});

test("a screen that fails half-way shows a calm one, ends the keys at once, and opens again with the password (SECURITY §4)", async () => {
  const person = await comeIn();
  const { page, word } = person;
  // What the browser itself remarks breaks nothing.
  await page.evaluate(() => window.dispatchEvent(new ErrorEvent("error", { message: "an observer took long" })));
  await person.go("cases");
  expect(page.workers().length).toBe(1);
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error("a screen failed");
    });
  });
  await page.getByText(word("broken.text")).waitFor();
  await expect.poll(() => page.workers().length).toBe(0);
  await person.press("broken.again");
  await unlock(page);
});

test("ten wrong passwords destroy the keys on this device; kit and password open it again, and what waited is sent (SECURITY §2)", async () => {
  const person = await comeIn();
  const { page, word, press } = person;
  const code = await openCase(person, "Sozan");
  const kit = await kitOf(person);
  await person.sync();
  await person.context.setOffline(true);
  await person.go("cases");
  await page.getByText(code).click();
  await writeNote(person, "Written before the phone was taken.");
  await page.locator(".card", { hasText: "Written before the phone was taken." }).waitFor();
  await press("frame.lock");
  for (let failure = 1; failure <= 10; failure++) {
    await page.locator("#password").fill("not the password at all");
    await press("unlock.unlock");
    const answered = page.locator("#unlock-refusal.why").or(page.getByText(word("enter.emptiedText")));
    await answered.first().waitFor();
    await page.getByRole("button", { name: word("unlock.working"), exact: true }).waitFor({ state: "detached" });
  }
  await page.goto(appAddress());
  await page.getByText(word("enter.emptiedText")).waitFor();
  await person.context.setOffline(false);
  await page.getByRole("button", { name: word("enter.kit") }).click();
  await page.locator("#code").fill(kit);
  await page.locator("#own").fill(team.password);
  await press("begin.begin");
  await press("begin.open");
  await person.sync();
  await team.supervisor.sync();
  await team.supervisor.go("cases");
  await team.supervisor.page.getByText(code).click();
  await team.supervisor.section("notes");
  await team.supervisor.page.getByText("Written before the phone was taken.").waitFor();
});

test("a newer version waits until somebody takes it: nothing changes in the middle of a form, and nothing typed is lost", async () => {
  const person = await comeIn();
  const { page, word } = person;
  const isNewer = (): Promise<boolean> => page.evaluate(() => document.documentElement.hasAttribute("data-newer"));
  // The files of this version are here; only then can another be newer.
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.reload();
  await unlock(page);
  const code = await openCase(person, "Awaz");
  await person.section("notes");
  await person.press("act.WriteNote");
  await person.fill("field.text", "A sentence that is not finished");
  casework.served().publishNewer("one");
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await page.getByText(word("newer.ready")).waitFor();
  expect(await page.getByLabel(word("field.text")).inputValue()).toBe("A sentence that is not finished");
  expect(await isNewer()).toBe(false);
  // The line breaks off meanwhile; the new version was fetched whole before it was offered.
  await person.context.setOffline(true);
  await person.press("newer.lockAndTake");
  await page.locator("#password").waitFor();
  await expect.poll(isNewer).toBe(true);
  await unlock(page);
  await page
    .locator(".card", { hasText: code })
    .getByRole("button", { name: word("begun.goOn") })
    .click();
  await expect.poll(() => page.getByLabel(word("field.text")).inputValue()).toBe("A sentence that is not finished");
  await person.press("form.cancel");
  await person.press("form.loseYes");
  await person.context.setOffline(false);
});

test("whoever takes a newer version that the browser holds back is locked at once, and goes on with every file of the one in use", async () => {
  const person = await comeIn();
  const { page, context, word, go } = person;
  const version = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset["newer"]);
  const before = await version();
  // The version in use works on something; until it is done, a browser lets no other take its place.
  const inUse = context.serviceWorkers().at(-1);
  await inUse?.evaluate(() => {
    let finish: () => void = () => undefined;
    const work = new Promise<void>((resolve) => {
      finish = resolve;
    });
    addEventListener("message", (event) => {
      const told = event as Told;
      if (told.data === "done") finish();
      else told.waitUntil(work);
    });
  });
  const tell = (words: string): Promise<unknown> =>
    page.evaluate((data) => navigator.serviceWorker.controller?.postMessage(data), words);
  await tell("work");
  casework.served().publishNewer("without Badini", "kmr");
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await page.getByText(word("newer.ready")).waitFor();
  // What the page does itself, and not the page that comes after it.
  await page.evaluate(() => {
    const note = (what: string): void => sessionStorage.setItem(what, "done");
    const terminate = Reflect.get<Worker, "terminate">(Worker.prototype, "terminate"); // The browser's own.
    Worker.prototype.terminate = function () {
      note("keys ended");
      terminate.call(this);
    };
    new MutationObserver(() => note("page emptied")).observe(document.documentElement, { childList: true });
  });
  await person.press("newer.lockAndTake");
  await page.locator("#password").waitFor();
  expect(await page.evaluate(() => Object.keys(sessionStorage).sort())).toEqual(["keys ended", "page emptied"]);
  await unlock(page);
  expect(await version()).toBe(before);

  // Now it takes over beneath what is open.
  const taken = page.evaluate(
    () =>
      new Promise((resolve) => {
        navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
      }),
  );
  await tell("done");
  await taken;
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
  await go("settings");
  for (const language of ["kmr", "en"] as const) {
    await page.getByRole("button", { name: languageFacts[language].name }).click();
    await page.waitForFunction((tag) => document.documentElement.lang === tag, languageFacts[language].tag);
  }
  await page.reload();
  await unlock(page);
  expect(await version()).toBe("without Badini");
});

test("a device that cannot read a colleague's entry says “update first”; reading and the safety plan stay open", async () => {
  const person = await comeIn();
  const code = await openCase(person, "Tara");
  await person.sync();
  const newer = await openNewerDevice(casework.served().origin, await kitOf(person), team.password);
  await newer.writeOfTheFuture(code);
  const { supervisor } = team;
  await supervisor.sync();
  await supervisor.go("cases");
  await supervisor.page.getByText(code).click();
  await supervisor.page.getByText(supervisor.word("refusal.UpdateFirst")).first().waitFor();
  await supervisor.section("consent");
  expect(await supervisor.button("consent.ask").isDisabled()).toBe(true);
  await supervisor.section("safety");
  expect(await supervisor.button("act.SetSafetyItem").first().isDisabled()).toBe(false);
  await supervisor.press("act.SetSafetyItem");
  await supervisor.page.locator("form.panel").waitFor();
});

/** From now on the clock of this browser says that it is so much later. */
const setClock = async (page: Person["page"], hoursAhead: number): Promise<void> => {
  const set = (ahead: number): void => {
    const clock = (Reflect.get(Date, "clock") ?? Date.now) as () => number; // The browser's own, put there below.
    Reflect.set(Date, "clock", clock);
    Date.now = () => clock() + ahead;
  };
  const ahead = hoursAhead * 3_600_000;
  await page.evaluate(set, ahead);
  await Promise.all(page.workers().map((worker) => worker.evaluate(set, ahead)));
};

test("a clock that was years ahead is put right: it locks, what is due in a day stays due in a day, and she is told what to do (SECURITY §3)", async () => {
  const person = team.caseworker;
  const { page, word } = person;
  await page.goto(appAddress());
  await page.locator("#password").waitFor();
  await setClock(page, 5 * 365 * 24);
  await unlock(page);
  const code = await openCase(person, "Hana");
  await person.section("assessment");
  await person.press("act.RaiseRisk");
  await person.choose("field.level", "option.level.high");
  await person.fill("field.because", "He calls.");
  await person.press("form.save");
  const inTime = word("clock.left").replace("{duration}", "");
  await page.locator(".danger", { hasText: `${inTime}23 hours` }).waitFor();
  await person.sync();

  await setClock(page, 0);
  await unlock(page);
  await page.getByText(word("notice.ClockBehind")).waitFor();
  await person.settled();
  const due = page.locator(".due-cases > li", { hasText: code });
  expect(await due.first().locator(".due-when").first().textContent()).toBe("in 23 hours");
  await openSection(person, code, "assessment");
  await page.locator(".danger", { hasText: `${inTime}23 hours` }).waitFor();

  // Her colleague's clock is right: she is told in which case something else is.
  const { supervisor } = team;
  await supervisor.sync();
  await supervisor.go("today");
  const told = supervisor.page.locator(".why", { hasText: supervisor.word("notice.ClockDiffers") });
  await told.getByRole("button", { name: supervisor.word("notice.open") }).click();
  await supervisor.page.getByRole("heading", { level: 1, name: code }).waitFor();
});
