/** An invitation to come back as the page asks for it: a caseworker needs the code of whoever runs the server, and pastes it. */

import { err } from "@amana/kernel";
import { describe, expect, test } from "vitest";
import type { Unlockable } from "../../apps/casework/src/worker/after-unlock.ts";
import { teamsOffers } from "../../apps/casework/src/worker/teams.ts";
import { textOfBytes } from "../../apps/casework/src/worker/texts.ts";
import { startTeam } from "../device/access-world.ts";

const minutes = 60;

describe("an invitation for whoever has lost everything", () => {
  test("is made by a caseworker with a whole code of the server's, and with nothing else", async () => {
    const { nour, shilan, world } = await startTeam("pasted code");
    // Inviting asks the holding for its device, and for nothing more.
    const { inviteBack } = teamsOffers({ device: shilan.device } as Unlockable);
    for (const text of ["", "what is this?", textOfBytes(new Uint8Array(31))])
      expect(await inviteBack(nour.person, minutes, text)).toEqual(err({ type: "NotACode" }));
    const unknown = textOfBytes(new Uint8Array(32));
    expect(await inviteBack(nour.person, minutes, unknown)).toEqual(err({ type: "AlreadyUsed" }));
    expect(await inviteBack(nour.person, minutes, undefined)).toMatchObject({ ok: false });
    const code = textOfBytes(new Uint8Array(world.server.makeComeBackCode()));
    expect(await inviteBack(nour.person, minutes, ` ${code}\n`)).toMatchObject({ ok: true });
  });
});
