import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Cancel, Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import { createAccess } from '../../core/permission/access.ts';
import { type Places, WHOLE_SITE } from '../../core/permission/scope.ts';
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES } from '../../core/permission.ts';
import type { CentralAccountRow } from '../../store/central-accounts.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { refusable } from './guarded-change.ts';
import type { Actor } from './operators-deps.ts';
import { createAccountSettling, type OperatorAccount, type SettleDeps, type SettledAccount } from './settle-account.ts';

/** What central may do with accounts of this site. */
export interface CentralAccountRules {
	/** Roles and groups that give what only administrators have; without it central gives what the other built-in roles do. */
	readonly administrators: boolean;
}

export type CentralAccount = Omit<CentralAccountRow, 'given' | 'digest'>;

/**
 * Accounts that come from central (FEATURES Z8): each row of stream `operators` becomes an invited operator with the
 * roles and groups it names, as far as central may give them and a seat is free. Who is here already by that address is
 * linked, and stays as they are. Looking again changes nothing.
 */
export interface CentralAccounts {
	/** One look after the other; never rejects. */
	look(): Promise<void>;
	/** By address. */
	list(): readonly CentralAccount[];
	rules(): CentralAccountRules;
	/** `notYours`: who sets it could not give as much themselves. */
	setRules(rules: CentralAccountRules, by: Actor): 'done' | 'notYours';
	stop(): void;
}

export interface CentralAccountsDeps extends SettleDeps {
	readonly siteId: string;
	readonly directory: Pick<DirectoryReader, 'find' | 'row' | 'stream'>;
	readonly store: Pick<SiteStore, 'operators' | 'centralAccounts' | 'settings' | 'journal' | 'transaction' | 'attempt'>;
	readonly places: Places;
	readonly clock: Pick<Clock, 'nowMs' | 'after'>;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	/** Lets the lanes do their work. */
	readonly rest: () => Promise<void>;
}

/** What waits for a seat, a role or a group is looked at again. */
const LOOK_EVERY_MS = 60_000;
const KEY = 'centralAccounts';

/** What the built-in roles give that no administrator has to be for. */
const ORDINARY = new Set(ROLES.flatMap((role) => (role === 'administrator' ? [] : [...ROLE_PERMISSIONS[role]])));

export function createCentralAccounts(deps: CentralAccountsDeps): CentralAccounts {
	const { siteId, directory, store, clock, log, operators, rest } = deps;
	const kept = store.centralAccounts;
	const settling = createAccountSettling(deps);
	let looking = Promise.resolve();
	let cancel: Cancel = () => undefined;
	let isStopped = false;

	const rules = (): CentralAccountRules => ({ administrators: store.settings.get(KEY) === 'administrators' });

	function central(): Actor {
		if (rules().administrators) return { operatorId: null, access: null };
		const source = { kind: 'role', id: 'central', name: 'central' } as const;
		const grant = { permissions: ORDINARY, scope: WHOLE_SITE, source };
		return { operatorId: null, access: createAccess({ grants: [grant], denials: [] }, deps.places) };
	}

	/** Those for this site that are not ended. */
	function asked(): ReadonlyMap<string, OperatorAccount> {
		const ids = [siteId, null].flatMap((of) =>
			directory.find('operatorAccounts', { siteId: of }, LIMITS.centralAccounts),
		);
		const rows = ids.slice(0, LIMITS.centralAccounts).flatMap((id) => directory.row('operatorAccounts', id) ?? []);
		return new Map(rows.filter(({ state }) => state === 'active').map((row) => [row.id, row]));
	}

	function audit(action: string, target: string, detail: Readonly<Record<string, string | null>>): void {
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs(), operatorId: null } as const;
		store.journal.append({ ...entry, action, target, detail: { by: 'central', ...detail } });
		deps.journalGrew();
	}

	/** In one transaction; told once for each way it stands. */
	function keep(
		accountId: string,
		email: string,
		digest: string,
		before: CentralAccountRow | undefined,
		now: SettledAccount,
	) {
		const { code: _, ...settled } = now;
		const isTold =
			before?.standing === now.standing && before.reason === now.reason && before.operatorId === now.operatorId;
		// What waits is looked at every minute, and written when something of it is other.
		if (isTold && before.digest === digest && before.given === now.given) return;
		kept.put({ ...settled, accountId, email, digest, atMs: clock.nowMs() });
		if (!isTold) audit(ACTIONS[now.standing], now.operatorId ?? accountId, { accountId, reason: now.reason });
	}

	/** Its own transaction, undone as a whole where something of it is refused; that is kept then. */
	function attempt(
		{ accountId, email, digest }: Pick<CentralAccountRow, 'accountId' | 'email' | 'digest'>,
		run: () => SettledAccount | undefined,
	): void {
		const before = kept.byId(accountId);
		const answer = refusable<SettledAccount | undefined | { readonly result: string }>(store.attempt, () => {
			const now = run();
			if (now === undefined) {
				kept.remove(accountId);
				if (before?.operatorId != null) audit('centralAccountUnlinked', before.operatorId, { accountId, reason: null });
			} else keep(accountId, email, digest, before, now);
			return now;
		});
		if (answer !== undefined && 'result' in answer) {
			const stays = before?.made === true ? before.standing : 'refused';
			const now = { ...NOBODY, ...before, standing: stays, reason: answer.result };
			store.transaction(() => keep(accountId, email, digest, before, now));
		} else if (answer?.code !== undefined) operators.making.mail(answer.code);
	}

	async function lookOnce(): Promise<void> {
		cancel();
		try {
			// A directory that is still to come says nothing of who is to leave.
			if ((directory.stream('operators')?.centralEpoch ?? null) === null) return;
			await lookAtAll();
		} catch (error) {
			log.warn({ err: error }, 'the accounts that central sent could not be looked at');
		} finally {
			if (!isStopped) cancel = clock.after(LOOK_EVERY_MS, () => void self.look());
		}
	}

	async function lookAtAll(): Promise<void> {
		const wanted = asked();
		const ended = kept.list().filter((one) => !wanted.has(one.accountId) && !(one.standing === 'ended'));
		for (const one of ended) {
			if (isStopped) return;
			attempt(one, () => settling.end(one, central()));
			await rest();
		}
		for (const account of wanted.values()) {
			if (isStopped) return;
			const before = kept.byId(account.id);
			const digest = createHash('sha256').update(canonicalJson(account)).digest('hex');
			const isSettled = before?.digest === digest && before.reason === null && before.standing !== 'ended';
			if (isSettled) continue;
			attempt({ accountId: account.id, email: account.email, digest }, () =>
				settling.settle(account, before, central()),
			);
			await rest();
		}
	}

	const self: CentralAccounts = {
		look() {
			looking = looking.then(lookOnce);
			return looking;
		},
		list: () => kept.list().map(({ given: _, digest: __, ...one }) => one),
		rules,
		setRules({ administrators }, by) {
			const source = { kind: 'role', id: 'administrator', name: 'administrator' } as const;
			const all = { grants: [{ permissions: new Set(PERMISSIONS), scope: WHOLE_SITE, source }], denials: [] };
			if (by.access !== null && !by.access.covers(all)) return 'notYours';
			const before = String(rules().administrators);
			store.transaction(() => {
				store.settings.set(KEY, administrators ? 'administrators' : 'ordinary');
				store.journal.append({
					...{ type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs(), operatorId: by.operatorId },
					...{ action: 'centralAccountRulesChanged', target: null },
					detail: { administratorsBefore: before, administrators: String(administrators) },
				});
			});
			deps.journalGrew();
			void self.look();
			return 'done';
		},
		stop() {
			isStopped = true;
			cancel();
		},
	};
	return self;
}

const NOBODY = { operatorId: null, made: false, given: JSON.stringify({ roles: [], groupIds: [] }) };

const ACTIONS: Readonly<Record<CentralAccountRow['standing'], string>> = {
	made: 'centralAccountMade',
	linked: 'centralAccountLinked',
	pending: 'centralAccountPending',
	refused: 'centralAccountRefused',
	ended: 'centralAccountEnded',
};
