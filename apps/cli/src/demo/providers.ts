/**
 * The directory of the invented organisation. Each name says that it is invented, and no number or address in it can belong to
 * anybody: no network has numbers that begin with four zeros, and `example.org` belongs to nobody (RFC 2606).
 */

import type { ProviderListing } from "@amana/vault";

export type DemoProvider = Omit<ProviderListing, "provider" | "checkedOn"> & {
  readonly id: string;
  /** Before the demo begins. */
  readonly checkedDaysAgo: number;
  /** By a caseworker: it waits for the supervisor. */
  readonly isProposed: boolean;
};

/** The ids are the demo's own, so that consents and referrals of a story can name them. */
const ids = {
  clinic: "de30000000000000000000000000c001",
  "child-protection": "de30000000000000000000000000c002",
  "child-space": "de30000000000000000000000000c003",
  shelter: "de30000000000000000000000000c004",
  legal: "de30000000000000000000000000c005",
  digital: "de30000000000000000000000000c006",
  cash: "de30000000000000000000000000c007",
} as const;

/** As the case file keeps it. */
export const recipientIn = (provider: keyof typeof ids): string => `provider:${ids[provider]}`;

export const providers: readonly DemoProvider[] = [
  {
    id: ids.clinic,
    names: {
      en: "Pomegranate Clinic (invented)",
      ar: "عيادة الرمان (خيالية)",
      ckb: "کلینیکی ھەنار (خەیاڵی)",
      kmr: "کلینیکا هنارێ (خەیالی)",
    },
    services: ["mental-health", "health"],
    governorates: ["IQ-AR", "IQ-DA"],
    reach: "0000 000 0001\nclinic@example.org",
    hours: "08:30–14:00",
    serves: "",
    cost: "free",
    checkedDaysAgo: 20,
    isProposed: false,
  },
  {
    id: ids["child-protection"],
    names: {
      en: "Child Protection Unit, Swallow House (invented)",
      ar: "وحدة حماية الطفل، بيت السنونو (خيالية)",
      ckb: "یەکەی پاراستنی منداڵ، ماڵی پەڕەسێلکە (خەیاڵی)",
      kmr: "یەکەیا پاراستنا زارۆکان، مالا حاجیرەشکێ (خەیالی)",
    },
    services: ["child-protection", "protection"],
    governorates: [],
    reach: "0000 000 0002",
    hours: "24/7",
    serves: "",
    cost: "free",
    checkedDaysAgo: 9,
    isProposed: false,
  },
  {
    id: ids["child-space"],
    names: {
      en: "Kite, a place for children (invented)",
      ar: "الطيارة الورقية، مكان للأطفال (خيالي)",
      ckb: "کۆلارە، شوێنێک بۆ منداڵان (خەیاڵی)",
    },
    services: ["child-protection"],
    governorates: ["IQ-AR"],
    reach: "0000 000 0003",
    hours: "15:00–18:00",
    serves: "6–17",
    cost: "free",
    checkedDaysAgo: 40,
    isProposed: false,
  },
  {
    id: ids.shelter,
    names: { en: "Walnut Shelter (invented)", ar: "دار الجوز (خيالية)", ckb: "شێڵتەری گوێز (خەیاڵی)" },
    services: ["shelter", "protection"],
    governorates: ["IQ-AR", "IQ-SU", "IQ-DA", "IQ-HA"],
    reach: "0000 000 0004",
    hours: "24/7",
    serves: "",
    cost: "free",
    checkedDaysAgo: 12,
    isProposed: false,
  },
  {
    id: ids.legal,
    names: { en: "Tigris Legal Aid (invented)", ar: "دجلة للمساعدة القانونية (خيالية)" },
    services: ["legal"],
    governorates: ["IQ-NI", "IQ-BG"],
    reach: "0000 000 0005\nlegal@example.org",
    hours: "09:00–15:00",
    serves: "",
    cost: "free",
    // Nobody has asked for so long that it may be wrong.
    checkedDaysAgo: 260,
    isProposed: false,
  },
  {
    id: ids.digital,
    names: { en: "Lantern Digital Safety (invented)", ckb: "فانۆسی سەلامەتیی دیجیتاڵی (خەیاڵی)" },
    services: ["digital-safety"],
    governorates: [],
    reach: "help@example.org",
    hours: "",
    serves: "",
    cost: "free",
    checkedDaysAgo: 33,
    isProposed: false,
  },
  {
    id: ids.cash,
    names: { en: "Barley Cash Assistance (invented)", ar: "الشعير للمساعدة النقدية (خيالية)" },
    services: ["cash"],
    governorates: ["IQ-NI"],
    reach: "0000 000 0007",
    hours: "",
    serves: "",
    cost: "not-known",
    checkedDaysAgo: 2,
    isProposed: true,
  },
];
