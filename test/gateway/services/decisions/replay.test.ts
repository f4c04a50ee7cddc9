import { describe, expect, test } from 'vitest';
import { decideAccess } from '../../../../src/gateway/core/access/decide-access.ts';
import type { Decision } from '../../../../src/gateway/core/access/decision.ts';
import { RULE_SET } from '../../../../src/gateway/core/access/rule-set.ts';
import type { DecisionEntry } from '../../../../src/gateway/core/journal.ts';
import { createReplay } from '../../../../src/gateway/services/decisions/replay.ts';
import { aLane, aPlateRead, aTagRead, facts } from '../../../support/access-facts.ts';
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

describe('replay of a proposed change', () => {
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
