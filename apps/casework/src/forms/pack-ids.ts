/** What the guide screen lists of the pack, in its order. A test holds the lists against the pack. */

export const contactIds = [
  ...["A-911", "A-police-iq", "A-community-police", "A-dfcp", "A-nss"],
  ...["A-dcvaw", "A-police-kri", "A-asayish-erbil", "A-asayish-sul"],
];

export const harmIds = [
  ...["cyberstalking", "doxing", "hacking", "hate-speech", "image-based-abuse", "online-sexual-harassment"],
  ...["sexual-extortion", "csam", "online-grooming", "live-streaming", "self-generated-content"],
  ...["child-sexual-extortion", "deepfake", "impersonation", "cyberbullying", "online-harassment", "blackmail"],
];
