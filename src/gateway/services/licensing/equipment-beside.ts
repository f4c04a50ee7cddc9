import type { EquipmentFacts } from '../../core/access/facts.ts';
import { parkOfLane } from '../../core/area-chain.ts';
import { licenceFacts } from '../../core/licence/licence-facts.ts';
import type { Lane, Site } from '../../core/site.ts';
import { type StandingBesideDeps, standingBeside } from './standing-beside.ts';

/** What the licences allow at a lane, as the running gateway last wrote it: for commands that only read beside it. */
export async function equipmentBeside(
	deps: StandingBesideDeps & { readonly site: Site },
): Promise<(lane: Lane) => EquipmentFacts> {
	const licensed = await standingBeside(deps);
	return (lane) => licenceFacts(licensed, parkOfLane(deps.site, lane));
}
