import type { AccessFacts, RightFact } from './facts.ts';
import type { Identification } from './identify.ts';

/** What rules about the credential and its holder look at. */
export interface IdentityContext {
	readonly facts: AccessFacts;
	readonly identification: Identification;
}

/** What rules about one right of the holder look at. */
export interface RightContext extends IdentityContext {
	/** null: the holder has none, or nobody was identified. */
	readonly candidate: RightFact | null;
}

/** Where there is one. */
export interface RightCandidate extends RightContext {
	readonly candidate: RightFact;
}

export function hasRight(context: RightContext): context is RightCandidate {
	return context.candidate !== null;
}
