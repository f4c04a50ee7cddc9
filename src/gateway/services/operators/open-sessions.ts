import { endLoginsOf } from './end-logins.ts';
import { isFresh } from './fresh-logins.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import { sessionId } from './secrets.ts';

/** Somebody who is signed in. */
export interface OpenSession {
	readonly id: string;
	readonly operatorId: string;
	readonly name: string;
	readonly email: string;
	/** Of whom signed in; the network's, not the person's. */
	readonly remoteAddress: string;
	readonly createdAtMs: number;
	readonly lastUsedMs: number;
	readonly idleS: number;
	/** A page of it is open: it can't be closed from here. */
	readonly isPageOpen: boolean;
	/** Its operator was deactivated since. */
	readonly isOperatorActive: boolean;
}

export type CloseAnswer =
	| { readonly result: 'closed' | 'notFound' }
	/** Its page is open: close that, or end all logins of the operator. */
	| { readonly result: 'pageOpen' }
	| { readonly result: 'notYours' };

export interface OpenSessions {
	/** The last to sign in first. */
	list(): readonly OpenSession[];
	/** Ends one that was abandoned. */
	close(id: string, by: Actor): CloseAnswer;
	/** Ends all of an operator's, open pages or not. @returns how many; undefined: nobody has that id. */
	endOf(operatorId: string, by: Actor): number | 'notYours' | undefined;
}

export function createOpenSessions(parts: OperatorsParts): OpenSessions {
	const { clock, access, watch, audit, journalGrew } = parts;
	const { operators, transaction } = parts.store;

	function list(): readonly OpenSession[] {
		const nowMs = clock.nowMs();
		const rules = parts.rules.get();
		return operators.loginSessions().flatMap((row) => {
			const operator = operators.operatorById(row.operatorId);
			if (operator === undefined || !isFresh(row, rules, nowMs)) return [];
			const lastUsedMs = watch.lastUsedMs(row.tokenHash, row.lastSeenAtMs);
			const { operatorId, remoteAddress, createdAtMs } = row;
			return {
				...{ id: sessionId(row.tokenHash), operatorId, remoteAddress, createdAtMs, lastUsedMs },
				...{ name: operator.name, email: operator.email, isOperatorActive: operator.state === 'active' },
				...{ idleS: Math.max(0, Math.floor((nowMs - lastUsedMs) / 1_000)), isPageOpen: watch.isOpen(row.tokenHash) },
			};
		});
	}

	const isOthers = (operatorId: string, by: Actor) =>
		by.access !== null && operatorId !== by.operatorId && !by.access.covers(access.rulesOf(operatorId));

	return {
		list,
		close(id, by) {
			const found = operators.loginSessions().find(({ tokenHash }) => sessionId(tokenHash) === id);
			if (found === undefined) return { result: 'notFound' };
			if (isOthers(found.operatorId, by)) return { result: 'notYours' };
			if (watch.isOpen(found.tokenHash)) return { result: 'pageOpen' };
			transaction(() => {
				operators.removeLoginSession(found.tokenHash);
				audit.write('loginClosed', by.operatorId, found.operatorId, { remoteAddress: found.remoteAddress });
			});
			watch.forget(found.tokenHash);
			journalGrew();
			return { result: 'closed' };
		},
		endOf(operatorId, by) {
			if (operators.operatorById(operatorId) === undefined) return undefined;
			if (isOthers(operatorId, by)) return 'notYours';
			const ended = transaction(() => {
				const count = endLoginsOf(parts, operatorId);
				if (count > 0) audit.write('loginsEnded', by.operatorId, operatorId, { count });
				return count;
			});
			journalGrew();
			return ended;
		},
	};
}
