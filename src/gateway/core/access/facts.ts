import type { ClockTrust } from '../clock.ts';
import type { AssignedRight, Credential, Holder, RightSpecification, Schedule } from '../directory.ts';
import type { IdentifyMode, LaneRules } from '../site.ts';

/** Everything one decision is made on, as plain data: stored with the decision, and the same facts give the same decision. */
export interface AccessFacts {
	/** The moment that is decided for, UTC epoch ms. */
	readonly atMs: number;
	readonly timeZone: string;
	readonly clock: ClockTrust;
	readonly direction: 'entry' | 'exit';
	readonly lane: LaneFacts;
	/** What was read, each with the credential and holder it matched. */
	readonly presented: readonly PresentedFact[];
	/** Rights of every holder in `presented`, with their specification and schedule. */
	readonly rights: readonly RightFact[];
	/** Where the lane leads: the area, the enclosing ones, then the park; empty when it leads outside. */
	readonly areas: readonly AreaFact[];
	/** Open stays of the holders in `presented`. */
	readonly openSessions: readonly OpenSessionFact[];
	readonly data: DataFacts;
}

export interface LaneFacts {
	readonly id: string;
	readonly identify: IdentifyMode;
	readonly rules: LaneRules;
	/** An arming loop is wired. */
	readonly hasArmingLoop: boolean;
	readonly vehiclePresent: boolean;
	/** Closed to all, or under lockdown. */
	readonly closed: 'open' | 'closed' | 'lockdown';
	readonly parkId: string | null;
}

export interface PresentedFact {
	readonly observationId: string;
	readonly deviceId: string;
	readonly kind: 'tag' | 'plate';
	/** As read. */
	readonly value: string;
	/** 1 for tags. */
	readonly confidence: number;
	/** Agreeing reads of the same value in this identification. */
	readonly reads: number;
	readonly match: CredentialMatch;
}

export type CredentialMatch =
	| { readonly how: 'none' }
	/** Nothing could be looked up: the text is no plate or tag. */
	| { readonly how: 'invalid' }
	| { readonly how: 'exact' | 'confusable'; readonly credential: Credential; readonly holder: Holder | null }
	/** Several authorised plates share the read's confusion class. */
	| { readonly how: 'ambiguous'; readonly count: number };

export interface RightFact {
	readonly right: AssignedRight;
	/** null: the specification is unknown here; such a right opens nothing. */
	readonly specification: RightSpecification | null;
	/** null although the specification names one: such a right is outside its schedule. */
	readonly schedule: Schedule | null;
}

export interface AreaFact {
	readonly areaId: string;
	/** False for enclosing areas the vehicle is in already: they need no room. */
	readonly entering: boolean;
	/** `park` rows carry the park's own limit. */
	readonly level: 'area' | 'park';
	readonly capacity: number | null;
	/** Vehicles inside. */
	readonly occupied: number;
	/** Places held by decisions whose passage has not happened yet. */
	readonly reserved: number;
}

export interface OpenSessionFact {
	readonly sessionId: string;
	readonly holderId: string;
	/** The credential that came in: the same one at an entry again means that its exit was missed. */
	readonly credentialId: string | null;
	readonly areaId: string;
	readonly sinceMs: number;
}

export interface DataFacts {
	/** null: this gateway never had a directory. */
	readonly directorySyncedAtMs: number | null;
}
