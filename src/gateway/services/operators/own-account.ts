import type { TimeFormat } from '../../store/operator-profiles.ts';
import type { OperatorRow } from '../../store/operators.ts';
import { knownLanguage } from './access-of-operator.ts';
import { isFresh } from './fresh-logins.ts';
import { Refused, refusable } from './guarded-change.ts';
import type { OperatorsParts } from './operators-deps.ts';
import { sessionId } from './secrets.ts';

export type { TimeFormat };

/** What somebody sees and says of themselves. */
export interface OwnDetails {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly phone: string | null;
	readonly language: 'en' | 'fr' | 'nl' | null;
	/** null: as the site writes it, of 24 hours. */
	readonly timeFormat: TimeFormat | null;
	readonly createdAtMs: number;
	readonly lastLoginAtMs: number | null;
	/** Counts the changes of who they are and what they may do. */
	readonly version: number;
}

export type OwnPatch = { readonly [K in 'name' | 'phone' | 'language' | 'timeFormat']?: OwnDetails[K] | undefined };

export type OwnChange =
	| { readonly result: 'done'; readonly details: OwnDetails }
	/** Somebody changed it since it was read; or it is no longer here. */
	| { readonly result: 'changed' | 'notFound' };

/** One of somebody's own logins. */
export interface OwnLogin {
	readonly id: string;
	readonly remoteAddress: string;
	readonly createdAtMs: number;
	readonly lastUsedMs: number;
}

/** One's own account: nobody else's is reached by it. */
export interface OwnAccount {
	details(operatorId: string): OwnDetails | undefined;
	/** Audited. @param version As it was read; undefined: whatever it is now. */
	change(operatorId: string, patch: OwnPatch, version?: number): OwnChange;
	timeFormat(operatorId: string): TimeFormat;
	/** The last to sign in first. */
	logins(operatorId: string): readonly OwnLogin[];
	/** Open pages or not. @returns false: they have no such login. */
	endLogin(operatorId: string, loginId: string): boolean;
	/** All but this one. @returns how many. */
	endOtherLogins(operatorId: string, loginId: string): number;
}

export function createOwnAccount(parts: OperatorsParts): OwnAccount {
	const { clock, watch, audit, journalGrew } = parts;
	const { operators, transaction } = parts.store;

	function detailsOf({ id, email, name, language, createdAtMs, lastLoginAtMs, version }: OperatorRow): OwnDetails {
		const { phone, timeFormat } = operators.profileOf(id);
		return {
			...{ id, email, name, phone, timeFormat, createdAtMs, lastLoginAtMs, version },
			language: knownLanguage(language),
		};
	}

	function write(row: OperatorRow, patch: OwnPatch): OwnDetails {
		const was = detailsOf(row);
		const { name = was.name, language = was.language, phone = was.phone, timeFormat = was.timeFormat } = patch;
		operators.setProfile(row.id, { phone, timeFormat });
		if (language !== null) operators.setLanguage(row.id, language);
		operators.updateOperator({ ...row, name });
		// Who they are is personal: that it changed is told, not from what to what.
		audit.write('ownDetailsChanged', row.id, row.id, {
			...(name !== was.name && { name: true }),
			...(phone !== was.phone && { phone: true }),
			...(language !== was.language && { languageBefore: was.language, language }),
			...(timeFormat !== was.timeFormat && { timeFormatBefore: was.timeFormat, timeFormat }),
		});
		const after = operators.operatorById(row.id);
		return after === undefined ? was : detailsOf(after);
	}

	function end(operatorId: string, fits: (loginId: string) => boolean): number {
		const ended = transaction(() => {
			const rows = operators.loginSessionsOf(operatorId).filter(({ tokenHash }) => fits(sessionId(tokenHash)));
			for (const { tokenHash, remoteAddress } of rows) {
				operators.removeLoginSession(tokenHash);
				audit.write('loginClosed', operatorId, operatorId, { remoteAddress });
			}
			return rows;
		});
		for (const { tokenHash } of ended) watch.forget(tokenHash);
		if (ended.length > 0) journalGrew();
		return ended.length;
	}

	return {
		details(operatorId) {
			const row = operators.operatorById(operatorId);
			return row && detailsOf(row);
		},
		change(operatorId, patch, version) {
			const answer = refusable(transaction, (): OwnChange => {
				const row = operators.operatorById(operatorId);
				if (row === undefined) throw new Refused<OwnChange>({ result: 'notFound' });
				if (version !== undefined && version !== row.version) throw new Refused<OwnChange>({ result: 'changed' });
				return { result: 'done', details: write(row, patch) };
			});
			if (answer.result === 'done') journalGrew();
			return answer;
		},
		timeFormat: (operatorId) => operators.profileOf(operatorId).timeFormat ?? '24h',
		logins(operatorId) {
			const nowMs = clock.nowMs();
			const rules = parts.rules.get();
			return operators
				.loginSessionsOf(operatorId)
				.filter((row) => isFresh(row, rules, nowMs))
				.map(({ tokenHash, remoteAddress, createdAtMs, lastSeenAtMs }) => ({
					...{ id: sessionId(tokenHash), remoteAddress, createdAtMs },
					lastUsedMs: watch.lastUsedMs(tokenHash, lastSeenAtMs),
				}));
		},
		endLogin: (operatorId, loginId) => end(operatorId, (id) => id === loginId) > 0,
		endOtherLogins: (operatorId, loginId) => end(operatorId, (id) => id !== loginId),
	};
}
