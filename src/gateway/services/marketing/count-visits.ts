import { setImmediate as turn } from 'node:timers/promises';
import { LIMITS } from '../../core/limits.ts';
import type { Campaign, CampaignStore, CountedStay } from '../../store/campaigns.ts';

/** A stay that began in the period ends within this time of its end, or is still open: forgotten exits are closed. */
const LONGEST_STAY_MS = 62 * 86_400_000;
/** Stays looked at between two turns of the event loop. */
const SLICE = 200;

/** Stays that began in the period by one of the rights, and by how many of them somebody came. Looks through LIMITS.campaignStays at most. */
export async function countVisits(
	store: Pick<CampaignStore, 'stays'>,
	{ fromMs, toMs }: Pick<Campaign, 'fromMs' | 'toMs'>,
	rights: ReadonlySet<string>,
): Promise<{ readonly visits: number; readonly came: number }> {
	const came = new Set<string>();
	let visits = 0;
	let looked = 0;
	if (rights.size === 0) return { visits, came: 0 };
	for (const state of ['open', 'closed'] as const) {
		const span = { fromMs, toMs: state === 'open' ? toMs : toMs + LONGEST_STAY_MS };
		for (let last: CountedStay | null = null; looked < LIMITS.campaignStays; ) {
			const stays: readonly CountedStay[] = store.stays(state, span, last, SLICE);
			for (const { rightId, openedAtMs } of stays) {
				if (rightId === null || !rights.has(rightId) || openedAtMs < fromMs || openedAtMs >= toMs) continue;
				visits += 1;
				came.add(rightId);
			}
			looked += stays.length;
			last = stays.at(-1) ?? null;
			if (stays.length < SLICE) break;
			await turn();
		}
	}
	return { visits, came: came.size };
}
