import type { OperatorsParts } from './operators-deps.ts';

/** Ends an operator's logins, but for one; joins the transaction around it. @returns how many. */
export function endLoginsOf(
	{ store, watch }: Pick<OperatorsParts, 'store' | 'watch'>,
	operatorId: string,
	exceptTokenHash?: string,
): number {
	const ended = store.operators.loginSessionsOf(operatorId).filter(({ tokenHash }) => tokenHash !== exceptTokenHash);
	for (const { tokenHash } of ended) {
		store.operators.removeLoginSession(tokenHash);
		watch.forget(tokenHash);
	}
	return ended.length;
}
