/**
 * Keys, sealing and opening, wraps, authenticity, and the organisation: who may read. Formats: docs/formats/entry.md and
 * docs/formats/keys.md.
 *
 * Bytes, not cases: what an event means is not known here. Ciphers are in `hazmat/` and are not exported. Nothing here
 * stores, sends or waits; randomness, time, KDF and deflate are handed in.
 */

export {
  challengeBytes,
  changePassword,
  deriveAccount,
  makeAccountSecret,
  makeAccountVault,
  openAccountVault,
  passwordCost,
  sealAccountVault,
  signIn,
  verifyPasswordChange,
  verifySignIn,
  type AccountVault,
  type AccountVaultError,
  type LoginKey,
  type PasswordChange,
  type Unlocked,
  type UnlockKey,
  type VaultOpener,
} from "./account.ts";
export { decodeBody, encodeBody, type Body, type SealedEvent } from "./body.ts";
export { openBox, sealBox, type BoxError, type BoxPorts, type BoxPurpose, type Opened } from "./box.ts";
export { keepsSupervisors, mayPassOver, openersMin, openersOf, removedIn, type Epoch } from "./case/epochs.ts";
export {
  readCaseControlEvent,
  type CaseControlEvent,
  type EpochBegun,
  type EpochMember,
  type ShreddingTold,
} from "./case/events.ts";
export { type CaseSource, type EntryContent } from "./case/content.ts";
export { readCase, type By, type CaseEntry, type CaseReading } from "./case/read.ts";
export { shreddingKey } from "./case/shredding.ts";
export { writeCaseControlEvent } from "./case/write.ts";
export {
  commitTo,
  encodeWrap,
  makeCaseKey,
  parseWrap,
  unwrap,
  wrap,
  type CaseKey,
  type UnwrapError,
  type Unwrapping,
  type Wrap,
  type WrapError,
  type WrapFor,
  type WrapPurpose,
} from "./case-key.ts";
export { platformDeflate } from "#deflate";
export { makeDeviceVault, openDeviceVault, sealDeviceVault, type DeviceVault } from "./device-vault.ts";
export { printDigits, type DigitsError } from "./digits.ts";
export { argon2idKdf } from "./hazmat/argon2id.ts";
export { platformRandomness } from "./hazmat/randomness.ts";
export {
  enrolIdentityPublic,
  enrolReceivingPublic,
  identityKeyFrom,
  makeIdentityKey,
  makeReceivingKey,
  makeSecret,
  receivingKeyFrom,
  type IdentityKey,
  type PublicKey,
  type ReceivingKey,
} from "./identity.ts";
export {
  answerInvitation,
  checkAnswer,
  encodeAnswer,
  encodeInvitation,
  invitationId,
  makeInvitation,
  parseAnswer,
  parseInvitation,
  headsToCompare,
  wordsToCompare,
  type Answer,
  type AnswerError,
  type Invitation,
} from "./invitation.ts";
export { kitDigits, parseKit, type AccountSecret, type KitError } from "./kit.ts";
export { readOrganisationEvent, type OrganisationEvent } from "./organisation/events.ts";
export type { Cover } from "./organisation/cover.ts";
export {
  providersMax,
  type DirectoryEvent,
  type Provider,
  type ProviderCost,
  type ProviderId,
  type ProviderListing,
} from "./organisation/directory.ts";
export { evolveOrganisation, type Act } from "./organisation/evolve.ts";
export {
  hasCaseRole,
  isKeeper,
  makePersonId,
  makeProviderId,
  makeTeamId,
  noOrganisation,
  presentPeople,
  presentPersonOf,
  presentSupervisors,
  type ChangeOfReading,
  type Organisation,
  type Person,
  type PersonId,
  type PersonKeys,
  type Proposal,
  type RecoveryKey,
  type Role,
  type Team,
  type TeamId,
} from "./organisation/organisation.ts";
export {
  readOrganisation,
  type KeyOf,
  type OrganisationReading,
  type OrganisationSource,
} from "./organisation/read.ts";
export { isSettled, type Passing } from "./organisation/passing-over.ts";
export { areTwoPersons, isMet, whoCouldMeet } from "./organisation/two-persons.ts";
export { writeOrganisationEvent } from "./organisation/write.ts";
export { makePassword, passwordBytes, strengthOf, type PasswordStrength } from "./password.ts";
export type { Deflate, Kdf, KdfCost, Randomness } from "./ports.ts";
export {
  combineSheets,
  makeRecoveryKey,
  parseSheet,
  sheetDigits,
  type RecoveryError,
  type Sheet,
  type SheetError,
} from "./recovery.ts";
export {
  entryKeyOf,
  open,
  seal,
  verifyEntry,
  type EntryKey,
  type OpenError,
  type SealError,
  type Sealing,
} from "./seal.ts";
export { clearSecret, conceal, exposeSecret, type Secret } from "./secret.ts";
