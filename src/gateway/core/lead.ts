/** Where somebody who wants to be contacted comes from: a visitor (Operations), or a customer of the service (Maintenance). */
export const LEAD_SOURCES = ['operations', 'maintenance'] as const;
export type LeadSource = (typeof LEAD_SOURCES)[number];

export const LEAD_STATES = ['new', 'contacted', 'closed'] as const;
export type LeadState = (typeof LEAD_STATES)[number];

/** Somebody who asked to be contacted. */
export interface Lead {
	readonly id: string;
	readonly source: LeadSource;
	/** The visit or the intervention it came from; null: none. */
	readonly sourceId: string | null;
	readonly campaignId: string | null;
	readonly state: LeadState;
	readonly name: string;
	readonly email: string | null;
	readonly phone: string | null;
	readonly company: string | null;
	readonly message: string;
	/** They agreed to be kept, and contacted, for longer than this request takes. */
	readonly hasAgreed: boolean;
	/** Erased once this has passed. */
	readonly expiresAtMs: number;
	readonly createdAtMs: number;
	/** Who wrote it down. */
	readonly operatorId: string;
	/** Counts its changes. */
	readonly version: number;
}
