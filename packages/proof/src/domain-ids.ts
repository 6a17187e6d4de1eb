/**
 * The ids that DOMAIN.md gives to the rules, harm types, tools, platforms, numbers and objectives of the
 * guide. A pack must cover each of them. They are kept here because a checkout has only the project;
 * a test compares them with the document wherever it is at hand.
 */

/** What every pack covers: `G-` rules, `H-` harm types, `T-` tools, `P-` platforms, `A-` numbers, `O-` the task force. */
export const domainIds: readonly string[] = `
  G-CM-1 G-CM-2 G-CM-3 G-CM-4
  G-CONF-1 G-CONF-2 G-CONF-3
  G-CONS-1 G-CONS-2 G-CONS-3 G-CONS-4 G-CONS-5
  G-DIG-0 G-DIG-1 G-DIG-2 G-DIG-3 G-DIG-4 G-DIG-5 G-DIG-6
  G-EVID-1 G-EVID-2 G-EVID-3 G-EVID-4 G-EVID-5 G-EVID-6
  G-FRAME-0 G-FRAME-1 G-FRAME-2 G-FRAME-3 G-FRAME-4 G-FRAME-5 G-FRAME-6
  G-LAW-1 G-LAW-2 G-LAW-3 G-LAW-4 G-LAW-5 G-LAW-6 G-LAW-7 G-LAW-8
  G-MH-0 G-MH-1 G-MH-2 G-MH-3 G-MH-4 G-MH-5 G-MH-6
  G-SAFE-0 G-SAFE-1 G-SAFE-2 G-SAFE-3 G-SAFE-4 G-SAFE-5 G-SAFE-6 G-SAFE-7 G-SAFE-8 G-SAFE-9
  H-blackmail H-child-sexual-extortion H-csam H-cyberbullying H-cyberstalking H-deepfake H-doxing H-hacking
  H-hate-speech H-image-based-abuse H-impersonation H-live-streaming H-online-grooming H-online-harassment
  H-online-sexual-harassment H-self-generated-content H-sexual-extortion
  T-insm T-stopncii T-t4p T-takeitdown
  P-facebook P-instagram P-snapchat P-tiktok P-whatsapp P-x
  A-911 A-asayish-erbil A-asayish-sul A-community-police A-dcvaw A-dfcp A-nss A-police-iq A-police-kri
  O-0 O-1 O-2 O-3 O-4 O-5 O-6
`
  .trim()
  .split(/\s+/);

/** The safety properties of DOMAIN section 12: a row may cite one, but need not. */
const safetyPropertyIds: readonly string[] = Array.from({ length: 14 }, (_, place) => `S-${String(place + 1)}`);

export const allDomainIds: ReadonlySet<string> = new Set([...domainIds, ...safetyPropertyIds]);

/** The ids that a text of the guide names; prefixes alone, such as `G-EVID`, are none. */
export const idsNamedIn = (text: string): readonly string[] => {
  const found = text.matchAll(/(?<![A-Za-z0-9])([GHTPAO]-[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)/g);
  const ids = [...found].map(([, id = ""]) => id).filter((id) => !id.startsWith("G-") || /-\d+$/.test(id));
  return [...new Set(ids)];
};
