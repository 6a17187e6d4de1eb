/** What a supervisor sees of the whole team, as plain data: what presses, who carries how much, what waits for a second person. */

import type { Level, ProposalKind } from "@amana/casefile";
import type { Act, Row } from "../../case/screen.ts";

export type PressingCase = {
  readonly log: string;
  readonly code: string;
  readonly level: Level | undefined;
  readonly responsible: readonly string[];
  readonly overdue: number;
  readonly firstKind: string | undefined;
  readonly firstDueAt: number | undefined;
  /** Whom what is due first is taken up with. */
  readonly firstRecipients: readonly string[];
  /** Nobody who is still here carries it. */
  readonly isWithoutCaseworker: boolean;
};

/** Open cases of one person, by level. */
export type Load = {
  readonly person: string;
  readonly high: number;
  readonly medium: number;
  readonly normal: number;
  readonly unassessed: number;
  readonly overdue: number;
};

export type CoverState = "coming" | "running" | "over";

export type CoverView = {
  readonly absent: string;
  readonly cover: string;
  readonly from: string;
  readonly until: string;
  readonly state: CoverState;
  /** Cases that whoever covers cannot read yet, and should. */
  readonly toGive: readonly CaseName[];
  /** Cases that whoever covered still reads, and need not any more. */
  readonly toTake: readonly CaseName[];
  /** Changes that wait for a connection. */
  readonly pending: number;
};

export type CaseName = { readonly log: string; readonly code: string };

/** A case that has no new key yet since its readers changed. */
export type WaitingCase = CaseName & {
  /** One opener is left, so that there can be no new key before a colleague is let in. */
  readonly isAlone: boolean;
};

export type Supervision = {
  readonly isSupervisor: boolean;
  readonly caseCount: number;
  readonly pressing: readonly PressingCase[];
  readonly loads: readonly Load[];
  readonly covers: readonly CoverView[];
  /** Cases in which something waits for a second person. */
  readonly approvalCount: number;
};

/** One thing that waits for a second person, with what is so and what is proposed side by side. */
export type ApprovalView = {
  readonly log: string;
  readonly code: string;
  readonly level: Level | undefined;
  readonly kind: ProposalKind;
  /** The entry it was proposed in, which proposes nothing else. */
  readonly proposal: string;
  readonly by: string;
  readonly at: number;
  readonly now: readonly Row[];
  readonly proposed: readonly Row[];
  readonly acts: readonly Act[];
};

export type CoverAct =
  | {
      readonly type: "Arrange";
      readonly absent: string;
      readonly cover: string;
      readonly from: string;
      readonly until: string;
    }
  | { readonly type: "Give" | "Take" | "End"; readonly absent: string; readonly cover: string };
