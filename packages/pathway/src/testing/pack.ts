/**
 * A small pack for the tests of the engine: few facts, and every operation of the format.
 * It is no guidance; the national pack is tested and proved elsewhere.
 */

import { type CompiledPack, type PackNode, operation } from "../pack.ts";

const { constant, has, only, isKnown, and, or, not, maybe, known, when, pick } = operation;

export const factIds = ["danger", "age", "consent", "assent", "places", "image-age", "pressure", "wish"] as const;

const nodes: readonly PackNode[] = [
  /*  0 danger is yes            */ [has, 0, 1, 0],
  /*  1 age is child             */ [has, 1, 1, 0],
  /*  2 age is adult             */ [has, 1, 1, 1],
  /*  3 consent is yes           */ [has, 2, 1, 0],
  /*  4 assent is yes/cannot     */ [has, 3, 1, 0, 2],
  /*  5 places has at least 2    */ [has, 4, 2, 0, 1, 2],
  /*  6 places has only chat     */ [only, 4, 2],
  /*  7 wish is known            */ [isKnown, 7],
  /*  8 image-age is adult, raw  */ [has, 5, 1, 1],
  /*  9 child pictured as adult  */ [and, 1, 8],
  /* 10 never                    */ [constant, 0],
  /* 11 image-age is adult       */ [pick, 9, 10, 8],
  /* 12 if adult then consent    */ [when, 2, 3],
  /* 13 if child then assent     */ [when, 1, 4],
  /* 14 agreed                   */ [and, 12, 13],
  /* 15 pressure is yes          */ [has, 6, 1, 0],
  /* 16 not adult                */ [not, 2],
  /* 17 child or unknown         */ [maybe, 1],
  /* 18 pressure and maybe child */ [and, 15, 17],
  /* 19 pressure and child       */ [and, 15, 1],
  /* 20 always                   */ [constant, 1],
  /* 21 known danger             */ [known, 0],
  /* 22 both adult               */ [and, 2, 11],
  /* 23 not both adult           */ [not, 22],
  /* 24 danger or places         */ [or, 0, 5],
  /* 25 wish is yes              */ [has, 7, 1, 0],
  /* 26 wish is no               */ [has, 7, 1, 1],
  /* 27 gate share               */ [and, 14, 25],
  /* 28 wish either way          */ [or, 26, 25],
  /* 29 unknown                  */ [constant, 2],
  /* 30 not (danger or places)   */ [not, 24],
  /* 31 not if adult then consent*/ [not, 12],
  /* 32 gate strict              */ [and, 30, 31, 23],
];

const yesNo = ["yes", "no"];

export const smallPack: CompiledPack = {
  format: 1,
  id: "small",
  version: "1.0.0",
  facts: [
    { id: "danger", kind: "yes-no", values: yesNo, askWhen: -1 },
    { id: "age", kind: "one", values: ["child", "adult"], askWhen: -1 },
    { id: "consent", kind: "yes-no", values: yesNo, askWhen: -1 },
    { id: "assent", kind: "one", values: ["yes", "no", "cannot"], askWhen: 17 },
    { id: "places", kind: "list", values: ["page", "group", "chat"], askWhen: -1 },
    { id: "image-age", kind: "one", values: ["child", "adult"], askWhen: -1 },
    { id: "pressure", kind: "yes-no", values: yesNo, askWhen: -1 },
    { id: "wish", kind: "yes-no", values: yesNo, askWhen: -1 },
  ],
  nodes,
  levels: [
    { id: "high", hours: 24, source: "G-1" },
    { id: "medium", hours: 48, source: "G-1" },
    { id: "normal", hours: null, source: "G-1" },
  ],
  track: {
    child: { id: "track-child", node: 1, source: "G-2" },
    adult: { id: "track-adult", node: 2, source: "G-2" },
  },
  riskRules: [
    { id: "R-danger", level: "high", node: 0, possible: 0, source: "G-1" },
    { id: "R-pressure", level: "medium", node: 18, possible: 19, source: "G-1" },
  ],
  gates: [
    {
      id: "share",
      notApplicable: -1,
      node: 27,
      rules: [
        { id: "R-share-agreed", node: 14, source: "G-3" },
        { id: "R-share-wanted", node: 25, source: "G-3" },
      ],
      limits: [
        { id: "R-limit-child", limit: "careful", node: 17, source: "G-2" },
        { id: "R-limit-child-again", limit: "careful", node: 1, source: "G-2" },
      ],
      source: "G-3",
    },
    {
      id: "guardian",
      notApplicable: 2,
      node: 1,
      rules: [{ id: "R-guardian-child", node: 1, source: "G-2" }],
      limits: [],
      source: "G-2",
    },
    {
      id: "strict",
      notApplicable: -1,
      node: 32,
      rules: [
        { id: "R-strict-quiet", node: 30, source: "G-4" },
        { id: "R-strict-disagreed", node: 31, source: "G-4" },
        { id: "R-strict-not-adult", node: 23, source: "G-4" },
      ],
      limits: [],
      source: "G-4",
    },
  ],
  actions: [
    {
      id: "listen",
      area: "mhpss",
      actor: "responder",
      handles: "none",
      act: "none",
      gate: -1,
      rules: [{ id: "R-listen", urgency: "follows-now", node: 20, possible: 20, source: "G-5" }],
      limits: [],
    },
    {
      id: "plan",
      area: "safety",
      actor: "responder",
      handles: "none",
      act: "none",
      gate: -1,
      rules: [
        { id: "R-plan", urgency: "follows", node: 20, possible: 20, source: "G-5" },
        { id: "R-plan-places", urgency: "48h", node: 5, possible: 5, source: "G-5" },
      ],
      limits: [{ id: "R-limit-chat", limit: "chat-only", node: 6, source: "G-5" }],
    },
    {
      id: "call",
      area: "safety",
      actor: "responder",
      handles: "none",
      act: "emergency",
      gate: -1,
      rules: [{ id: "R-call", urgency: "now", node: 21, possible: 0, source: "G-5" }],
      limits: [],
    },
    {
      id: "remove",
      area: "digital",
      actor: "survivor",
      handles: "fingerprint",
      act: "removal",
      gate: 0,
      rules: [{ id: "R-remove", urgency: "now", node: 20, possible: 20, source: "G-5" }],
      limits: [],
    },
  ],
  tools: [
    {
      id: "T-hash",
      kind: "fingerprint",
      offered: { id: "T-hash", node: 22, source: "G-6" },
      gate: 0,
      openIf: 28,
      steps: [
        { step: 1, actor: "survivor", handles: "none", gate: -1, when: -1, source: "T-hash" },
        { step: 2, actor: "survivor", handles: "fingerprint", gate: 0, when: -1, source: "T-hash" },
        { step: 3, actor: "survivor", handles: "none", gate: -1, when: 7, source: "T-hash" },
      ],
      limits: [],
    },
    {
      id: "T-desk",
      kind: "partner",
      offered: { id: "T-desk", node: 20, source: "G-6" },
      gate: 0,
      openIf: -1,
      steps: [],
      limits: [],
    },
    {
      id: "T-never",
      kind: "partner",
      offered: { id: "T-never", node: 29, source: "G-6" },
      gate: 0,
      openIf: -1,
      steps: [],
      limits: [],
    },
  ],
  contacts: ["first", "second", "third"].map((id) => ({
    id: `A-${id}`,
    region: "kri",
    governorates: [],
    numbers: [{ label: "", number: "104" }],
    purposeFromGuide: true,
    verifiedOn: null,
    shown: { id: "shows-kri", node: id === "third" ? 16 : 20, source: "G-7" },
    rules: id === "second" ? [{ id: "R-call-second", weight: 5, node: 0, source: "G-7" }] : [],
  })),
  contradictions: [{ id: "X-image-age", fact: 5, node: 9, source: "G-2" }],
};
