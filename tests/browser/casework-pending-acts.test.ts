/**
 * What a supervisor decides about the organisation without a connection: it is shown as waiting and as nothing more, through a
 * lock as well, can be called off, and is done once there is a connection.
 */

import { beforeAll, describe, expect, test } from "vitest";
import { card, filled, pressIn } from "./casework-acts.ts";
import { makeBegunOrganisation } from "./casework-begun-organisation.ts";
import { languages, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { problemsOf } from "./casework-looks.ts";
import { isLongRun } from "./guide-browser.ts";

describe.each(isLongRun ? languages : (["en", "ckb"] as const))("in %s", (language) => {
  const organisation = makeBegunOrganisation();
  const casework = useCaseworkBrowser(organisation.seed);
  const problems: string[] = [];
  let nasrin: Person, omar: Person;
  beforeAll(async () => {
    nasrin = await organisation.signIn(casework, "Nasrin", language);
    omar = await organisation.signIn(casework, "Omar", language);
  });

  const waiting = (person: Person, what: string) => card(person, person.word(`pendingWhat.${what}`));
  const group = (field: string) => nasrin.page.getByRole("group", { name: nasrin.word(`field.${field}`), exact: true });
  const says = (person: Person, key: string) => person.page.locator(".sync").filter({ hasText: person.word(key) });

  test("a role, a team and a cover are decided without a connection, and are not so", async () => {
    await nasrin.sync();
    await nasrin.context.setOffline(true);
    await nasrin.go("team");
    await pressIn(nasrin, card(nasrin, "Shilan").first(), "team.makeSupervisor");
    await nasrin.press("form.yes");
    await waiting(nasrin, "RoleGiven").getByText("Shilan").waitFor();
    expect(await card(nasrin, "Shilan").getByText(nasrin.word("option.role.caseworker")).count()).toBe(1);

    await nasrin.press("teams.form");
    await nasrin.page.locator("#team-name").fill("Night team");
    await nasrin.page
      .locator("form.panel")
      .getByLabel(/Nasrin/)
      .check();
    await nasrin.page.locator("form.panel button[type=submit]").click();
    await waiting(nasrin, "FormTeam").getByText("Night team").waitFor();
    await nasrin.settled();
    expect(await card(nasrin, "Night team").count()).toBe(0);

    await nasrin.go("supervise");
    await nasrin.press("cover.arrange");
    for (const [field, name] of [
      ["absent", "Omar"],
      ["cover", "Hevî"],
    ] as const)
      await group(field).getByLabel(name, { exact: true }).check();
    for (const [field, month] of [
      ["fromDay", "3"],
      ["untilDay", "4"],
    ] as const) {
      const [day, year] = [group(field).locator("input").first(), group(field).locator("input").last()];
      await day.fill("5");
      await group(field).locator("select").selectOption(month);
      await year.fill(String(new Date().getFullYear() + 1));
    }
    await nasrin.page.locator("form.panel button[type=submit]").click();
    const cover = filled(nasrin, language, "cover.for", { cover: "Hevî", absent: "Omar" });
    await waiting(nasrin, "CoverArranged").getByText(cover).waitFor();
    await nasrin.page.getByText(nasrin.word("cover.empty")).waitFor();
    await look("what waits under supervision");
  });

  test("a removal that waits is shown first, everywhere, with who still reads", async () => {
    await nasrin.go("team");
    await pressIn(nasrin, card(nasrin, "Hevî").last(), "team.left");
    await nasrin.page.getByText(nasrin.word("pendingActs.offline")).waitFor();
    await nasrin.press("form.yes");
    const still = filled(nasrin, language, "pendingActs.stillReads", { name: "Hevî" });
    await waiting(nasrin, "PersonLeft").getByText(still).waitFor();
    expect(await nasrin.page.locator(".card h3").first().textContent()).toContain(
      nasrin.word("pendingWhat.PersonLeft"),
    );
    await look("what waits in the team");
    await nasrin.go("today");
    await waiting(nasrin, "PersonLeft").getByText(still).waitFor();
    expect(await waiting(nasrin, "FormTeam").count()).toBe(0);
    await look("a removal that waits");
    // Somebody was mistaken: it is called off, and Hevî stays.
    await pressIn(nasrin, waiting(nasrin, "PersonLeft"), "pendingActs.callOff");
    await waiting(nasrin, "PersonLeft").waitFor({ state: "detached" });
  });

  test("an invitation says that it needs a connection, and what to do", async () => {
    await nasrin.go("team");
    await nasrin.press("team.inviteMake");
    await nasrin.page.getByText(nasrin.word("account.InvitationOffline")).waitFor();
    expect(await nasrin.page.locator(".made").count()).toBe(0);
  });

  test("all of it is done once there is a connection, and seen by a colleague", async () => {
    await nasrin.page
      .locator(".sync")
      .filter({ hasText: filled(nasrin, language, "sync.unsentOffline", { count: 3 }) })
      .waitFor();
    await nasrin.context.setOffline(false);
    await nasrin.sync();
    await says(nasrin, "sync.sent").waitFor();
    for (const what of ["RoleGiven", "FormTeam", "CoverArranged"])
      await waiting(nasrin, what).waitFor({ state: "detached" });
    await omar.sync();
    for (const person of [nasrin, omar]) {
      await person.go("team");
      await card(person, "Shilan").first().getByText(person.word("option.role.supervisor"), { exact: true }).waitFor();
      await card(person, "Night team").waitFor();
      await card(person, "Hevî").first().waitFor();
    }
    await nasrin.go("supervise");
    await card(nasrin, filled(nasrin, language, "cover.for", { cover: "Hevî", absent: "Omar" })).waitFor();
    expect(await nasrin.page.getByText(nasrin.word("cover.empty")).count()).toBe(0);
    expect(problems).toEqual([]);
  });

  const look = async (name: string): Promise<void> => {
    problems.push(...(await problemsOf(nasrin, name)));
  };
});
