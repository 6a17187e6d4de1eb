/** The governorates in the order of the guidance. A test holds the list against the pack. */

export const governorates = [
  ...["IQ-AN", "IQ-BA", "IQ-MU", "IQ-NA", "IQ-QA", "IQ-SU", "IQ-BB", "IQ-BG", "IQ-DA", "IQ-DI"],
  ...["IQ-AR", "IQ-KA", "IQ-KI", "IQ-MA", "IQ-NI", "IQ-SD", "IQ-DQ", "IQ-WA", "IQ-HA"],
];
