import type { EquipmentFacts } from '../access/facts.ts';
import type { Site } from '../site.ts';
import { COMMISSIONING_CAPS, type LicenceTerm } from './licence-term.ts';
import type { ProductLicence } from './product-licence.ts';

/** Nothing is limited: for simulations and tests of something else. */
export const EVERYTHING_LICENSED: EquipmentFacts = {
	productLicence: 'valid',
	rfidEnabled: true,
	unlicensedCameras: [],
	parkActive: true,
};

/** What is known of the licences of a site. */
export interface LicensedSite {
	/** null: none yet. */
	readonly licence: ProductLicence | null;
	readonly term: LicenceTerm;
	/** Cameras of the lanes whose reads may decide. */
	readonly activeCameras: ReadonlySet<string>;
	/** Every camera of the lanes. */
	readonly cameras: readonly string[];
	/** Support's latest word on each park. */
	readonly statements: ReadonlyMap<string, { readonly active: boolean }>;
}

/** What they allow at the lanes of a park (null: of none) now. */
export function licenceFacts(site: LicensedSite, parkId: string | null): EquipmentFacts {
	const { licence, term } = site;
	return {
		productLicence: term.phase === 'ended' ? (term.stopped.includes('entries') ? 'expired' : 'grace') : term.phase,
		rfidEnabled: licence === null || licence.capabilities.includes('rfid'),
		unlicensedCameras: plateReadsDecide(site) ? site.cameras.filter((id) => !site.activeCameras.has(id)) : site.cameras,
		parkActive: parkId === null || isParkActive(site, parkId),
	};
}

/** Without support's word the licence names the parks; while there is no licence all of them are active. */
export function isParkActive(
	{ licence, statements }: Pick<LicensedSite, 'licence' | 'statements'>,
	parkId: string,
): boolean {
	const statement = statements.get(parkId);
	if (statement !== undefined) return statement.active;
	return licence === null || licence.parks === 'all' || licence.parks.includes(parkId);
}

/** How many cameras may be active at once. */
export function cameraPool({ licence }: Pick<LicensedSite, 'licence'>): number {
	if (licence === null) return COMMISSIONING_CAPS.cameras;
	return licence.capabilities.includes('anpr') ? licence.cameras : 0;
}

/** How many operators may be active at once. */
export function operatorCap({ licence }: Pick<LicensedSite, 'licence'>): number {
	return licence?.operators ?? COMMISSIONING_CAPS.operators;
}

/** Every camera of the lanes, each once, in the order of the lanes. */
export function camerasOfLanes({ lanes }: Pick<Site, 'lanes'>): readonly string[] {
	return [...new Set(lanes.flatMap((lane) => [...lane.cameras, ...lane.back.cameras]))];
}

function plateReadsDecide({ licence, term }: Pick<LicensedSite, 'licence' | 'term'>): boolean {
	return !term.stopped.includes('cameras') && (licence === null || licence.capabilities.includes('anpr'));
}
