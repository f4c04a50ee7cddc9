import { setImmediate as turn } from 'node:timers/promises';
import { foldText } from '../../core/fold-text.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { ActiveOperator, ActiveOperatorPage } from '../../store/operator-days.ts';
import { cursorParts } from '../list-cursor.ts';
import { type OperatorPage, type OperatorQuery, viewOfOperator } from './operator-view.ts';
import type { OperatorsParts } from './operators-deps.ts';

type Place = ActiveOperatorPage['next'];

/** Names looked through between two turns: some ms. */
const LOOKED = 4_000;

/**
 * By name. A text that few of 100,000 have is looked for among all of them, a piece at a time: whatever waits goes first
 * in between.
 */
export async function listOperators(
	parts: OperatorsParts,
	{ q = '', state, role, group, cursor, limit }: OperatorQuery,
): Promise<OperatorPage> {
	const { operators, operatorDays } = parts.store;
	const asked = { text: q, state: state ?? null, roleId: role ?? null, groupId: group ?? null, inactive: null };
	const found: ActiveOperator[] = [];
	let place = placeOf(cursor);
	for (let isAll = false; !isAll && found.length <= limit; ) {
		const page = operatorDays.page({ ...asked, after: place, looked: LOOKED, limit: limit + 1 - found.length });
		found.push(...page.operators);
		isAll = page.next === null;
		place = page.next;
		if (!isAll && found.length <= limit) await turn();
	}
	const shown = found.slice(0, limit);
	return {
		items: shown.flatMap(({ id }) => {
			const row = operators.operatorById(id);
			return row === undefined ? [] : [viewOfOperator(parts, row)];
		}),
		nextCursor: found.length > limit ? cursorAfter(shown.at(-1)) : null,
	};
}

const LIST = 'operators';

function cursorAfter(last: Pick<ActiveOperator, 'id' | 'name'> | undefined): string | null {
	if (last === undefined) return null;
	return Buffer.from(JSON.stringify([LIST, foldText(last.name), last.id])).toString('base64url');
}

/** Throws INVALID_REQUEST for any text that `cursorAfter` did not make. */
function placeOf(cursor: string | undefined): Place {
	if (cursor === undefined) return null;
	const [list, nameKey, id] = cursorParts(cursor);
	if (list === LIST && typeof nameKey === 'string' && typeof id === 'string') return { nameKey, id };
	throw new GatewayError('INVALID_REQUEST', 'this cursor is not from the list of operators; start without one');
}
