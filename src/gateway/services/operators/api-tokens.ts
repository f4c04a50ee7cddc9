import { LIMITS } from '../../core/limits.ts';
import type { Access } from '../../core/permission/access.ts';
import { narrowAccess } from '../../core/permission/narrow-access.ts';
import { isPermission, type Permission } from '../../core/permission.ts';
import type { ApiTokenRow } from '../../store/api-tokens.ts';
import type { LoginSession } from '../operators.ts';
import { createBackOff } from './back-off.ts';
import { confirmPassword, type PasswordTry } from './confirm-password.ts';
import { Refused, refusable } from './guarded-change.ts';
import { type Actor, createHourlyAllowance, type OperatorsParts } from './operators-deps.ts';
import { hashToken, newApiToken } from './secrets.ts';

/** A program's token, as it is listed. */
export interface ApiTokenView {
	readonly id: string;
	readonly name: string;
	/** What was lent; it counts only as far as its owner may do it themselves. */
	readonly permissions: readonly Permission[];
	readonly createdAtMs: number;
	readonly endsAtMs: number;
	/** To the hour; null: never. */
	readonly lastUsedMs: number | null;
	readonly lastUsedFrom: string | null;
}

export interface ApiTokenWish extends PasswordTry {
	/** What of the owner's may be lent: what they may do now. */
	readonly access: Access;
	readonly name: string;
	readonly permissions: readonly Permission[];
	readonly lastsMs: number;
}

export type MadeApiToken =
	/** `secret` is shown this once. */
	{ readonly result: 'made'; readonly token: ApiTokenView; readonly secret: string } | ApiTokenRefusal;

export type ApiTokenRefusal =
	| { readonly result: 'wrongPassword' | 'tooMany' | 'notActive' }
	/** It would lend what its owner may not do. */
	| { readonly result: 'notYours'; readonly permission: Permission }
	| { readonly result: 'backOff'; readonly retryAfterS: number };

/** What a program did, by the pattern of the path: what it did it to stands in the row of the change itself. */
export interface ProgramAct {
	readonly method: string;
	readonly route: string;
	readonly status: number;
	readonly requestId: string;
	readonly remoteAddress: string;
}

/** Tokens that operators lend to programs (RFC 6750). */
export interface ApiTokens {
	/** Who asks by this token; undefined: nobody, which counts as a try of that address; `retryAfterS`: one of too many. */
	login(token: string, remoteAddress: string): LoginSession | { readonly retryAfterS: number } | undefined;
	/** Once more, of a request that stays open. */
	loginAgain(token: string): LoginSession | undefined;
	/** Journals a changing request under the token's name. */
	acted(login: LoginSession, act: ProgramAct): void;
	make(wish: ApiTokenWish): Promise<MadeApiToken>;
	/** The newest first; undefined: nobody has that id. */
	list(operatorId: string): readonly ApiTokenView[] | undefined;
	revoke(operatorId: string, tokenId: string, by: Actor): 'revoked' | 'notFound' | 'notYours';
}

/** Ends an operator's tokens; joins the transaction around it. */
export function endApiTokensOf(
	{ store, audit }: Pick<OperatorsParts, 'store' | 'audit'>,
	operatorId: string,
	by: string | null,
): void {
	const count = store.operators.removeApiTokensOf(operatorId);
	if (count > 0) audit.write('apiTokensEnded', by, operatorId, { count });
}

export function createApiTokens(parts: OperatorsParts): ApiTokens {
	const { clock, audit, access, log, newId, journalGrew, accessChanged } = parts;
	const { operators, transaction } = parts.store;
	/** Apart from passwords: a program with an old token must not keep people of its network from signing in. */
	const backOff = createBackOff(clock);
	const allowance = createHourlyAllowance(clock, LIMITS.apiTokenActsPerHour);

	function find(token: string): LoginSession | undefined {
		const row = operators.apiTokenByHash(hashToken(token));
		if (row === undefined || clock.nowMs() >= row.endsAtMs) return undefined;
		const owner = operators.operatorById(row.operatorId);
		if (owner?.state !== 'active' || parts.licenceKinds?.maySignIn(owner.id) === false) return undefined;
		const lent = new Set(row.permissions.filter(isPermission));
		return {
			...{ id: row.id, csrf: '', createdAtMs: row.createdAtMs, program: { name: row.name } },
			...{ operator: access.operator(owner), access: narrowAccess(access.of(owner.id), lent) },
		};
	}

	/** A store that can't be written must not stop programs. */
	function touch(token: string, from: string): void {
		const row = operators.apiTokenByHash(hashToken(token));
		const atMs = clock.nowMs();
		if (row === undefined || atMs - (row.lastUsedMs ?? 0) < LIMITS.apiTokenTouchMs) return;
		try {
			operators.touchApiToken(row.id, { atMs, from });
		} catch (error) {
			log.warn({ err: error }, 'the use of an API token could not be stored');
		}
	}

	function refuse(token: string, remoteAddress: string): { readonly retryAfterS: number } | undefined {
		const retryAfterS = backOff.begin({ account: remoteAddress, remoteAddress });
		if (retryAfterS > 0) return { retryAfterS };
		const owner = operators.apiTokenByHash(hashToken(token))?.operatorId ?? null;
		audit.writeRefusal('apiTokenRefused', owner, remoteAddress);
		return undefined;
	}

	/** What has ended makes place. */
	function makeRoom(operatorId: string): boolean {
		const nowMs = clock.nowMs();
		const rows = operators.apiTokensOf(operatorId);
		const ended = rows.filter(({ endsAtMs }) => endsAtMs <= nowMs);
		for (const { id } of ended) operators.removeApiToken(id);
		return rows.length - ended.length < LIMITS.apiTokensOfOperator;
	}

	return {
		login(token, remoteAddress) {
			const login = find(token);
			if (login === undefined) return refuse(token, remoteAddress);
			touch(token, remoteAddress);
			return login;
		},
		loginAgain: find,
		acted({ id, operator, program }, { method, route, status, requestId, remoteAddress }) {
			const notWrittenBefore = allowance.take();
			if (notWrittenBefore === undefined) return;
			const token = { tokenId: id, token: program?.name ?? '' };
			const asked = { method, route, status, requestId, remoteAddress };
			transaction(() => audit.write('apiTokenUsed', operator.id, id, { ...token, ...asked, notWrittenBefore }));
			journalGrew();
		},
		async make({ name, permissions, lastsMs, ...wish }) {
			const confirmation = await confirmPassword(parts, wish);
			if (confirmation.result !== 'confirmed') return confirmation;
			const { operatorId } = wish;
			const beyond = permissions.find((permission) => !wish.access.mayInParts(permission));
			if (beyond !== undefined) return { result: 'notYours', permission: beyond };
			const secret = newApiToken();
			const answer = refusable(transaction, (): MadeApiToken => {
				// Who was deactivated keeps the login they have, but lends nothing to anybody.
				if (operators.operatorById(operatorId)?.state !== 'active') throw new Refused({ result: 'notActive' });
				if (!makeRoom(operatorId)) throw new Refused({ result: 'tooMany' });
				const createdAtMs = clock.nowMs();
				const row: ApiTokenRow = {
					...{ id: newId(), operatorId, name, tokenHash: hashToken(secret), permissions: [...new Set(permissions)] },
					...{ createdAtMs, endsAtMs: createdAtMs + lastsMs, lastUsedMs: null, lastUsedFrom: null },
				};
				operators.addApiToken(row);
				audit.write('apiTokenMade', operatorId, row.id, {
					name,
					permissions: permissions.join(' '),
					endsAt: row.endsAtMs,
				});
				return { result: 'made', token: viewOf(row), secret };
			});
			journalGrew();
			return answer;
		},
		list: (operatorId) =>
			operators.operatorById(operatorId) === undefined ? undefined : operators.apiTokensOf(operatorId).map(viewOf),
		revoke(operatorId, tokenId, by) {
			const row = operators.apiTokensOf(operatorId).find(({ id }) => id === tokenId);
			if (row === undefined) return 'notFound';
			const isOthers = by.access !== null && operatorId !== by.operatorId;
			if (isOthers && by.access?.covers(access.rulesOf(operatorId)) === false) return 'notYours';
			transaction(() => {
				operators.removeApiToken(tokenId);
				audit.write('apiTokenRevoked', by.operatorId, tokenId, { name: row.name, owner: operatorId });
			});
			accessChanged();
			journalGrew();
			return 'revoked';
		},
	};
}

function viewOf({ tokenHash: _hash, operatorId: _owner, permissions, ...row }: ApiTokenRow): ApiTokenView {
	return { ...row, permissions: permissions.filter(isPermission) };
}
