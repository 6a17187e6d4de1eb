/**
 * A device that has been unlocked: puts together what everything else works with, and takes it all away again.
 *
 * Locking waits for nothing. Whatever was a secret is overwritten; what still runs stops at its next use of one.
 */

import { assert } from "@amana/kernel";
import {
  clearSecret,
  sealAccountVault,
  sealDeviceVault,
  type AccountVault,
  type DeviceVault,
  type LoginKey,
  type PasswordChange,
  type Unlocked as UnlockedAccount,
  type VaultOpener,
} from "@amana/vault";
import type { Bytes } from "@amana/log";
import { emptyDesk } from "../desk.ts";
import { makeRoom } from "../logs/held-log.ts";
import type { Notice } from "../notice.ts";
import type { DevicePorts, StoreChange } from "../ports.ts";
import { accountVaultName, deviceVaultName, nextDeviceVaultName } from "../store/names.ts";
import { makeRecords, type Records } from "../store/records.ts";
import { makeTurns, type InTurn } from "../turns.ts";
import type { Expected, OwnOrganisation, Unlocked } from "../unlocked.ts";
import { openClockFloor } from "./clock-floor.ts";
import { clearHeld, clearLoginKey, heldOf, type HeldAccount } from "./held-account.ts";
import { readExpected, readOwnOrganisation, writeOwnOrganisation } from "./own-organisation.ts";
import { readPasswordChange, writePasswordChange } from "./password-change-record.ts";
import { askServer } from "./sign-in.ts";

export type TellPerson = (notice: Notice) => void;

export type OpenedDevice = {
  readonly unlocked: Unlocked;
  readonly lock: () => void;
  /** Called once it has locked itself because the server signed it out. */
  readonly onSignedOut: (listener: () => void) => void;
  /** Changes of the account itself, from reading how it stands to the server's answer: two at once would undo one another. */
  readonly changeAccount: InTurn;
  /** A change of password that the server has not answered yet. */
  readonly passwordChange: () => PasswordChangeUnderWay | undefined;
  /** Durable before the server is asked. From then on either password opens the device. */
  readonly beginPasswordChange: (change: PasswordChangeUnderWay) => Promise<void>;
  /** Nothing changes: the password before it stays. */
  readonly dropPasswordChange: () => Promise<void>;
  /** The device opens with this account from now on, and with no other. */
  readonly setAccount: (account: HeldAccount, vault: Bytes, generation: number) => Promise<void>;
};

export type PasswordChangeUnderWay = {
  readonly from: HeldAccount;
  readonly to: HeldAccount;
  readonly change: PasswordChange;
};

/** What opened: the account of the password that was given, and the two vaults. */
export type Opening = {
  readonly account: UnlockedAccount;
  readonly own: AccountVault;
  readonly deviceVault: DeviceVault;
};

/** The language itself keeps the last text that a regular expression matched, which may be of a case; now it is this one. */
const forgetLastMatch = (): boolean => /^nothing$/.test("nothing");

type State = Omit<Opening, "account"> & {
  readonly account: HeldAccount;
  readonly loginKey: LoginKey | undefined;
  readonly isLocked: boolean;
  readonly organisation: OwnOrganisation | undefined;
  readonly passwordChange: PasswordChangeUnderWay | undefined;
};

export const openedDevice = async (
  ports: DevicePorts,
  opening: Opening,
  tellPerson: TellPerson,
): Promise<OpenedDevice> => {
  const records = makeRecords(ports.store, opening.deviceVault.storageKey, ports);
  let state = await stateOf(records, opening);
  const change = (changed: Partial<State>): void => {
    state = { ...state, ...changed };
  };
  let heard = (): void => undefined;
  const lock = (): void => {
    change({ isLocked: true });
    clearAll(state);
    for (const { record } of unlocked.held.values()) for (const key of record.keys.values()) clearSecret(key);
    unlocked.held.clear();
    forgetLastMatch();
  };
  const signedOut = (): void => {
    if (state.isLocked) return;
    lock();
    heard();
  };
  const under = { state: () => state, change, signedOut };
  const unlocked = await unlockedOver(ports, records, under, tellPerson);
  return {
    unlocked,
    changeAccount: makeTurns(),
    lock,
    onSignedOut: (listener) => {
      heard = listener;
    },
    ...passwordSteps(unlocked, under),
  };
};

const stateOf = async (records: Records, opening: Opening): Promise<State> => ({
  ...opening,
  account: heldOf(opening.account),
  loginKey: opening.account.loginKey,
  isLocked: false,
  organisation: await readOwnOrganisation(records),
  passwordChange: await readPasswordChange(records, opening.account.accountId),
});

type Under = {
  readonly state: () => State;
  readonly change: (changed: Partial<State>) => void;
  readonly signedOut: () => void;
};

type PasswordStep = "passwordChange" | "beginPasswordChange" | "dropPasswordChange" | "setAccount";

const passwordSteps = (
  { ports, records, inTurn }: Unlocked,
  { state, change }: Under,
): Pick<OpenedDevice, PasswordStep> => ({
  passwordChange: () => state().passwordChange,
  beginPasswordChange: (passwordChange) =>
    inTurn(async () => {
      const written = await writePasswordChange(records, passwordChange);
      await ports.store.write([...(await vaultChanges(ports, { ...state(), passwordChange })), ...written]);
      change({ passwordChange });
    }),
  dropPasswordChange: () =>
    inTurn(async () => {
      const { passwordChange, own, deviceVault } = state();
      assert(passwordChange !== undefined, "A change of password was dropped, and none was under way.");
      const account = passwordChange.from;
      // Whoever came in by the kit with the new password has both vaults here under that one.
      const vault = await sealAccountVault(own, account, deviceVault.generationSeen, ports);
      change(await settleAccount({ ports, records }, { account, deviceVault }, vault));
    }),
  setAccount: (account, vault, generation) =>
    inTurn(async () => {
      const deviceVault = { ...state().deviceVault, generationSeen: generation };
      change(await settleAccount({ ports, records }, { account, deviceVault }, vault));
    }),
});

/** Both vaults under one password, with no change under way. Gives the state as it is once that is written. */
const settleAccount = async (
  { ports, records }: Pick<Unlocked, "ports" | "records">,
  settled: Pick<State, "account" | "deviceVault">,
  vault: Bytes,
): Promise<Pick<State, "account" | "deviceVault" | "passwordChange">> => {
  const after = { ...settled, passwordChange: undefined };
  const removed = await writePasswordChange(records, undefined);
  await ports.store.write([
    ...(await vaultChanges(ports, after)),
    { name: accountVaultName, value: vault },
    { name: nextDeviceVaultName, value: undefined },
    ...removed,
  ]);
  return after;
};

const unlockedOver = async (
  ports: DevicePorts,
  records: Records,
  { state, change, signedOut }: Under,
  tellPerson: TellPerson,
): Promise<Unlocked> => {
  const floor = await openClockFloor(ports.clock, records, tellPerson);
  const unlocked: Unlocked = {
    ports,
    records,
    tellPerson,
    expected: await expectedOf(records, state()),
    get account() {
      return state().account;
    },
    loginKey: () => state().loginKey,
    dropLoginKey: () => {
      clearLoginKey(state().loginKey);
      change({ loginKey: undefined });
    },
    inSignInTurn: makeTurns(),
    signedOut,
    own: state().own,
    deviceVault: () => state().deviceVault,
    setDeviceVault: async (deviceVault) => {
      await ports.store.write(await vaultChanges(ports, { ...state(), deviceVault }));
      change({ deviceVault });
    },
    organisation: () => state().organisation,
    setOrganisation: async (organisation) => {
      await ports.store.write(await writeOwnOrganisation(records, organisation));
      change({ organisation });
    },
    now: floor.now,
    floorChanges: floor.changes,
    inTurn: makeTurns(() => makeRoom(unlocked)),
    ask: (name, request) => askServer(unlocked, name, request),
    desk: emptyDesk(),
    held: new Map(),
    isLocked: () => state().isLocked,
  };
  return unlocked;
};

const expectedOf = async (records: Records, { own }: State): Promise<Expected> => {
  assert(own.root !== undefined, "An account vault without the root of trust was opened.");
  return { root: own.root, head: await readExpected(records) };
};

/** While a change of password is under way either password opens the same device vault. */
const vaultChanges = async (
  ports: DevicePorts,
  { account, deviceVault, passwordChange }: Pick<State, "account" | "deviceVault" | "passwordChange">,
): Promise<readonly StoreChange[]> => {
  const now = await sealed(ports, deviceVault, passwordChange?.from ?? account);
  const changes = [{ name: deviceVaultName, value: now }];
  if (passwordChange === undefined) return changes;
  return [...changes, { name: nextDeviceVaultName, value: await sealed(ports, deviceVault, passwordChange.to) }];
};

const sealed = async (ports: DevicePorts, vault: DeviceVault, account: VaultOpener): Promise<Bytes> => {
  const box = await sealDeviceVault(vault, account, ports);
  assert(box !== undefined, "More heads were to be kept in the device vault than fit.");
  return box;
};

export const deviceVaultChange = async (
  ports: DevicePorts,
  vault: DeviceVault,
  account: VaultOpener,
): Promise<StoreChange> => ({ name: deviceVaultName, value: await sealed(ports, vault, account) });

const clearAll = ({ account, loginKey, own, deviceVault, passwordChange }: State): void => {
  clearHeld(account);
  clearLoginKey(loginKey);
  if (passwordChange !== undefined) {
    clearHeld(passwordChange.from);
    clearHeld(passwordChange.to);
  }
  clearSecret(own.identityKey.seed);
  clearSecret(own.receivingKey.seed);
  clearSecret(own.ownDevicesKey);
  clearSecret(deviceVault.storageKey);
};
