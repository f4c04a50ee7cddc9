import { LIMITS } from '../../core/limits.ts';
import type { MadePasskeyResponse } from '../../core/passkey-response.ts';
import type { PasskeyRow } from '../../store/passkeys.ts';
import { endLoginsOf } from './end-logins.ts';
import type { OperatorsParts } from './operators-deps.ts';
import { type FactorRefusal, type FactorTry, proveOneself } from './prove-oneself.ts';
import { hashToken } from './secrets.ts';
import { creationOptions, type MadePasskey, type PasskeyOptions, verifyMade } from './webauthn.ts';

/** A passkey as its owner and administrators see it. */
export interface PasskeyView {
	readonly id: string;
	readonly name: string;
	/** The console's name that it is for. */
	readonly host: string;
	readonly createdAtMs: number;
	/** null: never. */
	readonly lastUsedMs: number | null;
}

type NotHere =
	/** The configuration gives the console no name that passkeys could be for. */
	'noAddress';

export type PasskeyMade =
	/** `recoveryCodes`: of a first factor, shown this once; null: they have some already. */
	| { readonly result: 'made'; readonly passkey: PasskeyView; readonly recoveryCodes: readonly string[] | null }
	/** `refused`: not what was asked for, or too late. `taken`: it is registered already. */
	| { readonly result: 'refused' | 'taken' | 'tooMany' | NotHere };

/** Operators make passkeys (Web Authentication), with which they sign in besides the password, or without it. */
export interface Passkeys {
	/** Where they work, such as `https://gate.example.org`; null: the console has no name. */
	readonly address: string | null;
	/** The newest first. */
	list(operatorId: string): readonly PasskeyView[];
	/** For the browser; what it makes goes to `finish`, in the same login. */
	begin(
		asked: FactorTry & { readonly loginId: string },
	): Promise<
		| { readonly result: 'begun'; readonly options: PasskeyOptions }
		| FactorRefusal
		| { readonly result: 'tooMany' }
		| { readonly result: NotHere }
	>;
	/** From now on it counts; other logins of the account end. */
	finish(made: {
		readonly operatorId: string;
		readonly loginId: string;
		/** Of the login that goes on. */
		readonly token: string | undefined;
		readonly name: string;
		readonly response: MadePasskeyResponse;
		readonly remoteAddress: string;
	}): Promise<PasskeyMade>;
	/** `required`: it is their last second factor, and a role asks for one. */
	remove(
		asked: FactorTry & { readonly id: string },
	): Promise<
		{ readonly result: 'removed' } | { readonly result: 'none' } | { readonly result: 'required' } | FactorRefusal
	>;
}

export function createPasskeys(parts: OperatorsParts): Passkeys {
	const { clock, audit, factors, party, challenges, journalGrew, log } = parts;
	const { operators, transaction } = parts.store;
	const purposeOf = (operatorId: string, loginId: string) => `make ${operatorId} ${loginId}`;

	function keep(operatorId: string, made: MadePasskey, name: string, rpId: string): PasskeyMade {
		if (operators.passkeyCount(operatorId) >= LIMITS.passkeysOfOperator) return { result: 'tooMany' };
		const isFirst = !factors.has(operatorId);
		const row = { ...made, id: parts.newId(), operatorId, rpId, name, createdAtMs: clock.nowMs(), lastUsedMs: null };
		if (!operators.addPasskey(row)) return { result: 'taken' };
		return {
			...{ result: 'made', passkey: viewOf(row) },
			recoveryCodes: isFirst ? factors.newRecoveryCodes(operatorId) : null,
		};
	}

	return {
		address: party?.origin ?? null,
		list: (operatorId) => operators.passkeysOf(operatorId).map(viewOf),
		async begin({ loginId, ...asked }) {
			const { operatorId } = asked;
			if (party === null) return { result: 'noAddress' };
			if (operators.passkeyCount(operatorId) >= LIMITS.passkeysOfOperator) return { result: 'tooMany' };
			const proof = await proveOneself(parts, asked);
			if (proof.result !== 'proved') return proof;
			const { email = '', name = '' } = operators.operatorById(operatorId) ?? {};
			const options = await creationOptions(party, {
				challenge: challenges.issue(purposeOf(operatorId, loginId)),
				operator: { id: operatorId, email, name },
				present: operators.passkeysOf(operatorId).filter(({ rpId }) => rpId === party.id),
			});
			return { result: 'begun', options };
		},
		async finish({ operatorId, loginId, token, name, response, remoteAddress }) {
			if (party === null) return { result: 'noAddress' };
			let used = '';
			const isChallenge = (challenge: string) => {
				used = challenge;
				return challenges.isOpen(challenge, purposeOf(operatorId, loginId));
			};
			let made: MadePasskey;
			try {
				made = await verifyMade(response, { party, isChallenge });
			} catch (error) {
				log.debug({ err: error, operatorId }, 'a passkey was not taken');
				return { result: 'refused' };
			}
			if (operators.operatorById(operatorId) === undefined || !challenges.use(used)) return { result: 'refused' };
			const answer = transaction(() => {
				const kept = keep(operatorId, made, name, party.id);
				if (kept.result !== 'made') return kept;
				endLoginsOf(parts, operatorId, token === undefined ? undefined : hashToken(token));
				audit.write('passkeyMade', operatorId, operatorId, { remoteAddress, passkey: kept.passkey.id, name });
				return kept;
			});
			journalGrew();
			return answer;
		},
		async remove({ id, ...asked }) {
			const { operatorId, remoteAddress } = asked;
			const found = operators.passkeysOf(operatorId).find((passkey) => passkey.id === id);
			if (found === undefined) return { result: 'none' };
			if (isLast(operatorId) && factors.isRequired(operatorId)) return { result: 'required' };
			const proof = await proveOneself(parts, asked);
			if (proof.result !== 'proved') return proof;
			// Another one may have gone meanwhile.
			const answer = transaction(() => {
				if (isLast(operatorId) && factors.isRequired(operatorId)) return { result: 'required' } as const;
				if (!operators.removePasskey(operatorId, id)) return { result: 'none' } as const;
				audit.write('passkeyRemoved', operatorId, operatorId, { remoteAddress, passkey: id, name: found.name });
				return { result: 'removed' } as const;
			});
			journalGrew();
			return answer;
		},
	};

	function isLast(operatorId: string): boolean {
		return operators.secondFactorOf(operatorId) === undefined && operators.passkeyCount(operatorId) === 1;
	}
}

export function viewOf({ id, name, rpId: host, createdAtMs, lastUsedMs }: PasskeyRow): PasskeyView {
	return { id, name, host, createdAtMs, lastUsedMs };
}
