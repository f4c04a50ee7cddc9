import type { OffboardingRow } from '../../store/offboardings.ts';
import { endApiTokensOf } from './api-tokens.ts';
import { endLoginsOf } from './end-logins.ts';
import { type GuardRefusal, guardedChange, Refused } from './guarded-change.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import { createWishChecks } from './wish-checks.ts';

export type LeavingRefusal =
	| GuardRefusal
	| { readonly result: 'notFound' | 'notYours' | 'yourself' | 'notOffboarded' | 'holderTaken' }
	/** The directory does not take the change. */
	| { readonly result: 'directoryRefused'; readonly problems: readonly string[] };

export type LeavingAnswer = { readonly result: 'done' } | LeavingRefusal;

/** The part of offboarding that is about the operator; what they have as a holder is in `offboarding.ts`. */
export interface Leaving {
	/** No login, token or code any more; `batchId` of what goes with it. Once more: it stays as it was first. */
	leave(operatorId: string, by: Actor, batchId: string): LeavingAnswer;
	/** As they stood before; logins, tokens and codes stay ended. */
	comeBack(operatorId: string, by: Actor): LeavingAnswer;
	/** What `comeBack` would answer; changes nothing. */
	mayComeBack(operatorId: string, by: Actor): LeavingAnswer;
	/** Who left since then and is still out, the last first; at most `limit`. */
	leftSince(sinceMs: number, limit: number): readonly OffboardingRow[];
	/** Which holder they are; null: none. Whether there is such a holder is for who asks. */
	link(operatorId: string, holderId: string | null, by: Actor): LeavingAnswer;
}

export function createLeaving(parts: OperatorsParts): Leaving {
	const { operators, offboardings, attempt } = parts.store;
	const checks = createWishChecks(parts);
	const refuse = (answer: LeavingRefusal): never => {
		throw new Refused(answer);
	};

	function leave(operatorId: string, by: Actor, batchId: string): LeavingAnswer {
		if (operatorId === by.operatorId) refuse({ result: 'yourself' });
		const row = checks.touchable(operatorId, by);
		const known = offboardings.offboarding(operatorId);
		operators.updateOperator({ ...row, state: 'inactive' });
		operators.removeActivationCodeOf(operatorId);
		endApiTokensOf(parts, operatorId, by.operatorId);
		const logins = endLoginsOf(parts, operatorId);
		const written: OffboardingRow = known ?? {
			...{ operatorId, batchId, byOperatorId: by.operatorId, atMs: parts.clock.nowMs(), stateBefore: row.state },
		};
		offboardings.putOffboarding(written);
		parts.audit.write('operatorOffboarded', by.operatorId, operatorId, {
			...{ stateBefore: written.stateBefore, logins, batchId: written.batchId },
			holderId: offboardings.holderOf(operatorId),
		});
		return { result: 'done' };
	}

	function comeBack(operatorId: string, by: Actor): LeavingAnswer {
		const row = checks.touchable(operatorId, by);
		const left = offboardings.offboarding(operatorId) ?? refuse({ result: 'notOffboarded' });
		operators.updateOperator({ ...row, state: left.stateBefore });
		offboardings.removeOffboarding(operatorId);
		const detail = { state: left.stateBefore, batchId: left.batchId };
		parts.audit.write('operatorOffboardingUndone', by.operatorId, operatorId, detail);
		return { result: 'done' };
	}

	function link(operatorId: string, holderId: string | null, by: Actor): LeavingAnswer {
		checks.touchable(operatorId, by);
		const taken = holderId === null ? null : offboardings.operatorOf(holderId);
		if (taken !== null && taken !== operatorId) refuse({ result: 'holderTaken' });
		const detail = { holderIdBefore: offboardings.holderOf(operatorId), holderId };
		offboardings.setHolder(operatorId, holderId);
		parts.audit.write('operatorLinked', by.operatorId, operatorId, detail);
		return { result: 'done' };
	}

	return {
		link: (operatorId, holderId, by) => guardedChange<LeavingAnswer>(parts, () => link(operatorId, holderId, by)),
		leave: (operatorId, by, batchId) => guardedChange<LeavingAnswer>(parts, () => leave(operatorId, by, batchId)),
		comeBack: (operatorId, by) => guardedChange<LeavingAnswer>(parts, () => comeBack(operatorId, by)),
		leftSince: offboardings.offboardedSince,
		mayComeBack(operatorId, by) {
			let answer: LeavingAnswer = { result: 'done' };
			const undone = new Error('looked at');
			try {
				attempt(() => {
					answer = guardedChange<LeavingAnswer>(parts, () => comeBack(operatorId, by));
					throw undone;
				});
			} catch (error) {
				if (error !== undone) throw error;
			}
			return answer;
		},
	};
}
