/**
 * Who can read: opening cases, giving and taking access, the organisation's people, teams, policy, recovery. What changes
 * who can read needs a second person, and everyone sees it.
 */

import type { CaseCommand } from "@amana/casefile";
import { err, ok, type Result } from "@amana/kernel";
import type { CborMap, EntryHash, LogId } from "@amana/log";
import type { Organisation, PersonId } from "@amana/vault";
import * as access from "../access/access.ts";
import { readBackupDates, type BackupDate } from "../access/backup-dates.ts";
import * as directory from "../access/directory.ts";
import { heldBackEntries, type HeldBack } from "../access/held-back.ts";
import * as invitations from "../access/invitations.ts";
import { openCase, type CaseOpened } from "../access/open-case.ts";
import { passOverOrganisation, unreadOfOrganisation } from "../access/pass-over-organisation.ts";
import * as people from "../access/people.ts";
import * as acts from "../access/pending-acts.ts";
import { dropPending, listPending } from "../access/pending.ts";
import type { PendingChange } from "../access/pending-record.ts";
import type { Reader } from "../access/readers.ts";
import * as recovery from "../access/recovery.ts";
import * as teams from "../access/teams.ts";
import { organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import type { Answer, Core } from "./core.ts";

/** The rest of a function after the device it works on. */
type Rest<F> = F extends (unlocked: Unlocked, ...rest: infer Arguments) => unknown ? Arguments : never;
type ValueOf<F> = F extends (...given: never[]) => Promise<Result<infer T, unknown>> ? T : never;
type ErrorOf<F> = F extends (...given: never[]) => Promise<Result<unknown, infer E>> ? E : never;
/** The same function, on whichever device this is. */
type OnDevice<F> = (...rest: Rest<F>) => Answer<ValueOf<F>, ErrorOf<F>>;

export type AccessFace = {
  /** Works without the network. Without readers: this person and their teams. */
  readonly openCase: (
    command: CaseCommand,
    readers?: readonly Reader[],
  ) => Answer<CaseOpened, ErrorOf<typeof openCase>>;
  readonly peopleWhoCanRead: OnDevice<typeof access.peopleWhoCanRead>;
  readonly giveAccess: OnDevice<typeof access.giveAccess>;
  readonly takeAccess: OnDevice<typeof access.takeAccess>;
  readonly renewAccess: OnDevice<typeof access.renewAccess>;
  readonly passOverEpoch: OnDevice<typeof access.passOverEpoch>;
  readonly leaveUnread: OnDevice<typeof access.leaveUnread>;
  readonly adoptEntries: OnDevice<typeof access.adoptEntries>;
  readonly proposeErasure: OnDevice<typeof access.proposeErasure>;
  readonly proposeShredding: OnDevice<typeof access.proposeShredding>;
  readonly confirmErasure: OnDevice<typeof access.confirmErasure>;
  /** What waits in quarantine, as far as it can be opened here. */
  readonly heldBackEntries: (logId: LogId) => Answer<readonly HeldBack[]>;
  /** Of the erasures that this device has told the server. */
  readonly backupDates: () => Answer<readonly BackupDate[]>;
  /** Changes of access that the server does not have yet, with why where one was refused. */
  readonly pendingChanges: () => Answer<readonly PendingChange[]>;
  readonly dropPendingChange: (number: number) => Answer<undefined>;
  /** Done at once where the server can be reached; otherwise it waits, as a request, and nothing of it is so. */
  readonly actOrWait: OnDevice<typeof acts.actOrWait>;
  /** What waits to be done in the organisation, in this order, with why where one was refused. */
  readonly pendingActs: () => Answer<readonly acts.PendingActView[]>;
  readonly dropPendingAct: OnDevice<typeof acts.dropPendingAct>;
  readonly casesWaitingForEpoch: () => Answer<readonly LogId[]>;
  readonly wordsOfHeads: (logIds: readonly LogId[]) => Answer<readonly string[]>;

  /** As this device knows it; nothing before it has met its organisation's log. */
  readonly organisation: () => Answer<Organisation | undefined>;
  /** The log that every colleague holds: the one to compare words of. */
  readonly organisationLog: () => Answer<LogId | undefined>;
  /** Whose device this is, once the organisation has confirmed it. */
  readonly ownPerson: () => Answer<PersonId | undefined>;
  readonly proposals: () => Answer<readonly people.StandingProposal[]>;
  /** Epochs of the organisation's log that this device was not given the key of, and who began them. */
  readonly unreadOfOrganisation: () => Answer<readonly access.Unread[]>;
  /** Goes on over these; it waits for a second person. */
  readonly passOverOrganisation: OnDevice<typeof passOverOrganisation>;
  readonly confirmProposal: (
    proposal: EntryHash,
  ) => Answer<ValueOf<typeof people.confirmProposal>, ErrorOf<typeof people.confirmProposal>>;
  readonly giveRole: OnDevice<typeof people.giveRole>;
  readonly takeRole: OnDevice<typeof people.takeRole>;
  readonly personLeft: OnDevice<typeof people.personLeft>;
  /** Who has met whom: two people stand for everybody whose word counts beside another's. */
  readonly colleagues: () => Answer<readonly people.Colleague[]>;
  readonly confirmColleague: OnDevice<typeof people.confirmColleague>;
  readonly namePerson: OnDevice<typeof people.namePerson>;
  readonly nameTeam: OnDevice<typeof people.nameTeam>;
  readonly setPolicy: (policy: CborMap) => Answer<ValueOf<typeof people.setPolicy>, ErrorOf<typeof people.setPolicy>>;
  readonly newTeamId: () => Answer<ReturnType<typeof teams.newTeamId>>;
  readonly formTeam: OnDevice<typeof teams.formTeam>;
  readonly replaceTeamKey: OnDevice<typeof teams.replaceTeamKey>;
  readonly joinTeam: OnDevice<typeof teams.joinTeam>;
  readonly leaveTeam: OnDevice<typeof teams.leaveTeam>;
  readonly teamsWaitingForKey: () => Answer<ReturnType<typeof teams.teamsWaitingForKey>>;

  readonly newProviderId: () => Answer<ReturnType<typeof directory.newProviderId>>;
  readonly listProvider: OnDevice<typeof directory.listProvider>;
  readonly closeProvider: OnDevice<typeof directory.closeProvider>;
  readonly arrangeCover: OnDevice<typeof directory.arrangeCover>;
  readonly endCover: OnDevice<typeof directory.endCover>;

  readonly openInvitation: OnDevice<typeof invitations.openInvitation>;
  readonly closeInvitation: OnDevice<typeof invitations.closeInvitation>;
  readonly invitations: () => Answer<Awaited<ReturnType<typeof invitations.listInvitations>>>;
  readonly readAnswers: OnDevice<typeof invitations.readAnswers>;
  readonly confirmAnswer: OnDevice<typeof invitations.confirmAnswer>;

  readonly makeSheets: (
    k: number,
    n: number,
  ) => Answer<Awaited<ReturnType<typeof recovery.makeSheets>>, { readonly type: "NoSuchSheets" }>;
  readonly proposeRecoveryKey: OnDevice<typeof recovery.proposeRecoveryKey>;
  readonly requestRecovery: OnDevice<typeof recovery.requestRecovery>;
  readonly recoveries: OnDevice<typeof recovery.listRecoveries>;
  readonly forbidRecovery: OnDevice<typeof recovery.forbidRecovery>;
  readonly checkSheets: OnDevice<typeof recovery.checkSheets>;
  readonly recoverWithSheets: OnDevice<typeof recovery.recoverWithSheets>;
};

export const accessFace = (core: Core): AccessFace => ({
  openCase: (command, readers) => core.inTurn((unlocked) => openCase(unlocked, command, readers)),
  ...caseAccess(core),
  ...organisationFace(core),
  ...directoryFace(core),
  ...invitationFace(core),
  ...recoveryFace(core),
});

const caseAccess = ({ whenUnlocked }: Core) =>
  ({
    peopleWhoCanRead: (...rest) => whenUnlocked((unlocked) => access.peopleWhoCanRead(unlocked, ...rest)),
    giveAccess: (...rest) => whenUnlocked((unlocked) => access.giveAccess(unlocked, ...rest)),
    takeAccess: (...rest) => whenUnlocked((unlocked) => access.takeAccess(unlocked, ...rest)),
    renewAccess: (...rest) => whenUnlocked((unlocked) => access.renewAccess(unlocked, ...rest)),
    passOverEpoch: (...rest) => whenUnlocked((unlocked) => access.passOverEpoch(unlocked, ...rest)),
    leaveUnread: (...rest) => whenUnlocked((unlocked) => access.leaveUnread(unlocked, ...rest)),
    adoptEntries: (...rest) => whenUnlocked((unlocked) => access.adoptEntries(unlocked, ...rest)),
    proposeErasure: (...rest) => whenUnlocked((unlocked) => access.proposeErasure(unlocked, ...rest)),
    proposeShredding: (...rest) => whenUnlocked((unlocked) => access.proposeShredding(unlocked, ...rest)),
    confirmErasure: (...rest) => whenUnlocked((unlocked) => access.confirmErasure(unlocked, ...rest)),
    heldBackEntries: (logId) => whenUnlocked(async (unlocked) => ok(await heldBackEntries(unlocked, logId))),
    backupDates: () => whenUnlocked((unlocked) => unlocked.inTurn(async () => ok(await readBackupDates(unlocked)))),
    pendingChanges: () => whenUnlocked(async (unlocked) => ok(await listPending(unlocked))),
    dropPendingChange: (number) =>
      whenUnlocked(async (unlocked) => {
        await dropPending(unlocked, number);
        // Whoever shows what waits reads it again.
        unlocked.desk.changed([]);
        return ok(undefined);
      }),
    actOrWait: (...rest) => whenUnlocked((unlocked) => acts.actOrWait(unlocked, ...rest)),
    pendingActs: () => whenUnlocked(async (unlocked) => ok(await acts.listPendingActs(unlocked))),
    dropPendingAct: (...rest) => whenUnlocked((unlocked) => acts.dropPendingAct(unlocked, ...rest)),
    casesWaitingForEpoch: () => whenUnlocked(async (unlocked) => ok(await access.casesWaitingForEpoch(unlocked))),
    wordsOfHeads: (logIds) => whenUnlocked(async (unlocked) => ok(await access.wordsOfHeads(unlocked, logIds))),
  }) satisfies Partial<AccessFace>;

const organisationFace = ({ whenUnlocked, read }: Core) =>
  ({
    organisationLog: () => read((unlocked) => Promise.resolve(unlocked.organisation()?.logId)),
    organisation: () => read(async (unlocked) => (await organisationReading(unlocked))?.current),
    ownPerson: () =>
      read(
        async (unlocked) =>
          (await organisationReading(unlocked))?.current.personByKeyEver.get(unlocked.own.identityKey.keyId)?.person,
      ),
    proposals: () => whenUnlocked(async (unlocked) => ok(await people.standingProposals(unlocked))),
    unreadOfOrganisation: () => whenUnlocked(async (unlocked) => ok(await unreadOfOrganisation(unlocked))),
    passOverOrganisation: () => whenUnlocked((unlocked) => passOverOrganisation(unlocked)),
    confirmProposal: (proposal) => whenUnlocked((unlocked) => people.confirmProposal(unlocked, proposal)),
    giveRole: (...rest) => whenUnlocked((unlocked) => people.giveRole(unlocked, ...rest)),
    takeRole: (...rest) => whenUnlocked((unlocked) => people.takeRole(unlocked, ...rest)),
    personLeft: (...rest) => whenUnlocked((unlocked) => people.personLeft(unlocked, ...rest)),
    colleagues: () => whenUnlocked(async (unlocked) => ok(await people.colleagues(unlocked))),
    confirmColleague: (...rest) => whenUnlocked((unlocked) => people.confirmColleague(unlocked, ...rest)),
    namePerson: (...rest) => whenUnlocked((unlocked) => people.namePerson(unlocked, ...rest)),
    nameTeam: (...rest) => whenUnlocked((unlocked) => people.nameTeam(unlocked, ...rest)),
    setPolicy: (policy) => whenUnlocked((unlocked) => people.setPolicy(unlocked, policy)),
    newTeamId: () => whenUnlocked((unlocked) => Promise.resolve(ok(teams.newTeamId(unlocked)))),
    formTeam: (...rest) => whenUnlocked((unlocked) => teams.formTeam(unlocked, ...rest)),
    replaceTeamKey: (...rest) => whenUnlocked((unlocked) => teams.replaceTeamKey(unlocked, ...rest)),
    joinTeam: (...rest) => whenUnlocked((unlocked) => teams.joinTeam(unlocked, ...rest)),
    leaveTeam: (...rest) => whenUnlocked((unlocked) => teams.leaveTeam(unlocked, ...rest)),
    teamsWaitingForKey: () =>
      read(async (unlocked) => {
        const reading = await organisationReading(unlocked);
        return reading === undefined ? [] : teams.teamsWaitingForKey(reading);
      }),
  }) satisfies Partial<AccessFace>;

const directoryFace = ({ whenUnlocked }: Core) =>
  ({
    newProviderId: () => whenUnlocked((unlocked) => Promise.resolve(ok(directory.newProviderId(unlocked)))),
    listProvider: (...rest) => whenUnlocked((unlocked) => directory.listProvider(unlocked, ...rest)),
    closeProvider: (...rest) => whenUnlocked((unlocked) => directory.closeProvider(unlocked, ...rest)),
    arrangeCover: (...rest) => whenUnlocked((unlocked) => directory.arrangeCover(unlocked, ...rest)),
    endCover: (...rest) => whenUnlocked((unlocked) => directory.endCover(unlocked, ...rest)),
  }) satisfies Partial<AccessFace>;

const invitationFace = ({ whenUnlocked }: Core) =>
  ({
    openInvitation: (...rest) => whenUnlocked((unlocked) => invitations.openInvitation(unlocked, ...rest)),
    closeInvitation: (...rest) => whenUnlocked((unlocked) => invitations.closeInvitation(unlocked, ...rest)),
    invitations: () => whenUnlocked(async (unlocked) => ok(await invitations.listInvitations(unlocked))),
    readAnswers: () => whenUnlocked((unlocked) => invitations.readAnswers(unlocked)),
    confirmAnswer: (...rest) => whenUnlocked((unlocked) => invitations.confirmAnswer(unlocked, ...rest)),
  }) satisfies Partial<AccessFace>;

const recoveryFace = ({ whenUnlocked }: Core) =>
  ({
    makeSheets: (k, n) =>
      whenUnlocked(async (unlocked) =>
        recovery.isOffered(k, n) ? ok(await recovery.makeSheets(unlocked, k, n)) : err({ type: "NoSuchSheets" }),
      ),
    proposeRecoveryKey: (...rest) => whenUnlocked((unlocked) => recovery.proposeRecoveryKey(unlocked, ...rest)),
    requestRecovery: () => whenUnlocked((unlocked) => recovery.requestRecovery(unlocked)),
    recoveries: () => whenUnlocked((unlocked) => recovery.listRecoveries(unlocked)),
    forbidRecovery: (...rest) => whenUnlocked((unlocked) => recovery.forbidRecovery(unlocked, ...rest)),
    checkSheets: (...rest) => whenUnlocked((unlocked) => recovery.checkSheets(unlocked, ...rest)),
    recoverWithSheets: (...rest) => whenUnlocked((unlocked) => recovery.recoverWithSheets(unlocked, ...rest)),
  }) satisfies Partial<AccessFace>;
