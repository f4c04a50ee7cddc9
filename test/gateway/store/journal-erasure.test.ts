import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideAccess } from '../../../src/gateway/core/access/decide-access.ts';
import type { DecisionEntry, EditEntry, PassageEntry } from '../../../src/gateway/core/journal.ts';
import { createSeededRandom } from '../../../src/gateway/core/seeded-random.ts';
import { facts, TUESDAY_10H } from '../../support/access-facts.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

function decisionOf(name: string, change: Partial<DecisionEntry> = {}): DecisionEntry {
	const given = facts();
	return {
		type: 'decision',
		class: 'decision',
		id: randomUUID(),
		atMs: TUESDAY_10H,
		laneId: 'L1',
		decision: decideAccess(given),
		facts: given,
		vendId: null,
		subject: `subject of ${name}`,
		holderName: name,
		...change,
	};
}

function passageAfter(decisionId: string): PassageEntry {
	return {
		...{ type: 'passage', class: 'decision', laneId: 'L1', atMs: TUESDAY_10H },
		...{ id: randomUUID(), vendId: null, decisionId, holderId: null },
		...{ from: 'outside', to: 'A1', certainty: 'high' },
	};
}

const editOf = (key: string): EditEntry => ({
	...{ type: 'edit', class: 'audit', id: randomUUID(), atMs: TUESDAY_10H, operatorId: null, batchId: 'b1' },
	...{ table: 'holders', key, baseRev: 0, before: null, after: { id: key, name: `Name of ${key}` } },
});

describe('going through the journal to erase', () => {
	test('finds every readable row by place, over epochs, and no erased one', () => {
		const { journal, journalErasure } = openTempStore();
		for (const name of ['a', 'b', 'c']) journal.append(decisionOf(name));
		journal.startEpoch(TUESDAY_10H);
		journal.append(decisionOf('d'));
		const names = () => journalErasure.after(0, 10).rows.map((row) => (row.entry() as DecisionEntry).holderName ?? '');
		expect(names()).toEqual(['a', 'b', 'c', 'd']);
		expect(journalErasure.last()).toBe(4);
		expect(journalErasure.after(1, 2)).toMatchObject({ rows: [{ position: 2 }, { position: 3 }], upTo: 3 });
		const [, second] = journalErasure.after(0, 10).rows;
		expect(second && journalErasure.erase([second])).toBe(1);
		expect(second && journalErasure.erase([second])).toBe(0);
		expect(names()).toEqual(['a', 'c', 'd']);
		expect(journalErasure.after(4, 10)).toEqual({ rows: [], upTo: 4 });
	});

	test('what central has acknowledged is told by place, over epochs', () => {
		const { journal, journalErasure } = openTempStore();
		for (const name of ['a', 'b', 'c']) journal.append(decisionOf(name));
		expect(journalErasure.acknowledged()).toBe(0);
		journal.setAcked(2);
		expect(journalErasure.acknowledged()).toBe(2);
		const before = journal.gatewayEpoch();
		journal.startEpoch(TUESDAY_10H);
		expect(journalErasure.acknowledged()).toBe(2);
		journal.setAcked(3, before);
		expect(journalErasure.acknowledged()).toBe(3);
	});

	test('an erased edit is no longer found by its row, and its batch answers that it is erased', () => {
		const { journal, journalErasure } = openTempStore();
		journal.append(editOf('anna'));
		journal.append(editOf('bert'));
		expect(journal.isErased('b1')).toBe(false);
		journalErasure.erase(journalErasure.after(0, 1).rows);
		expect(journal.isErased('b1')).toBe(true);
		expect(journal.isErased('b2')).toBe(false);
		expect(journal.editsOf({ table: 'holders', key: 'anna' }, 10)).toEqual([]);
		expect(journal.editsOf({ table: 'holders', key: 'bert' }, 10)).toHaveLength(1);
	});
});

test('rows that moved to another page leave no copies of what was erased behind', () => {
	const dir = tempDir();
	const store = openTempStore(dir);
	const { journal, journalErasure } = store;
	const random = createSeededRandom(7);
	const below = (end: number) => random.between(0, end - 1);
	const ids: string[] = [];
	for (let batch = 0; batch < 60; batch += 1) {
		store.transaction(() => {
			for (let vehicle = 0; vehicle < 20; vehicle += 1) {
				const entry = decisionOf(`Zwaan${'x'.repeat(below(12))}`, { subject: 'P' });
				journal.append(entry);
				ids.push(entry.id);
				for (let sequel = 0; sequel < 3; sequel += 1) journal.append(passageAfter(ids.at(-1 - below(6)) ?? entry.id));
			}
		});
	}
	const { rows } = journalErasure.after(0, 100_000);
	const rest = [2_000, 4_000].flatMap((place) => journalErasure.after(place, 100_000).rows);
	const decisions = [...rows, ...rest].filter(({ body }) => body.includes('Zwaan'));
	expect(decisions).toHaveLength(1_200);
	journalErasure.erase(decisions);
	const copies = () => {
		store.checkpoint();
		return [...readFileSync(path.join(dir, 'site.db')).toString('latin1').matchAll(/zwaan/gi)].length;
	};
	expect(copies()).toBeGreaterThan(0);
	journalErasure.clearTraces(decisions.map(({ position }) => position));
	expect(copies()).toBe(0);
});

test('whatever was written around them, erased names are in no file, the chain holds and nothing else is lost', () => {
	const vehicle = fc.record({
		who: fc.integer({ min: 0, max: 30 }),
		length: fc.integer({ min: 0, max: 40 }),
		/** Which of the last decisions this one's passages follow. */
		follows: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
	});
	fc.assert(
		fc.property(fc.array(vehicle, { minLength: 40, maxLength: 220 }), fc.integer({ min: 1, max: 29 }), (all, limit) => {
			const dir = tempDir();
			const store = openTempStore(dir);
			const { journal, journalErasure } = store;
			const nameOf = (who: number) => `Zwaan${String(who).padStart(2, '0')}Naam`;
			const ids: string[] = [];
			for (const { who, length, follows } of all) {
				const entry = decisionOf(`${nameOf(who)} ${'x'.repeat(length)}`);
				store.transaction(() => {
					journal.append(entry);
					ids.push(entry.id);
					for (const back of follows) journal.append(passageAfter(ids.at(-1 - back) ?? entry.id));
				});
			}
			const { rows } = journalErasure.after(0, 100_000);
			const erased = rows.filter((row) => {
				const entry = row.entry();
				return entry.type === 'decision' && Number(entry.holderName?.slice(5, 7)) < limit;
			});
			journalErasure.erase(erased);
			journalErasure.clearTraces(erased.map(({ position }) => position));
			expect(store.checkpoint()).toBe(true);

			const file = readFileSync(path.join(dir, 'site.db')).toString('latin1');
			expect(readFileSync(path.join(dir, 'site.db-wal'))).toHaveLength(0);
			const left = [...file.matchAll(/zwaan(\d\d)naam/gi)].filter(([, who]) => Number(who) < limit);
			expect(left).toEqual([]);
			expect(journal.verify(0, 100_000)).toMatchObject({ result: 'holds', erased: erased.length, finished: true });
			const kept = all.filter(({ who }) => who >= limit).length;
			const shown = store.decisions.page({ words: [], limit: 1_000 }).lines;
			expect(shown).toHaveLength(all.length);
			expect(shown.filter(({ holderName }) => holderName !== null)).toHaveLength(kept);
			expect(store.decisions.page({ words: ['zwaan'], limit: 1_000 }).lines).toHaveLength(kept);
		}),
		{ numRuns: 8 },
	);
});
