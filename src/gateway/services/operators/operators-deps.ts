import type { Clock, ClockTrust } from '../../core/clock.ts';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { Access } from '../../core/permission/access.ts';
import type { Grant } from '../../core/permission/decide-permission.ts';
import type { Places, Scope } from '../../core/permission/scope.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { ImageProcess } from '../evidence/image-client.ts';
import type { MailState } from '../mail/mail-outbox.ts';
import type { ScimListing } from '../scim/scim.ts';
import type { OperatorAccess } from './access-of-operator.ts';
import type { BackOff } from './back-off.ts';
import type { LoginRulesPort } from './login-rules.ts';
import type { LoginWatch } from './login-watch.ts';
import type { PasskeyChallenges } from './passkey-challenges.ts';
import type { PasswordHasher } from './password-hash.ts';
import type { SecondFactorCheck } from './second-factor-check.ts';
import type { RelyingParty } from './webauthn.ts';

export interface OperatorsDeps {
	readonly store: Pick<
		SiteStore,
		| 'operators'
		| 'journal'
		| 'settings'
		| 'transaction'
		| 'attempt'
		| 'offboardings'
		| 'operatorImports'
		| 'auditRows'
		| 'operatorDays'
		| 'scim'
	>;
	/** The journal grew: sync may send. */
	readonly journalGrew: () => void;
	readonly clock: Clock;
	readonly newId: () => string;
	readonly log: Log;
	/** Argon2id with today's settings unless given. */
	readonly hasher?: PasswordHasher;
	/** Where parks, areas and lanes lie; absent: permissions are for the whole site only. */
	readonly places?: Places;
	/** Whether there is such a group, scheme or record, for which a permission is given; absent: there is none. */
	readonly knowsRecord?: (scope: Scope) => boolean;
	/** How many operators may be active; absent: as many as there are. */
	readonly seats?: () => Seats;
	/** Absent: nobody has any. */
	readonly licenceKinds?: LicenceKindsPort;
	/** Absent: codes are handed over by hand. */
	readonly codeMails?: CodeMails;
	/** Absent: it is trusted. */
	readonly clockTrust?: () => ClockTrust;
	/** Of the site: its days are what reports count by; absent: UTC. */
	readonly timeZone?: string;
	/** Looks through users and groups of SCIM elsewhere than here; absent: here. */
	readonly findScim?: ScimListing;
	/** Makes the picture of a person that is kept of what was sent; absent: none is taken. */
	readonly portrait?: ImageProcess['portrait'];
	/** What authenticators call this gateway. */
	readonly issuer?: string;
	/** Of the console, as people reach it, such as `https://gate.example.org`; absent: no passkeys. */
	readonly consoleAddress?: string;
}

/** A one-time code on its way to somebody. */
export interface CodeOnItsWay {
	readonly to: string;
	readonly name: string;
	readonly language: 'en' | 'fr' | 'nl';
	readonly isInvitation: boolean;
	readonly code: string;
	readonly endsAtMs: number;
}

/** A one-time code on its way to an address that somebody wants to sign in with. */
export interface AddressCodeOnItsWay extends Omit<CodeOnItsWay, 'isInvitation'> {
	/** The address they have. */
	readonly present: string;
}

/** One-time codes on their way by mail. */
export interface CodeMails {
	/** Waits for nothing, and never throws. Within a transaction it is sent once that is committed, and not if it is undone. */
	put(operatorId: string, code: CodeOnItsWay): void;
	/** Of the last one to that operator; undefined: none. */
	stateOf(operatorId: string): MailState | undefined;
	/** The code that confirms another address goes there, and a notice to the present one. As `put`. */
	putAddress(operatorId: string, code: AddressCodeOnItsWay): void;
	/** Of the last code to another address. */
	addressStateOf(operatorId: string): MailState | undefined;
}

/** What kinds of licence operators have. */
export interface LicenceKindsPort {
	/** What they allow besides roles. */
	grantsOf(operatorId: string): readonly Grant[];
	/** false: one of them is for who never signs in. */
	maySignIn(operatorId: string): boolean;
	/** Joins the transaction around it. */
	takeAll(operatorId: string, by: string | null): void;
}

/** What the product licence says of operators. */
export interface Seats {
	readonly available: number;
	/** Nobody is activated any more: the licence has run out. */
	readonly stopped: boolean;
}

/** What the parts of the service share. */
export interface OperatorsParts extends OperatorsDeps {
	readonly hasher: PasswordHasher;
	readonly backOff: BackOff;
	readonly audit: AuditTrail;
	readonly access: OperatorAccess;
	readonly watch: LoginWatch;
	readonly rules: LoginRulesPort;
	readonly factors: SecondFactorCheck;
	/** null: the console has no name that passkeys could be for. */
	readonly party: RelyingParty | null;
	readonly challenges: PasskeyChallenges;
	/** Somebody may do more or less than before. */
	readonly accessChanged: () => void;
}

/** Who asks for a change. */
export interface Actor {
	/** null: somebody at the machine's own command line. */
	readonly operatorId: string | null;
	/** null: all of it. */
	readonly access: Access | null;
}

type Detail = AuditEntry['detail'];

/** An API token, by its id. */
export interface ActingProgram {
	readonly id: string;
	readonly name: string;
}

export type RefusalAction =
	| 'loginRefused'
	| 'claimRefused'
	| 'activationRefused'
	| 'apiTokenRefused'
	| 'secondFactorRefused'
	| 'passkeyRefused'
	| 'addressCodeRefused'
	/** What it signed is right and its counter is not: there may be a copy of it. */
	| 'passkeyCountedBack';

export interface AuditTrail {
	/** Joins the transaction around it; whoever commits calls `journalGrew`. */
	write(action: string, operatorId: string | null, target: string, detail: Detail): void;
	/** What is written meanwhile names the program that its operator lent a token to. */
	asProgram<T>(program: ActingProgram | undefined, run: () => T): T;
	/** Commits by itself. `targetId`: the account that was tried, null when there is none. The text tried is not kept: it may be a password. */
	writeRefusal(action: RefusalAction, targetId: string | null, remoteAddress: string): void;
}

export function createAuditTrail({ store, clock, newId, journalGrew }: OperatorsDeps): AuditTrail {
	const refusals = createHourlyAllowance(clock, LIMITS.loginRefusalsPerHour);
	const append = (entry: Pick<AuditEntry, 'operatorId' | 'action' | 'target' | 'detail'>) =>
		store.journal.append({ type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs(), ...entry });
	let acting: ActingProgram | undefined;
	return {
		write(action, operatorId, target, detail) {
			const by = acting && { tokenId: acting.id, token: acting.name };
			append({ operatorId, action, target, detail: { ...detail, ...by } });
		},
		asProgram(program, run) {
			const before = acting;
			acting = program;
			try {
				return run();
			} finally {
				acting = before;
			}
		},
		writeRefusal(action, target, remoteAddress) {
			const notWritten = refusals.take();
			if (notWritten === undefined) return;
			append({ operatorId: null, action, target, detail: { remoteAddress, notWrittenBefore: notWritten } });
			journalGrew();
		},
	};
}

/** Lets `most` through in an hour. */
export function createHourlyAllowance(
	clock: Clock,
	most: number,
): {
	/** @returns how many were turned away since the last that was let through; undefined: this one is turned away too. */
	take(): number | undefined;
} {
	let startedMs = Number.NEGATIVE_INFINITY;
	let used = 0;
	let turnedAway = 0;
	return {
		take() {
			if (clock.monotonicMs() - startedMs >= 3_600_000) {
				startedMs = clock.monotonicMs();
				used = 0;
			}
			if (used >= most) {
				turnedAway += 1;
				return undefined;
			}
			used += 1;
			const before = turnedAway;
			turnedAway = 0;
			return before;
		},
	};
}

/** Told to those whom the hashing queue turns away, s. */
export const BUSY_RETRY_S = 2;
