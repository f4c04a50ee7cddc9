import type { Credential, Holder } from '../directory.ts';
import type { ReasonCode } from '../reason.ts';
import type { Verdict } from './decision.ts';
import { fail, failWhen, NO_CREDENTIAL, NO_HOLDER, notApplicable, PASS, type Rule } from './rule.ts';
import type { IdentityContext } from './rule-context.ts';

const NO_AGE = notApplicable('no age is set for this kind of credential');
const NO_READ = notApplicable('nothing was read');
const NOT_BY_PLATE = notApplicable('it was not decided by a plate');
const NOT_LOOKED_UP = notApplicable('the read could not be looked up');
const ONE_FACTOR = notApplicable('the lane asks for one of tag and plate');

/** Identification, credential and holder: who it is, and whether they may use it at all. */
export const identityRules: readonly Rule<IdentityContext>[] = [
	{
		reason: 'STALE_DATA',
		evaluate: ({ facts, identification: { credential } }) => {
			if (credential === null) return NO_CREDENTIAL;
			const { directorySyncedAtMs, staleAfterMs } = facts.data;
			const limitMs = staleAfterMs[credential.kind];
			if (limitMs === undefined || directorySyncedAtMs === null) return NO_AGE;
			const ageMs = facts.atMs - directorySyncedAtMs;
			return ageMs > limitMs ? fail({ ageMs, limitMs }) : PASS;
		},
	},
	{
		reason: 'INVALID_FORMAT',
		evaluate: ({ identification: { chosen } }) => {
			if (chosen === null) return NO_READ;
			return chosen.match.how === 'invalid' ? fail({ read: chosen.value }) : PASS;
		},
	},
	{
		reason: 'LOW_CONFIDENCE',
		evaluate: ({ facts, identification: { chosen } }) => {
			if (chosen?.kind !== 'plate') return NOT_BY_PLATE;
			const minimum = facts.lane.rules.minimumConfidence;
			const sure = chosen.confidence >= minimum || chosen.reads >= 2;
			return sure ? PASS : fail({ confidence: chosen.confidence, minimum, reads: chosen.reads });
		},
	},
	{
		reason: 'AMBIGUOUS_PLATE',
		evaluate: ({ identification: { chosen } }) => {
			if (chosen?.kind !== 'plate') return NOT_BY_PLATE;
			return chosen.match.how === 'ambiguous' ? fail({ plates: chosen.match.count }) : PASS;
		},
	},
	{
		reason: 'UNKNOWN_CREDENTIAL',
		evaluate: ({ identification: { chosen, credential, holder } }) => {
			if (chosen === null) return fail({ read: null });
			if (chosen.match.how === 'invalid' || chosen.match.how === 'ambiguous') return NOT_LOOKED_UP;
			return credential === null || holder === null ? fail({ read: chosen.value }) : PASS;
		},
	},
	{
		reason: 'PLATE_TAG_MISMATCH',
		evaluate: ({ facts, identification: { mismatch } }) => {
			if (mismatch === null) return PASS;
			return facts.lane.rules.onMismatch === 'refuse'
				? fail(mismatch)
				: { result: 'waived', by: 'setting', detail: mismatch };
		},
	},
	{
		reason: 'SECOND_FACTOR_TIMEOUT',
		evaluate: ({ facts, identification: { missingFactor } }) => {
			if (facts.lane.identify !== 'both' && facts.lane.rules.pin !== 'withTag') return ONE_FACTOR;
			return missingFactor === null ? PASS : fail({ missing: missingFactor });
		},
	},
	credentialRule('CREDENTIAL_DISABLED', (credential) => credential.state === 'disabled'),
	credentialRule('CREDENTIAL_LOST', (credential) => credential.state === 'lost'),
	credentialRule('CREDENTIAL_STOLEN', (credential) => credential.state === 'stolen'),
	credentialRule('CREDENTIAL_NOT_STARTED', ({ validFromMs }, atMs) => validFromMs !== null && atMs < validFromMs),
	credentialRule('CREDENTIAL_EXPIRED', ({ validToMs }, atMs) => validToMs !== null && atMs >= validToMs),
	holderRule('HOLDER_INACTIVE', (holder) => holder.status === 'inactive'),
	holderRule('HOLDER_BLOCKED', (holder) => holder.status === 'blocked'),
];

function credentialRule(
	reason: ReasonCode,
	failing: (credential: Credential, atMs: number) => boolean,
): Rule<IdentityContext> {
	return {
		reason,
		evaluate: ({ facts, identification: { credential } }): Verdict =>
			credential === null ? NO_CREDENTIAL : failWhen(failing(credential, facts.atMs)),
	};
}

function holderRule(reason: ReasonCode, failing: (holder: Holder) => boolean): Rule<IdentityContext> {
	return {
		reason,
		evaluate: ({ identification: { holder } }): Verdict => (holder === null ? NO_HOLDER : failWhen(failing(holder))),
	};
}
