/** A further device of a person who has the printed kit. */

import type { Member } from "../device/office.ts";
import { attempt, handsetsOf, type World } from "./world.ts";

export const handsetsPerMemberMax = 3;

export const said = (answer: { readonly ok: boolean; readonly error?: unknown } | undefined): string =>
  answer === undefined ? "crash" : answer.ok ? "ok" : JSON.stringify(answer.error);

export const enrolDevice = async (world: World, member: Member): Promise<string> => {
  if (handsetsOf(world, member).length >= handsetsPerMemberMax) return "enough devices";
  const added = world.office.newHandset(member);
  const enrolling = { digits: member.kit, password: member.password, language: "ckb" };
  const enrolled = await attempt(added, (device) => device.enrolWithKit(enrolling));
  if (enrolled?.ok !== true) world.lost.add(added);
  else world.passwords.set(added, member.password);
  return `${added.name} ${said(enrolled)}`;
};
