/** The choices that forms offer, by the ids of the case file. A test holds them against its shapes. */

export const contactWays = ["telephone-call", "text-message", "messaging-app", "email", "in-person", "through-someone"];

export const detailFields = [
  ...["name", "other-names", "phone", "other-phone", "id-number", "other-id"],
  ...["date-of-birth", "age-in-years", "gender", "marital-status", "nationality", "ethnicity", "religion"],
  ...["displacement", "address-area", "language", "interpreter", "literacy", "disability", "access-needs"],
  ...["education", "occupation", "household", "guardian", "caregiver", "trusted-person"],
];

export const speakers = ["survivor", "guardian", "caregiver", "responder", "provider", "other"];

export const incidentTypes = [
  ...["rape", "sexual_assault", "physical_assault", "forced_marriage"],
  ...["denial_of_resources", "emotional_abuse", "non-gbv"],
];

export const perpetrators = [
  ...["intimate_partner_former_partner", "primary_caregiver", "family_other", "spouse"],
  ...["supervisor_employer", "schoolmate", "teacher_official", "service_provider", "neighbor"],
  ...["other_resident", "friend", "unknown", "other"],
];

export const assessmentKinds = ["physical-safety", "digital-risk", "mental-health-needs", "service-needs"];

export const protectionRiskKinds = [
  ...["retaliation", "perpetrator-contact", "public-exposure", "financial-coercion"],
  ...["restriction", "honour-based-violence", "emotional-harm", "physical-harm", "other"],
];
export const protectionRiskSources = [
  ...["perpetrator", "intimate-partner", "family", "community", "online-network", "unknown"],
];
export const likelihoods = ["unlikely", "possible", "likely"];

export const purposes = ["store-file", "digital", "evidence", "removal", "law", "referral", "statistics"];

export const safetyAreas = [
  ...["emergency", "people", "shelter", "communication", "access-to-services", "digital", "law", "other"],
];

export const digitalActs = [
  ...["change-passwords", "two-factor", "privacy-settings", "look-for-trackers", "location-off"],
  ...["limit-contact", "block-perpetrator", "digital-literacy", "other"],
];

export const services = [
  ...["mental-health", "health", "legal", "protection", "digital-safety", "shelter", "child-protection", "cash"],
];

export const tools = [
  ...["T-stopncii", "T-takeitdown", "T-insm", "T-t4p"],
  ...["P-facebook", "P-instagram", "P-snapchat", "P-tiktok", "P-whatsapp", "P-x"],
];

export const lawSteps = [
  ...["survivor-prepared", "accompanied", "complaint-by-survivor", "statement", "hearing"],
  ...["protective-order", "withdrawn-by-survivor", "other"],
];

export const keptKinds = ["addresses", "usernames", "times", "messages-without-material", "screenshots", "own-files"];
export const heldKinds = ["messages", "document", "recording-not-sexual", "picture-not-sexual", "other-not-sexual"];

export const progressAreas = ["safety", "health", "psychosocial", "justice", "other"];

export const closureChecks = [
  ...["safety-plan-reviewed", "goals-reviewed", "referrals-followed-up"],
  ...["survivor-agrees", "knows-whom-to-call", "file-retention-explained"],
];

/** What may be shared with a provider, beside single facts. */
export const sharedFields = [
  "service",
  "safe-contact",
  "risk-level",
  ...detailFields.map((field) => `detail:${field}`),
];

export const optionsTold = [
  "do-nothing",
  "not-report",
  "safety-only",
  "platform",
  "tool",
  "trusted-partner",
  "law",
  "service",
];
export const risksTold = ["retaliation", "delay", "confidentiality-loss", "family-notification", "community-awareness"];
export const waysObtained = ["in-person", "telephone", "message"];
export const interpreters = ["none", "professional", "relative"];
