import type { EquipmentFacts } from '../core/access/facts.ts';
import type { Lane } from '../core/site.ts';

/**
 * What the licences allow at a lane now: asked by decisions, what-if and `explain` alike, so that none of them knows
 * another licence. Before the first product licence everything is on (DOMAIN.md, product licence).
 */
export const licensedEquipment: (lane: Lane) => EquipmentFacts = () => COMMISSIONING;

const COMMISSIONING: EquipmentFacts = {
	productLicence: 'commissioning',
	rfidEnabled: true,
	unlicensedCameras: [],
	parkActive: true,
};
