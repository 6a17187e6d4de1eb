/** The account on this device, as the page asks for it. */

import { err, ok, type Result } from "@amana/kernel";
import type { AccountFace } from "@amana/device";
import type { DeviceId } from "@amana/log";
import { setUpCodeBytes } from "@amana/sync";
import type { Language } from "@amana/ui";
import type { AccountRefusal, Face, WayIn } from "../wire/face.ts";
import { bytesOfText } from "./texts.ts";
import type { Holding } from "./before-unlock.ts";

export type AccountOffers = Pick<
  Face,
  | "makePassword"
  | "strengthOf"
  | "chooseLanguage"
  | "checkCode"
  | "found"
  | "acceptInvitation"
  | "enrolWithKit"
  | "unlock"
  | "changePassword"
  | "takeNewPassword"
  | "devices"
  | "signOut"
  | "setWakeUp"
  | "readKit"
  | "eraseDevice"
>;

export const accountOffers = ({ account: device }: Holding): AccountOffers => ({
  makePassword: () => Promise.resolve(device.suggestPassword()),
  strengthOf: (password) => {
    const checked = device.checkPassword(password);
    return Promise.resolve(checked.ok ? "strong" : checked.error.why);
  },
  chooseLanguage: async (language) => {
    await device.setLanguage(language);
  },
  checkCode: (way, code) => Promise.resolve(settled(checks[way](device, code))),
  found: async (code, password, language) => {
    const bytes = setUpCodeIn(code);
    if (bytes === undefined) return err({ type: "NotACode" });
    return refusedOr(await device.found({ code: bytes, password, language }));
  },
  acceptInvitation: (invitation, password, language) => accept(device, invitation, password, language),
  enrolWithKit: async (digits, password, language) => {
    const enrolled = await device.enrolWithKit({ digits, password, language });
    return enrolled.ok ? ok(null) : err(refusalOf(enrolled.error));
  },
  unlock: async (password) => settled(await device.unlock(password)),
  changePassword: async (current, next) => settled(await device.changePassword({ current, next })),
  takeNewPassword: async (password) => settled(await device.takeNewPassword(password)),
  devices: async () => refusedOr(await device.listDevices()),
  // The page was given the id by the device.
  signOut: async (id) => settled(await device.signOut(id === undefined ? "everywhere" : (id as DeviceId))),
  setWakeUp: async (place) => {
    const answer = await device.setWakeUp(place);
    return answer.ok ? ok(answer.value ?? null) : err(refusalOf(answer.error));
  },
  readKit: async () => refusedOr(await device.kit()),
  eraseDevice: () => device.erase(),
});

/** Whoever pastes the whole link means what stands after its sign. */
const setUpCodeIn = (text: string): ReturnType<typeof bytesOfText> => {
  const bytes = bytesOfText(text.replace(/^.*#found=/s, ""));
  return bytes?.length === setUpCodeBytes ? bytes : undefined;
};

const invitationIn = (text: string): ReturnType<typeof bytesOfText> =>
  bytesOfText(text.replace(/^.*#invitation=/s, ""));

const checks: Readonly<Record<WayIn, (device: AccountFace, code: string) => Result<undefined, DeviceRefusal>>> = {
  found: (_device, code) => (setUpCodeIn(code) === undefined ? err({ type: "NotACode" }) : ok(undefined)),
  invitation: (device, code) => {
    const invitation = invitationIn(code);
    return invitation === undefined ? err({ type: "NotAnInvitation" }) : device.checkInvitation(invitation);
  },
  kit: (device, code) => device.checkKit(code),
};

const accept = async (
  device: AccountFace,
  text: string,
  password: string,
  language: Language,
): ReturnType<Face["acceptInvitation"]> => {
  const invitation = invitationIn(text);
  if (invitation === undefined) return err({ type: "NotAnInvitation" });
  return refusedOr(await device.acceptInvitation({ invitation, password, language }));
};

/** What a refusal of the device carries for the page: its name, and how many tries are left. */
type DeviceRefusal = {
  readonly type: string;
  readonly triesLeft?: number;
  readonly code?: string;
  /** Of mistyped digits. */
  readonly group?: number;
};

const renamed: Readonly<Record<string, string>> = {
  Unreachable: "Offline",
  InvitationExpired: "Expired",
  WeakPassword: "PasswordTooWeak",
  WrongKit: "NotAKit",
  EnrolmentRefused: "Refused",
  ChangeRefused: "Refused",
  ServerBusy: "TooManyTries",
};

export const refusalOf = ({ type, triesLeft, code, group }: DeviceRefusal): AccountRefusal => ({
  type: code === "AlreadyUsed" ? "AlreadyUsed" : code === "TooManyRequests" ? "TooManyTries" : (renamed[type] ?? type),
  ...(triesLeft === undefined ? {} : { failuresLeft: triesLeft }),
  ...(group === undefined ? {} : { group }),
});

export const refusedOr = <T>(answer: Result<T, DeviceRefusal>): Result<T, AccountRefusal> =>
  answer.ok ? answer : err(refusalOf(answer.error));

/** Places for newcomers are kept by the server: without a connection there is none. */
export const invitationRefused = (error: DeviceRefusal): Result<never, AccountRefusal> =>
  err(error.type === "Unreachable" ? { type: "InvitationOffline" } : refusalOf(error));

export const settled = (answer: Result<unknown, DeviceRefusal>): Result<null, AccountRefusal> =>
  answer.ok ? ok(null) : err(refusalOf(answer.error));
