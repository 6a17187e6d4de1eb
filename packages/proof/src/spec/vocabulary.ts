/** The interface of DOMAIN section 13: the facts with their values, the gates, and the ids that must exist. */

const yesNo = ["yes", "no"];
const purposes = ["digital", "evidence", "removal", "law"] as const;

/** A purpose that is agreed to, or not. */
export type Purpose = (typeof purposes)[number];

/** Facts whose answer is yes or no. */
const yesNoFacts = `
  private-now disability sexual-content synthetic survivor-holds-copy platform-report-failed spreading
  immediate-danger physical-violence-threat honour-violence-risk severe-blackmail credible-threat
  continued-harassment online-blackmail growing-family-pressure escalating movement-restricted financial-coercion
  guardian-unsafe perpetrator-in-contact perpetrator-has-accounts perpetrator-has-device perpetrator-knows-location
  perpetrator-abroad severe-distress offline-abuse other-children-at-risk recent-sexual-assault safe-place-to-stay
  trusted-ally digital-risk-assessed physical-safety-assessed legal-risk-assessed digital-action-could-escalate
  digital-escalation-planned law-report-could-escalate law-escalation-planned blocking-safe safe-device
  evidence-safe-to-keep evidence-preserved material-volunteered material-critical-to-safety exception-approved
  wants-removal wants-law-report
`
  .trim()
  .split(/\s+/);

const choices: Readonly<Record<string, readonly string[]>> = {
  asking: ["self", "other"],
  age: ["child", "adult"],
  "age-in-image": ["child", "adult"],
  region: ["kri", "federal"],
  gender: ["woman-or-girl", "man-or-boy", "other"],
  "content-exposure": ["none", "threatened", "private", "public"],
  "suicide-or-self-harm": ["no", "risk", "imminent"],
};

const lists: Readonly<Record<string, readonly string[]>> = {
  harm: `cyberstalking doxing hacking hate-speech image-based-abuse online-sexual-harassment sexual-extortion csam
    online-grooming live-streaming self-generated-content child-sexual-extortion deepfake impersonation cyberbullying
    online-harassment blackmail`.split(/\s+/),
  platforms: ["facebook", "instagram", "snapchat", "tiktok", "whatsapp", "x", "telegram", "other"],
  "threat-source": ["perpetrator", "intimate-partner", "family", "community", "online-network"],
};

export type FactOfDomain = { readonly id: string; readonly isList: boolean; readonly values: readonly string[] };

/** Governorates are named by the project's own list; at least the region of each is checked in S-13. */
export const factsOfDomain: readonly FactOfDomain[] = [
  ...yesNoFacts.map((id) => ({ id, isList: false, values: yesNo })),
  ...Object.entries(choices).map(([id, values]) => ({ id, isList: false, values })),
  ...Object.entries(lists).map(([id, values]) => ({ id, isList: true, values })),
  ...purposes.flatMap((purpose) => [
    { id: `consent-${purpose}`, isList: false, values: yesNo },
    { id: `assent-${purpose}`, isList: false, values: ["yes", "no", "cannot"] },
    { id: `guardian-consent-${purpose}`, isList: false, values: yesNo },
    { id: `best-interests-${purpose}`, isList: false, values: yesNo },
  ]),
  {
    id: "governorate",
    isList: false,
    values: ["IQ-AR", "IQ-SU", "IQ-DA", "IQ-HA", "IQ-BG", "IQ-BA", "IQ-NI", "IQ-KI"],
  },
];

export const gatesOfDomain: readonly string[] = [
  ...["digital-safety", "block-perpetrator", "content-removal", "platform-report"],
  ...["evidence-by-survivor", "evidence-held", "law-report", "guardian-consent"],
];

export const actionsOfDomain: readonly string[] = `
  explain-options child-protection-response immediate-safety-measures urgent-protection-referral
  urgent-mental-health-referral psychological-first-aid risk-assessment digital-risk-assessment safety-plan
  digital-safety-plan preserve-evidence note-addresses request-removal legal-risk-benefit-assessment
  accompany-to-law-enforcement refer-to-digital-specialist mental-health-needs-assessment health-referral
  shelter-referral legal-referral cash-assistance-referral follow-up
`
  .trim()
  .split(/\s+/);

export const toolsOfDomain: readonly string[] = [
  ...["T-stopncii", "T-takeitdown", "T-insm", "T-t4p"],
  ...["P-facebook", "P-instagram", "P-snapchat", "P-tiktok", "P-whatsapp", "P-x"],
];

export const contactsOfDomain: readonly string[] = [
  ...["A-911", "A-police-iq", "A-community-police", "A-dfcp", "A-nss"],
  ...["A-dcvaw", "A-police-kri", "A-asayish-erbil", "A-asayish-sul"],
];
