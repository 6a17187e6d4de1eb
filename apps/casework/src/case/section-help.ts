/** Which actions of the guidance are explained in which section. A test holds them against the shipped pack. */

import type { Section } from "./screen.ts";

export const helpOfSection: Readonly<Partial<Record<Section, readonly string[]>>> = {
  person: ["make-it-private", "explain-limits-of-confidentiality", "adapt-to-the-person"],
  assessment: ["risk-assessment", "digital-risk-assessment", "mental-health-needs-assessment"],
  consent: ["explain-options", "seek-guardian-consent", "best-interests-procedure"],
  safety: ["safety-plan", "digital-safety-plan", "work-with-trusted-ally"],
  services: ["case-plan", "psychological-first-aid", "check-service-mapping"],
  content: ["explain-mechanisms", "assess-evidence-safety", "leave-material-in-place"],
  law: ["legal-risk-benefit-assessment", "prepare-for-reporting", "plan-safety-around-reporting"],
  "follow-up": ["follow-up", "consult-supervisor"],
};
