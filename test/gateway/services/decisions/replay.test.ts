import { describe, expect, test } from 'vitest';
import { decideAccess } from '../../../../src/gateway/core/access/decide-access.ts';
import type { Decision } from '../../../../src/gateway/core/access/decision.ts';
import { RULE_SET } from '../../../../src/gateway/core/access/rule-set.ts';
import type { DecisionEntry } from '../../../../src/gateway/core/journal.ts';
import type { Site } from '../../../../src/gateway/core/site.ts';
import { createReplay } from '../../../../src/gateway/services/decisions/replay.ts';
import { aLane, aPlateRead, aRight, aTagRead, facts, usualRules } from '../../../support/access-facts.ts';
import { SITE } from '../../../support/console-site.ts';
import { openTempStore } from '../../../support/temp-store.ts';

/** As rules that knew less would have said it. */
const SHORTER: Decision = { ...decideAccess(facts()), verdicts: decideAccess(facts()).verdicts.slice(1) };
const REFUSED: Decision = { ...SHORTER, outcome: 'refused', headline: 'NO_RIGHT' };

function decided(id: string, decision: Decision, ruleSet?: number): DecisionEntry {
	return {
		...{ type: 'decision', class: 'decision', id, atMs: 1_000, laneId: 'L1', vendId: null },
		...{ decision, facts: facts(), subject: 'card', holderName: null },
		...(ruleSet !== undefined && { ruleSet }),
	};
}

describe('replay after an upgrade', () => {
	test('N2: compares what earlier rules decided by its outcome, and says that they were earlier', async () => {
		const store = openTempStore();
		const replay = createReplay(store);
		store.journal.append(decided('same', decideAccess(facts())));
		store.journal.append(decided('shorter', SHORTER, RULE_SET + 1));
		store.journal.append(decided('refused', REFUSED, RULE_SET + 1));
		store.journal.append(decided('wrong', REFUSED));
		expect(replay.one('same')).toEqual({ result: 'identical', decisionId: 'same' });
		expect(replay.one('shorter')).toEqual({ result: 'identical', decisionId: 'shorter', earlierRules: true });
		expect(replay.one('refused')).toMatchObject({ result: 'changed', earlierRules: true });
		expect(replay.one('wrong')).toMatchObject({ result: 'changed', earlierRules: false });
		const report = await replay.since({ sinceMs: 0, maximumChanges: 10 });
		expect(report).toMatchObject({ decisions: 4, identical: 2, changed: 2, earlierRules: 2 });
	});
});

/** The outcome of one stored decision on these facts, were the site another one. */
function underSite(given: Parameters<typeof facts>[0], proposed: Partial<Site>) {
	const store = openTempStore();
	const read = facts(given);
	store.journal.append({ ...decided('d', decideAccess(read), RULE_SET), facts: read });
	const site = { ...SITE, lanes: [aLane()], ...proposed };
	return createReplay(store).one('d', site);
}

describe('replay of a proposed change', () => {
	const deck = (change: Partial<Site['areas'][number]> = {}) => [
		{ id: 'A1', name: 'Deck', parkId: 'P1', ...change },
		{ id: 'B1', name: 'Roof', parkId: 'P1' },
	];
	const strict = { ...usualRules, strictExit: true };
	const leaving = { direction: 'exit', areas: [], lane: { from: 'A1', rules: strict } } as const;
	const exit = aLane({ kind: 'exit', from: 'A1', to: 'outside', rules: strict });
	const roofOnly = { rights: [aRight({ areaIds: ['A1'] })] };

	test.each([
		['the same site', {}, {}, undefined],
		['a lane that leads to another area', roofOnly, { areas: deck(), lanes: [aLane({ to: 'B1' })] }, 'WRONG_AREA'],
		['a lane without its reader', {}, { lanes: [aLane({ readers: [] })] }, 'UNKNOWN_CREDENTIAL'],
		[
			'an exit that watches who leaves',
			leaving,
			{ areas: deck({ antiPassback: { mode: 'hard' } }), lanes: [exit] },
			'ANTI_PASSBACK_OUT',
		],
		['an exit that does not', leaving, { areas: deck(), lanes: [exit] }, undefined],
		[
			'a reversible lane, driven the other way into a smaller area',
			{
				lane: { from: 'B1' },
				areas: [{ areaId: 'A1', level: 'area', entering: true, capacity: 80, occupied: 9, reserved: 0 }],
			},
			{ areas: deck({ capacity: 9 }), lanes: [aLane({ kind: 'reversible', from: 'A1', to: 'B1' })] },
			'AREA_FULL',
		],
	] as const)('N2: %s', (_, given, proposed, headline) => {
		const replayed = underSite(given, proposed);
		expect(replayed).toMatchObject(
			headline === undefined
				? { result: 'identical' }
				: { after: { outcome: 'refused', headline }, because: [headline] },
		);
	});

	test('N2: names the rules that changed the outcome, not those that came to apply and pass', () => {
		const store = openTempStore();
		const replay = createReplay(store);
		const read = facts({
			presented: [aTagRead(), aPlateRead()],
			areas: [{ areaId: 'A1', level: 'area', entering: true, capacity: 80, occupied: 10, reserved: 0 }],
		});
		store.journal.append({ ...decided('both', decideAccess(read), RULE_SET), facts: read });
		const proposed = {
			...SITE,
			areas: [{ id: 'A1', name: 'Deck', parkId: 'P1', capacity: 10 }],
			lanes: [aLane({ identify: 'both' })],
		};
		expect(replay.one('both', proposed)).toMatchObject({
			before: { outcome: 'granted' },
			after: { outcome: 'refused', headline: 'AREA_FULL' },
			because: ['AREA_FULL'],
		});
	});
});
