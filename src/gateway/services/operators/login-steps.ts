import { LIMITS } from '../../core/limits.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { ContinuedLogin, LoginAnswer, LoginRefusal, LoginRequest, Operators } from '../operators.ts';
import { createKeptForAWhile } from './kept-for-a-while.ts';
import type { OperatorsParts } from './operators-deps.ts';
import type { AuthenticatorKey, WrongCode } from './second-factor-check.ts';
import { newToken } from './secrets.ts';

export interface SignInRequest extends Pick<LoginRequest, 'remoteAddress' | 'takeOver' | 'replaces'> {
	/** Instead of a password. */
	readonly by?: 'passkey';
}
export type SignInAnswer = Extract<LoginAnswer, { readonly result: 'signedIn' }> | LoginRefusal;
export type SignIn = (operatorId: string, request: SignInRequest) => SignInAnswer;

type Finished = Exclude<ContinuedLogin, WrongCode | { readonly result: 'stepEnded' }>;

/** A login whose password was right. */
interface LoginStep {
	readonly operatorId: string;
	/** As it was: a reset since then ends it. */
	readonly passwordHash: string | null;
	readonly wanted: 'code' | 'enrolment';
	/** The authenticator that is set up in it. */
	readonly key?: AuthenticatorKey;
	readonly wrongCodes: number;
	/** The code was right, but another login stands in the way. */
	readonly isProved: boolean;
	readonly recoveryCodes?: readonly string[];
}

export interface LoginSteps {
	open(operatorId: string, wanted: LoginStep['wanted']): string;
	/** All was right, but another login stands in the way. */
	openProved(operatorId: string): string;
	/** undefined: it has ended. */
	find(token: string): { readonly step: LoginStep; readonly row: OperatorRow } | undefined;
	/** After too many it ends. */
	countWrong(token: string): void;
	/** A passkey was right in place of a code. */
	finishProved(token: string, request: SignInRequest): Finished | { readonly result: 'stepEnded' };
	enrol: Operators['enrolAtLogin'];
	proceed: Operators['continueLogin'];
}

/** The way from a right password to a login that takes a second factor. */
export function createLoginSteps(
	parts: OperatorsParts,
	rest: {
		readonly mayEnter: (row: OperatorRow) => boolean;
		readonly signIn: SignIn;
	},
): LoginSteps {
	const { clock, backOff, audit, factors, journalGrew } = parts;
	const { operators, transaction } = parts.store;
	const steps = createKeptForAWhile<LoginStep>(clock);

	function find(token: string): ReturnType<LoginSteps['find']> {
		const step = steps.get(token);
		if (step === undefined) return undefined;
		const row = operators.operatorById(step.operatorId);
		const isSame = row !== undefined && rest.mayEnter(row) && row.passwordHash === step.passwordHash;
		// Who set one up elsewhere meanwhile is asked for it.
		const isWanted = step.isProved || factors.wantedOf(step.operatorId) === step.wanted;
		if (isSame && isWanted) return { step, row };
		steps.delete(token);
		return undefined;
	}

	function enrolled(operatorId: string, key: string, code: string, remoteAddress: string) {
		const kept = transaction(() => {
			const codes = factors.keep(operatorId, key, code);
			if (!('result' in codes)) audit.write('secondFactorSet', operatorId, operatorId, { remoteAddress });
			return codes;
		});
		if (!('result' in kept)) journalGrew();
		return kept;
	}

	/** @returns the step once its code is right. */
	function prove(step: LoginStep, code: string, remoteAddress: string): LoginStep | WrongCode {
		const { operatorId, key, wanted } = step;
		if (wanted === 'code') {
			const taken = factors.take(operatorId, code, remoteAddress);
			return taken === 'right' ? { ...step, isProved: true } : taken;
		}
		if (key === undefined) return { result: 'wrongCode', because: 'wrong' };
		const kept = enrolled(operatorId, key.key, code, remoteAddress);
		return 'result' in kept ? kept : { ...step, isProved: true, recoveryCodes: kept };
	}

	function countWrong(token: string, step: LoginStep): void {
		const wrongCodes = step.wrongCodes + 1;
		if (wrongCodes >= LIMITS.loginStepTries) steps.delete(token);
		else steps.set(token, { ...step, wrongCodes });
	}

	function finish(token: string, step: LoginStep, request: SignInRequest): Finished {
		const answer = rest.signIn(step.operatorId, request);
		if (answer.result === 'alreadySignedIn') steps.set(token, step);
		else steps.delete(token);
		return answer.result === 'signedIn' ? { ...answer, recoveryCodes: step.recoveryCodes ?? null } : answer;
	}

	function begin(operatorId: string, as: Pick<LoginStep, 'wanted' | 'isProved'>): string {
		const token = newToken();
		const passwordHash = operators.operatorById(operatorId)?.passwordHash ?? null;
		steps.set(token, { operatorId, passwordHash, ...as, wrongCodes: 0 });
		return token;
	}

	return {
		open: (operatorId, wanted) => begin(operatorId, { wanted, isProved: false }),
		openProved: (operatorId) => begin(operatorId, { wanted: 'code', isProved: true }),
		find,
		countWrong(token) {
			const step = find(token)?.step;
			if (step !== undefined) countWrong(token, step);
		},
		finishProved(token, request) {
			const step = find(token)?.step;
			return step === undefined ? { result: 'stepEnded' } : finish(token, { ...step, isProved: true }, request);
		},
		enrol(token) {
			const found = find(token);
			if (found === undefined || found.step.wanted !== 'enrolment' || found.step.isProved) return undefined;
			const key = found.step.key ?? factors.newKey(found.row.email);
			steps.set(token, { ...found.step, key });
			return key;
		},
		proceed({ step: token, code, ...request }) {
			const found = find(token);
			if (found === undefined) return { result: 'stepEnded' };
			const { step, row } = found;
			if (step.isProved) return finish(token, step, request);
			const attempt = { account: row.email, remoteAddress: request.remoteAddress };
			const retryAfterS = backOff.begin(attempt);
			if (retryAfterS > 0) return { result: 'backOff', retryAfterS };
			const proved = prove(step, code, request.remoteAddress);
			if ('result' in proved) {
				audit.writeRefusal('secondFactorRefused', row.id, request.remoteAddress);
				countWrong(token, step);
				return proved;
			}
			backOff.succeed(attempt);
			return finish(token, proved, request);
		},
	};
}
