/** Teams as the page asks for them: whose supervisors share a key, so that their cases are open to all who watch over them. */

import type { WantedAct } from "@amana/device";
import { err, ok } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { setUpCodeBytes } from "@amana/sync";
import type { PersonId, TeamId } from "@amana/vault";
import type { TeamFormed, TeamsAct } from "../screens/recovery/views.ts";
import type { Face } from "../wire/face.ts";
import { invitationRefused, refusalOf } from "./account.ts";
import type { Unlockable } from "./after-unlock.ts";
import { actedOrPending } from "./pending.ts";
import { bytesOfText, textOfBytes } from "./texts.ts";

type TeamsOffers = Pick<Face, "teams" | "actOnTeams" | "inviteBack" | "headWords">;

export const teamsOffers = (holding: Unlockable): TeamsOffers => ({
  teams: () => readTeams(holding),
  headWords: async (log) => {
    const { device } = holding;
    const own = await device().organisationLog();
    // The page was given the id of a case by the device.
    const asked = log === undefined ? (own.ok ? own.value : undefined) : (log as LogId);
    const words = asked === undefined ? undefined : await device().wordsOfHeads([asked]);
    return words?.ok === true ? words.value : [];
  },
  actOnTeams: (act) => actOnTeams(holding, act),
  inviteBack: async (person, minutes, text) => {
    const code = text === undefined ? undefined : bytesOfText(text);
    if (text !== undefined && code?.length !== setUpCodeBytes) return err({ type: "NotACode" });
    // The page was given the id by the device.
    const invitedFor = { kind: "come-back", person: person as PersonId, code } as const;
    const opened = await holding.device().openInvitation(invitedFor, minutes);
    if (!opened.ok) return invitationRefused(opened.error);
    return ok({ id: opened.value.id, invitation: textOfBytes(opened.value.invitation) });
  },
});

const readTeams = async ({ device }: Unlockable): Promise<readonly TeamFormed[]> => {
  const [answer, waiting] = [await device().organisation(), await device().teamsWaitingForKey()];
  const organisation = answer.ok ? answer.value : undefined;
  const waits = new Set<string>(waiting.ok ? waiting.value : []);
  return [...(organisation?.teams.values() ?? [])].map(({ id, supervisors, members }) => ({
    id,
    name: organisation?.namesById.get(id),
    formerNames: organisation?.formerNamesById.get(id) ?? [],
    supervisors: [...supervisors],
    members: [...members],
    waitsForKey: waits.has(id),
  }));
};

// As above.
const teamOf = (id: string): TeamId => id as TeamId;
const personOf = (id: string): PersonId => id as PersonId; // As above.

const actOnTeams = async ({ device }: Unlockable, act: TeamsAct): ReturnType<Face["actOnTeams"]> => {
  switch (act.type) {
    case "Form": {
      const id = await device().newTeamId();
      if (!id.ok) return err(refusalOf(id.error));
      const supervisors = act.supervisors.map(personOf);
      return actedOrPending(
        await device().actOrWait({ type: "FormTeam", team: id.value, name: act.name, supervisors }),
      );
    }
    default:
      return actedOrPending(await device().actOrWait(wantedOf(act)));
  }
};

const wantedOf = (act: Exclude<TeamsAct, { readonly type: "Form" }>): WantedAct => {
  const team = teamOf(act.team);
  switch (act.type) {
    case "Name":
      return { type: "TeamNamed", team, name: act.name };
    case "Join":
      return { type: "TeamJoined", team, person: personOf(act.person) };
    case "Leave":
      return { type: "TeamLeft", team, person: personOf(act.person) };
    case "ReplaceKey":
      return { type: "ReplaceTeamKey", team, supervisors: act.supervisors.map(personOf) };
    default:
      return act satisfies never;
  }
};
