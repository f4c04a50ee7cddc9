import { decideAccess } from '../../core/access/decide-access.ts';
import type { AccessFacts } from '../../core/access/facts.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { Access } from '../../core/permission/access.ts';
import { isOfLanes, placeOfEvent } from '../../core/permission/event-place.ts';
import { placeOfRecord, type RowLook } from '../../core/permission/row-place.ts';
import { tagName } from '../../core/scanned-text.ts';
import type { Site } from '../../core/site.ts';
import { parseTag } from '../../core/tag.ts';
import type { WhatIf, WhatIfAnswer, WhatIfQuestion } from './what-if.ts';

type Reader = Pick<Access, 'may' | 'reach'>;

export interface SeenWhatIfDeps {
	readonly rowLook: () => RowLook;
	readonly site: Pick<Site, 'lanes'>;
}

/** Whether they may ask about this person: those they see, and those they were given to ask about. */
export function asksAbout({ may }: Pick<Access, 'may'>, holderId: string, look: RowLook): boolean {
	if (may('decisions:check')) return true;
	const place = placeOfRecord(`holders/${holderId}`, look);
	return may('holders:read', place) || may('decisions:check', place);
}

/** Lanes they may ask about; of a group or a person whatever lane they would come to. */
export function lanesAskedOf({ may, reach }: Reader, lanes: Site['lanes']): Site['lanes'] {
	if (may('decisions:check') || asksOfPeople(reach)) return lanes;
	return lanes.filter(({ id }) => may('decisions:check', { kind: 'lane', id }));
}

/**
 * What one reader may ask: of their lanes with whoever they know, and of their people at any lane. A plate or tag of
 * anybody else is answered as if nobody here had it.
 */
export function seenWhatIf(whatIf: WhatIf, { rowLook, site }: SeenWhatIfDeps, access: Reader): WhatIf {
	function checkInParts(question: WhatIfQuestion): WhatIfAnswer {
		const look = rowLook();
		const { laneId, who } = question;
		if (!lanesAskedOf(access, site.lanes).some(({ id }) => id === laneId)) throw noLane(laneId);
		const isAt = (holderId: string | null) =>
			access.may('decisions:check', placeOfEvent({ laneIds: [laneId], holderId }, look));
		const isAsked = (holderId: string) => asksAbout(access, holderId, look) && isAt(holderId);
		if (who.kind === 'holder' && !isAsked(who.holderId)) {
			throw new GatewayError('NOT_FOUND', `there is no holder ${who.holderId}`);
		}
		const answer = whatIf.check(question);
		const holderIds = holdersOf(answer.facts);
		if (holderIds.length > 0 && holderIds.every(isAsked)) return answer;
		if (!isAt(null)) throw noLane(laneId);
		return holderIds.length === 0 && !isAmbiguous(answer.facts) ? answer : asOfNobody(answer, who);
	}
	return {
		check: (question) => (access.may('decisions:check') ? whatIf.check(question) : checkInParts(question)),
	};
}

function asksOfPeople(reach: Access['reach']): boolean {
	const asked = reach('decisions:check');
	return typeof asked === 'object' && !asked.given.every(isOfLanes);
}

function holdersOf({ presented }: AccessFacts): readonly string[] {
	return presented.flatMap(({ match }) => ('credential' in match ? match.credential.holderId : []));
}

/** Several plates are like it, whoever's they are. */
function isAmbiguous({ presented }: AccessFacts): boolean {
	return presented.some(({ match }) => match.how === 'ambiguous');
}

/** As the lane would decide of what nobody here has. */
function asOfNobody({ facts }: WhatIfAnswer, who: WhatIfQuestion['who']): WhatIfAnswer {
	// Of a code that is known the facts say its name, of another what was read.
	const tag = who.kind === 'tag' ? parseTag(who.value) : undefined;
	const read = tag === undefined ? {} : { value: tagName(tag) };
	const unknown: AccessFacts = {
		...facts,
		presented: facts.presented.map((presented) => ({ ...presented, ...read, match: { how: 'none' } })),
		...{ rights: [], openSessions: [], lastUses: [], neutralHolderIds: [] },
	};
	return { decision: decideAccess(unknown), facts: unknown, holderName: null };
}

function noLane(laneId: string): GatewayError {
	return new GatewayError('NOT_FOUND', `There is no lane ${JSON.stringify(laneId)} here.`);
}
