import type { EvidenceListQuery } from '../../../../gateway/services/evidence/evidence.ts';
import { MODERATION_PATH } from './moderation-paths.ts';

const OUTCOMES = ['granted', 'refused', 'none'] as const;
const STATES = ['kept', 'held', 'blurred', 'deleted'] as const;

export interface ModerationFilter {
	readonly lane: string;
	readonly outcome: '' | (typeof OUTCOMES)[number];
	readonly state: (typeof STATES)[number];
}

/** What is no filter is none. */
export function parseModerationFilter(query: Readonly<Record<string, string>>): ModerationFilter {
	return {
		lane: (query['lane'] ?? '').slice(0, 64),
		outcome: OUTCOMES.find((outcome) => outcome === query['outcome']) ?? '',
		state: STATES.find((state) => state === query['state']) ?? 'kept',
	};
}

export function isNarrowed({ lane, outcome, state }: ModerationFilter): boolean {
	return lane !== '' || outcome !== '' || state !== 'kept';
}

export function evidenceQuery({ lane, outcome, state }: ModerationFilter): Omit<EvidenceListQuery, 'limit'> {
	return { state, ...(lane !== '' && { laneId: lane }), ...(outcome !== '' && { outcome }) };
}

export function moderationHref(filter: ModerationFilter, cursor?: string): string {
	const { lane, outcome, state } = filter;
	const set = new URLSearchParams({
		...(lane !== '' && { lane }),
		...(outcome !== '' && { outcome }),
		...(state !== 'kept' && { state }),
		...(cursor !== undefined && { cursor }),
	});
	return set.size === 0 ? MODERATION_PATH : `${MODERATION_PATH}?${set}`;
}
