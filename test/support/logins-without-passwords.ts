import { randomUUID } from 'node:crypto';
import { hashToken, newToken } from '../../src/gateway/services/operators/secrets.ts';
import type { OperatorState } from '../../src/gateway/store/operators.ts';
import { type OperatorsBench, operatorRow } from './operators.ts';

/** A login as the service keeps it, of an operator of its own: for walks that need many and hash nothing. */
export interface MadeLogin {
	readonly operatorId: string;
	readonly token: string;
	readonly cookie: string;
	readonly csrf: string;
}

interface Made {
	readonly role: string;
	/** What the role is for; the whole site when left out. */
	readonly scope?: string;
	readonly state?: OperatorState;
	/** Before now. */
	readonly unusedMs?: number;
	readonly madeMs?: number;
}

export function makeLogin(
	{ store, clock }: Pick<OperatorsBench, 'store' | 'clock'>,
	{ role, scope = 'site', state = 'active', unusedMs = 0, madeMs = unusedMs }: Made,
): MadeLogin {
	const operatorId = randomUUID();
	const row = operatorRow({ id: operatorId, email: `${operatorId}@example.org`, name: `The ${role}` });
	if (!store.operators.addOperator({ ...row, state })) throw new Error(`${operatorId} is taken`);
	store.operators.setRoles(operatorId, [{ roleId: role, scope }]);
	const token = newToken();
	const csrf = newToken();
	const nowMs = clock.nowMs();
	const seen = { createdAtMs: nowMs - madeMs, lastSeenAtMs: nowMs - unusedMs };
	store.operators.addLoginSession({ tokenHash: hashToken(token), operatorId, csrf, remoteAddress: '', ...seen });
	return { operatorId, token, cookie: `parkgate=${token}`, csrf };
}
