/** What the views of a case are made from: the case as this device has it now, and who is looking. */

import type { Actor, Advice, CaseState, DueItem, Floor, LeftOut } from "@amana/casefile";
import type { Instant } from "@amana/kernel";
import type { CompiledPack } from "@amana/pathway";
import type { AccessView, Act } from "../../case/screen.ts";
import type { FormName } from "../../forms/commands.ts";
import type { Values } from "../../forms/fields.ts";
import { actOf } from "./closed.ts";

export type Seen = {
  readonly log: string;
  readonly state: CaseState;
  readonly now: Instant;
  readonly actor: Actor;
  readonly advice: Advice;
  readonly pack: CompiledPack;
  /** The group of each question, by fact. */
  readonly groups: Readonly<Record<string, string>>;
  readonly due: readonly DueItem[];
  readonly isUnreadLeft: boolean;
  readonly isShredded: boolean;
  readonly access: AccessView;
  /** Entries that are held and say nothing here, with the reason. */
  readonly leftOut: readonly LeftOut[];
  /** Names of entries that are not sent yet. */
  readonly drafts: ReadonlySet<string>;
  /** By what a screen may still know an entry that was sealed since. */
  readonly firstNames: ReadonlyMap<string, string>;
};

/** An act of this case, with the reason if it is closed. */
export const act = (seen: Seen, form: FormName, given: Values = {}, begin: Values = {}): Act =>
  actOf(
    {
      state: seen.state,
      context: { now: seen.now, actor: seen.actor, advice: seen.advice },
      isUnreadLeft: seen.isUnreadLeft,
    },
    form,
    given,
    begin,
  );

/** When a word on the level must have been acted on, as what is due says it; nothing where no clock runs. */
export const actByOf = ({ due }: Seen, { mark }: Floor): Instant | undefined =>
  due.find(({ kind, about }) => kind === "risk-clock" && about === mark.entry)?.dueAt;
