import type { RefusedDocument } from '../../core/licence/judge-document.ts';
import type { LicensedSite } from '../../core/licence/licence-facts.ts';
import type { ParkStatement } from '../../core/licence/product-licence.ts';

export type { LicenceChange, LicenceChangeFilter, LicenceChangePlace } from '../../store/licences.ts';
export { LICENCE_EVENTS } from '../../store/licences.ts';

/** `same`: it counts already. */
export type Installed<T> = { readonly result: 'installed' | 'same'; readonly claims: T } | RefusedDocument;

export interface CameraLicence {
	readonly cameraId: string;
	readonly active: boolean;
	/** null: never said. */
	readonly sinceMs: number | null;
}

export interface ParkState {
	readonly parkId: string;
	readonly name: string;
	readonly active: boolean;
	/** Support's latest word on it; null: none. */
	readonly statement: ParkStatement | null;
}

export interface LicenceStanding extends LicensedSite {
	/** Why the stored licence does not count, such as a key that was changed; null: it counts, or there is none. */
	readonly problem: string | null;
	/** The clock is behind the latest time seen by over a day, ms. */
	readonly clockBehindMs: number | null;
	readonly pool: CameraPool;
}

export interface CameraPool {
	readonly used: number;
	readonly available: number;
}

export type CameraChange =
	| { readonly result: 'changed' | 'same'; readonly camera: CameraLicence }
	| { readonly result: 'unknown' }
	| ({ readonly result: 'full' } & CameraPool)
	/** Nothing is activated any more: the licence has run out. */
	| { readonly result: 'stopped' };
