import { OUTSIDE } from '../site.ts';
import type { OpenSessionFact, RightFact } from './facts.ts';
import type { IdentityContext } from './rule-context.ts';

/** The holder's stay that goes on through this lane, further in or back out of a nested area; null: a new one begins. */
function stayThatGoesOn({ facts, identification }: IdentityContext): OpenSessionFact | null {
	const { lane, direction } = facts;
	const { credential, holder } = identification;
	if (direction === 'exit' || lane.from === OUTSIDE || holder === null) return null;
	const own = facts.openSessions.filter(({ holderId }) => holderId === holder.id);
	const same = own.find(({ credentialId }) => credentialId === credential?.id);
	return same ?? own.find(({ areaId }) => areaId === lane.from) ?? null;
}

/** What this right costs was paid when the stay began. */
export function isPaid(context: IdentityContext, { right }: RightFact): boolean {
	return stayThatGoesOn(context)?.rightIds?.includes(right.id) === true;
}

/** Stays of the holder under this right with another credential: vehicles that are inside besides this one. */
export function otherStays(
	{ facts, identification: { credential } }: IdentityContext,
	{ right }: RightFact,
): readonly OpenSessionFact[] {
	// In the area this lane leaves it is the stay that goes on: who came in by plate may show a card further in.
	return facts.openSessions.filter(
		({ holderId, credentialId, areaId, rightIds }) =>
			holderId === credential?.holderId &&
			credentialId !== credential.id &&
			areaId !== facts.lane.from &&
			(rightIds === undefined || rightIds.includes(right.id)),
	);
}

/** What names the counter of a pool or a group beside those of areas, whose ids hold no colon. */
export function poolCounter(id: string): string {
	return `pool:${id}`;
}

export function groupCounter(id: string): string {
	return `group:${id}`;
}

/** It holds one of these shared places already. */
export function holdsShared(context: IdentityContext, counter: string): boolean {
	return stayThatGoesOn(context)?.shared?.includes(counter) === true;
}
