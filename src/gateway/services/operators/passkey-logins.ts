import type { UsedPasskeyResponse } from '../../core/passkey-response.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { PasskeyRow } from '../../store/passkeys.ts';
import type { LoginRefusal } from '../operators.ts';
import type { LoginSteps, SignIn, SignInAnswer, SignInRequest } from './login-steps.ts';
import type { OperatorsParts } from './operators-deps.ts';
import { hashToken } from './secrets.ts';
import { challengeOf, type PasskeyOptions, requestOptions, verifyUsed } from './webauthn.ts';

export interface PasskeyTry extends SignInRequest {
	readonly response: UsedPasskeyResponse;
	/** Of a login whose password was right; undefined: the passkey alone signs in. */
	readonly step?: string | undefined;
}

export type PasskeyLogin =
	| Extract<SignInAnswer, { readonly result: 'signedIn' }>
	/** Not one that is known here, not what was asked for, or too late. */
	| { readonly result: 'wrongPasskey' }
	/** That login has ended, or asks for no passkey; or passkeys can't be used here. */
	| { readonly result: 'stepEnded' }
	/** `step`: another login stands in the way; `continueLogin` takes it over with this and needs no code. */
	| (LoginRefusal & { readonly step?: string });

export interface PasskeyLogins {
	/** For the browser; undefined: passkeys can't be used here, or that step has ended. The same for everybody but whose password was right. */
	options(step?: string): Promise<PasskeyOptions | undefined>;
	login(request: PasskeyTry): Promise<PasskeyLogin>;
}

/** What guesses that name nobody are counted under. */
const NOBODY = 'passkey';

export function createPasskeyLogins(
	parts: OperatorsParts,
	rest: { readonly mayEnter: (row: OperatorRow) => boolean; readonly signIn: SignIn; readonly steps: LoginSteps },
): PasskeyLogins {
	const { backOff, audit, party, challenges, clock, log } = parts;
	const { operators } = parts.store;
	const { steps } = rest;
	const purposeOf = (step: string | undefined) => (step === undefined ? 'sign in' : `step ${hashToken(step)}`);

	/** What it signed is right, for this login. @returns its counter */
	async function counterOf({ response, step }: PasskeyTry, passkey: PasskeyRow): Promise<number | undefined> {
		if (party === null || !isNamedBy(response, passkey, step)) return undefined;
		try {
			const isChallenge = (challenge: string) => challenges.isOpen(challenge, purposeOf(step));
			return await verifyUsed(response, { party, passkey, isChallenge });
		} catch (error) {
			log.debug({ err: error, operatorId: passkey.operatorId }, 'a passkey was refused');
			return undefined;
		}
	}

	/** Whose it is, once all is right and the challenge is used up. */
	async function owner(request: PasskeyTry, passkey: PasskeyRow): Promise<OperatorRow | undefined> {
		const counter = await counterOf(request, passkey);
		// What happened while it was verified counts.
		const row = operators.operatorById(passkey.operatorId);
		if (counter === undefined || row === undefined || !rest.mayEnter(row)) return undefined;
		if (!challenges.use(challengeOf(request.response.response.clientDataJSON) ?? '')) return undefined;
		if (operators.takePasskeyUse(passkey.id, { counter, atMs: clock.nowMs() })) return row;
		if (operators.passkeyByCredential(passkey.credentialId) !== undefined) {
			log.warn({ operatorId: row.id, passkey: passkey.id, counter }, 'a passkey counted backwards: it may be a copy');
			audit.writeRefusal('passkeyCountedBack', row.id, request.remoteAddress);
		}
		return undefined;
	}

	function refuse({ step, remoteAddress }: PasskeyTry, operatorId: string | null): PasskeyLogin {
		audit.writeRefusal('passkeyRefused', operatorId, remoteAddress);
		if (step !== undefined) steps.countWrong(step);
		return { result: 'wrongPasskey' };
	}

	function enter(request: PasskeyTry, { id }: OperatorRow): PasskeyLogin {
		if (request.step !== undefined) return steps.finishProved(request.step, request);
		const answer = rest.signIn(id, { ...request, by: 'passkey' });
		return answer.result === 'alreadySignedIn' ? { ...answer, step: steps.openProved(id) } : answer;
	}

	return {
		async options(step) {
			if (party === null) return undefined;
			const found = step === undefined ? undefined : steps.find(step);
			if (step !== undefined && (found === undefined || found.step.wanted !== 'code')) return undefined;
			const challenge = challenges.issue(purposeOf(step));
			const own = found === undefined ? [] : operators.passkeysOf(found.row.id);
			return requestOptions(party, { challenge, allowed: own.filter(({ rpId }) => rpId === party.id) });
		},
		async login(request) {
			const { response, step, remoteAddress } = request;
			const found = step === undefined ? undefined : steps.find(step);
			if (party === null || (step !== undefined && found === undefined)) return { result: 'stepEnded' };
			const passkey = operators.passkeyByCredential(response.id);
			const named = passkey === undefined ? undefined : operators.operatorById(passkey.operatorId);
			const attempt = { account: found?.row.email ?? named?.email ?? NOBODY, remoteAddress };
			const retryAfterS = backOff.begin(attempt);
			if (retryAfterS > 0) return { result: 'backOff', retryAfterS };
			const isTheirs = found === undefined || passkey?.operatorId === found.row.id;
			const row = isTheirs && passkey !== undefined ? await owner(request, passkey) : undefined;
			if (row === undefined) return refuse(request, found?.row.id ?? named?.id ?? null);
			backOff.succeed(attempt);
			return enter(request, row);
		},
	};
}

/** 7.2, step 6: who signs in by it alone is named by it; what names somebody names its owner. */
function isNamedBy({ response }: UsedPasskeyResponse, { operatorId }: PasskeyRow, step: string | undefined): boolean {
	const handle = response.userHandle ?? undefined;
	if (handle === undefined) return step !== undefined;
	return handle === Buffer.from(operatorId).toString('base64url');
}
