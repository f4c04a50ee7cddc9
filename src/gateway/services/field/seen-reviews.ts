import { GatewayError } from '../../core/gateway-error.ts';
import { devicesOfLane } from '../../core/lane/lane-devices.ts';
import type { Access } from '../../core/permission/access.ts';
import { isOfLanes, placeOfEvent } from '../../core/permission/event-place.ts';
import { placeOfRecord, type RowLook } from '../../core/permission/row-place.ts';
import type { Place } from '../../core/permission/scope.ts';
import type { Permission } from '../../core/permission.ts';
import type { Site } from '../../core/site.ts';
import type { DecisionSummary } from '../access-log.ts';
import type { PersonalView } from '../privacy/personal-view.ts';
import type { DoubtfulRead, ReviewItem, ReviewQueue } from './review-queue.ts';

export interface SeenReviewsDeps {
	readonly rowLook: () => RowLook;
	readonly site: Pick<Site, 'lanes'>;
	/** What the reader is shown of people of that place. */
	readonly viewAt: (place: Place) => PersonalView;
}

/** Reads in doubt as one reader may see and judge them: by the lane that saw them, and by whom they concern. */
export interface SeenReviews extends ReviewQueue {
	/** Whether they may say what this read was. */
	mayReview(decision: DecisionSummary): boolean;
}

export function seenReviews(
	queue: ReviewQueue,
	{ rowLook, site, viewAt }: SeenReviewsDeps,
	access: Pick<Access, 'may' | 'reach'>,
): SeenReviews {
	const isAt = (permission: Permission, { laneId, holderId }: DecisionSummary, look = rowLook()) =>
		access.may(permission) || access.may(permission, placeOfEvent({ laneIds: [laneId], holderId }, look));
	/** What they neither see nor judge is not there. */
	const isThere = (decision: DecisionSummary, look = rowLook()) =>
		isAt('review:read', decision, look) || isAt('review:write', decision, look);
	/** Throws FORBIDDEN; false: it is as if it was not there. */
	function mayJudge(decisionId: string): boolean {
		if (access.may('review:write')) return true;
		const decision = queue.decision(decisionId);
		if (decision === undefined || !isThere(decision)) return false;
		if (isAt('review:write', decision)) return true;
		throw new GatewayError('FORBIDDEN', 'You see this read, and may not say what it was: that needs review:write.');
	}

	/** undefined: of whichever lane. */
	function lanesSeen(): readonly string[] | undefined {
		const reach = access.reach('review:read');
		if (reach === 'nothing') return [];
		if (reach === 'everything' || !reach.given.every(isOfLanes)) return undefined;
		const seen = site.lanes.filter(({ id }) => access.may('review:read', { kind: 'lane', id }));
		return seen.map(({ id }) => id);
	}

	function shown({ decision, why, reads, hints }: ReviewItem, look: RowLook): ReviewItem {
		const viewOf = (holderId: string | null) => viewAt(placeOfEvent({ laneIds: [decision.laneId], holderId }, look));
		return {
			...{ why, decision: viewOf(decision.holderId).summary(decision) },
			reads: reads.map((read) => shownRead(viewOf(read.holderId), read)),
			hints: hints.filter(({ holderId }) => viewAt(placeOfRecord(`holders/${holderId}`, look)).seesAll),
		};
	}

	return {
		async list(query) {
			const look = rowLook();
			const laneIds = lanesSeen();
			const page = await queue.list({
				...query,
				...(laneIds !== undefined && { laneIds }),
				...(!access.may('review:read') && { isSeen: (decision) => isAt('review:read', decision, look) }),
			});
			return { ...page, items: page.items.map((item) => shown(item, look)) };
		},
		mayReview: (decision) => isAt('review:write', decision),
		review(request) {
			if (!mayJudge(request.decisionId)) return { result: 'refused', because: 'notFound' };
			const look = rowLook();
			// Which plates are known could be found by trying.
			const mayName = (holderId: string) => viewAt(placeOfRecord(`holders/${holderId}`, look)).seesAll;
			return queue.review({ ...request, mayName });
		},
		decision(decisionId) {
			const decision = queue.decision(decisionId);
			return decision !== undefined && isThere(decision) ? decision : undefined;
		},
		reopen: (decisionId, operatorId) => mayJudge(decisionId) && queue.reopen(decisionId, operatorId),
		cameras() {
			const counts = queue.cameras();
			if (access.may('review:read')) return counts;
			// A camera that serves other lanes too counts their reads.
			return counts.filter(({ deviceId }) => {
				const served = site.lanes.filter((lane) => devicesOfLane(lane).includes(deviceId));
				return served.length > 0 && served.every(({ id }) => access.may('review:read', { kind: 'lane', id }));
			});
		},
	};
}

function shownRead(view: PersonalView, { value, holderName, ...read }: DoubtfulRead): DoubtfulRead {
	return { ...read, value: view.text(value), holderName: holderName && view.text(holderName) };
}
