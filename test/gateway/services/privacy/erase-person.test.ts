import { randomUUIDv7 } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { STANDALONE_EPOCH } from '../../../../src/gateway/core/directory-change.ts';
import { createReplay } from '../../../../src/gateway/services/decisions/replay.ts';
import { followBundles } from '../../../../src/gateway/services/directory/bundle-rights.ts';
import { createDirectoryEdits } from '../../../../src/gateway/services/directory/edit-directory.ts';
import { createEditFolding } from '../../../../src/gateway/services/directory/fold-edits.ts';
import { ROW_RULES } from '../../../../src/gateway/services/directory/row-rules.ts';
import { createPersonalData } from '../../../../src/gateway/services/privacy/create-personal-data.ts';
import { createRetentionHolds } from '../../../../src/gateway/services/retention/holds.ts';
import { DAY_MS } from '../../../support/access-facts.ts';
import { holder, openTempDirectory, plate, put } from '../../../support/directory-bench.ts';
import { bytesOf, decisionAbout, entryAt, readable, turn } from '../../../support/privacy-bench.ts';

const BY = { operatorId: 'op-1', reason: 'asked for by letter' };

function open({ hasCentral = false } = {}) {
	const bench = openTempDirectory();
	const { store, directory, reader, updates, clock, log } = bench;
	clock.advance(1_780_000_000_000);
	const folding = createEditFolding({ store, directory: updates, log });
	const common = { store, clock, log, newId: randomUUIDv7, journalGrew: () => undefined };
	const edits = createDirectoryEdits({
		...{ ...common, hasCentral, directory: reader, rules: ROW_RULES, follow: followBundles, isWired: () => true },
		edited: () => {
			if (!hasCentral) folding.fold();
		},
	});
	const holds = createRetentionHolds(common);
	const personal = createPersonalData({
		...{ ...common, directory: reader, edits, holds, hasCentral, rest: turn, folded: folding.settled },
		endImages: () => Promise.resolve(0),
		forgetImports: () => true,
		checkpointDirectory: async () => {
			await directory.worker.ask('checkpoint', null);
		},
	});
	onTestFinished(() => folding.settled());
	const person = (n: number) => {
		const id = `pers${n}x`;
		return { id, name: `Zwaan${n}x Wit${n}x`, plate: `1ZW${String(n).padStart(3, '0')}`, right: `right-${id}` };
	};
	return {
		...{ ...bench, folding, edits, holds, personal, person },
		/** Holder, plate and right, as somebody types them in. */
		async enrol(n: number) {
			const { id, name, plate: value, right } = person(n);
			const answer = edits.edit(
				[
					{ op: 'create', table: 'holders', row: { ...holder(id), name, email: `${id}@example.org` } },
					{ op: 'create', table: 'credentials', row: plate(`${id}-plate`, value, { holderId: id }) },
					{ op: 'create', table: 'assignedRights', row: rightOf(right, id) },
				],
				{ operatorId: 'op-1' },
			);
			expect(answer).toMatchObject({ result: 'done' });
			await folding.settled();
			return answer.result === 'done' ? answer.batchId : '';
		},
		/** Comes in: decision, passage and stay. */
		enter(n: number) {
			const { id, name, plate: value, right } = person(n);
			const entry = decisionAbout({ holderId: id, name, value }, clock.nowMs());
			store.transaction(() => {
				store.journal.append(entry);
				store.journal.append(passageOf(entry.id, id, clock.nowMs()));
				store.parkingSessions.open({
					...{ id: `stay-${entry.id}`, holderId: id, credentialId: `${id}-plate`, decisionId: entry.id, areaId: 'A1' },
					...{ counted: true, laneInId: 'L1', openedAtMs: clock.nowMs(), rightIds: [right] },
				});
				store.consumption.use(right, `stay-${entry.id}`, clock.nowMs());
				const line = { key: entry.id, kind: 'debit', amount: 5, atMs: clock.nowMs(), stayId: null } as const;
				store.wallets.post(right, line, true);
			});
			clock.advance(60_000);
			return entry.id;
		},
		async specification() {
			const row = { id: 'staff', name: 'Staff', strategy: 'firstCome', areaIds: [], scheduleId: null };
			const epoch = hasCentral ? 'e1' : STANDALONE_EPOCH;
			const delta = { stream: 'access', centralEpoch: epoch, from: 0, to: 1 } as const;
			await updates.applyDelta({ ...delta, ops: [put('rightSpecifications', row)] });
		},
	};
}

function rightOf(id: string, holderId: string) {
	return { id, holderId, specificationId: 'staff', state: 'active', validFromMs: null, validToMs: null };
}

function passageOf(decisionId: string, holderId: string, atMs: number) {
	return entryAt(atMs, {
		...{ type: 'passage', class: 'decision', laneId: 'L1', vendId: null, decisionId, holderId },
		...{ from: 'outside', to: 'A1', certainty: 'high' },
	});
}

/** What would tell who it was, in any file. */
const traces = (n: number) => new RegExp(`zwaan${n}x|wit${n}x|1zw${String(n).padStart(3, '0')}|pers${n}x`, 'gi');

describe('erasing one person', () => {
	test('leaves nothing of them in any file; the others, the counts and the chain stay', async () => {
		const site = open();
		await site.specification();
		for (const n of [1, 2]) await site.enrol(n);
		const decisions = [1, 2, 1, 2, 1].map((n) => ({ n, id: site.enter(n) }));
		const { store, personal, dir } = site;
		store.neutralHolders.reset(['pers1x'], 1);
		const audit = { type: 'audit', class: 'audit', operatorId: 'op-1', action: 'presenceReset' };
		store.journal.append(entryAt(1, { ...audit, target: 'pers9x pers1x', detail: { reason: 'x' } }));
		store.journal.append(entryAt(1, { ...audit, target: 'pers2x', detail: { reason: 'for ZWAAN1X WIT1X, he asked' } }));
		store.journal.append(decisionAbout({ holderId: null, value: '1-ZW-001' }, site.clock.nowMs()));
		const before = bytesOf(dir);
		expect(before.match(traces(1))?.length).toBeGreaterThan(20);
		expect(await personal.extent('pers1x')).toEqual({
			...{ credentials: 1, rights: 1, bookings: 0, stays: 3, decisions: 4, edits: 3, images: 0, others: 5, held: 0 },
		});

		const answer = personal.erase('pers1x', BY);
		expect(answer).toMatchObject({ result: 'begun' });
		expect(site.reader.holder('pers1x')).toBeUndefined();
		expect(site.reader.credential('plate', '1ZW001')).toBeUndefined();
		await personal.work();
		await site.directory.close();

		expect(bytesOf(dir).match(traces(1)) ?? []).toEqual([]);
		expect(personal.erasures()).toMatchObject([{ state: 'done', operatorId: 'op-1' }]);
		expect(store.journal.verify(0, 1_000)).toMatchObject({ result: 'holds', finished: true });
		const replay = createReplay(store);
		for (const { n, id } of decisions) {
			expect(replay.one(id)?.result).toBe(n === 1 ? 'redacted' : 'identical');
		}
		expect(store.decisions.page({ words: [], limit: 10 }).lines).toHaveLength(6);
		expect(store.decisions.page({ words: ['zwaan2x'], limit: 10 }).lines).toHaveLength(2);
		expect(store.parkingSessions.countOpen()).toBe(5);
		expect(store.parkingSessions.openByRight()).toEqual(new Map([['right-pers2x', 2]]));
		expect(store.wallets.state('right-pers1x').balance).toBe(0);
		expect(store.wallets.state('right-pers2x').balance).toBe(10);
	});

	test('is audited with who, why and how much, and not with whom', async () => {
		const site = open();
		await site.specification();
		await site.enrol(1);
		site.enter(1);
		const answer = site.personal.erase('pers1x', BY);
		const erasureId = answer.result === 'begun' ? answer.erasureId : '';
		await site.personal.work();
		const audits = readable(site.store).filter((entry) => entry.type === 'audit');
		expect(audits).toMatchObject([
			{ action: 'personErased', target: erasureId, operatorId: 'op-1', detail: { reason: BY.reason, credentials: 1 } },
			{ action: 'personErasureDone', target: erasureId, detail: { rows: 8 } },
		]);
		expect(JSON.stringify(audits)).not.toMatch(traces(1));
	});

	test('can’t be undone, and the changes that made them neither: both answer that they are erased', async () => {
		const site = open();
		await site.specification();
		const batchId = await site.enrol(1);
		const answer = site.personal.erase('pers1x', BY);
		await site.personal.work();
		for (const batch of [batchId, answer.result === 'begun' ? answer.erasureId : '']) {
			expect(() => site.edits.undo(batch, { operatorId: 'op-1' })).toThrow(/erased/);
		}
		expect(site.edits.history('holders', 'pers1x')).toEqual([]);
	});

	test('takes out somebody with more bookings than one transaction holds', async () => {
		const site = open();
		await site.specification();
		await site.enrol(1);
		for (let from = 0; from < 600; from += 300) {
			const bookings = Array.from({ length: 300 }, (_, n) => ({
				...({ op: 'create', table: 'plannedUses' } as const),
				row: {
					...{ holderId: 'pers1x', rightId: 'right-pers1x', startMs: (from + n) * DAY_MS },
					endMs: (from + n) * DAY_MS + 3_600_000,
				},
			}));
			expect(site.edits.edit(bookings, { operatorId: null })).toMatchObject({ result: 'done' });
			await site.folding.settled();
		}
		expect(site.personal.erase('pers1x', BY)).toMatchObject({ result: 'begun' });
		expect(site.reader.find('plannedUses', { holderId: 'pers1x' }, 10)).toEqual([]);
		await site.personal.work();
		await site.directory.close();
		expect(bytesOf(site.dir).match(traces(1)) ?? []).toEqual([]);
	});

	test('is refused while a vehicle of theirs is at a barrier, and with a reason that names them', async () => {
		const site = open();
		await site.specification();
		await site.enrol(1);
		const { store, personal } = site;
		const refused = (because: string) => ({ result: 'refused', because });
		expect(personal.erase('pers1x', { ...BY, reason: 'zwaan1x wit1x wrote' })).toEqual(refused('namedInReason'));
		expect(personal.erase('pers1x', { ...BY, reason: 'plate 1-zw-001' })).toEqual(refused('namedInReason'));
		store.occupancy.reserve({ id: 'v1', laneId: 'L1', holderId: 'pers1x', areaIds: ['A1'], atMs: 1 });
		expect(personal.erase('pers1x', BY)).toEqual(refused('underWay'));
		expect(() => personal.erase('nobody', BY)).toThrow(/no holder/);
		expect(site.reader.holder('pers1x')).toBeDefined();
		expect(personal.erasures()).toEqual([]);
	});

	test('waits for central to have what was recorded and the deletion itself, over a restart', async () => {
		const site = open({ hasCentral: true });
		await site.specification();
		await site.enrol(1);
		site.enter(1);
		const { store, personal } = site;
		personal.erase('pers1x', BY);
		await personal.work();
		expect(site.reader.holder('pers1x')).toBeUndefined();
		expect(personal.erasures()).toMatchObject([{ state: 'waiting', erased: 0 }]);
		expect(store.parkingSessions.page({ state: 'open', limit: 5 }).sessions).toMatchObject([{ holderId: null }]);
		store.journal.setAcked(store.journal.lastSeq());
		await personal.work();
		// Edits that central has not answered are sent again from the journal.
		expect(personal.erasures()).toMatchObject([{ state: 'waiting', erased: 5 }]);
		for (const edit of store.localEdits.list(100)) store.localEdits.settle(edit);
		await personal.work();
		expect(personal.erasures()).toMatchObject([{ state: 'done', erased: 8 }]);
		await site.directory.close();
		store.checkpoint();
		expect(bytesOf(site.dir).match(traces(1)) ?? []).toEqual([]);
	});

	test('leaves what an incident holds until the hold ends', async () => {
		const site = open();
		await site.specification();
		await site.enrol(1);
		const held = site.enter(1);
		site.enter(1);
		const until = site.clock.nowMs() + DAY_MS;
		const hold = site.holds.hold({
			...{ of: { kind: 'decision', decisionId: held }, reason: 'damage', operatorId: 'op-2', untilMs: until },
		});
		expect(await site.personal.extent('pers1x')).toMatchObject({ decisions: 2, held: 2 });
		site.personal.erase('pers1x', BY);
		await site.personal.work();
		expect(site.personal.erasures()).toMatchObject([{ state: 'waiting' }]);
		expect(createReplay(site.store).one(held)?.result).toBe('identical');
		site.holds.release(hold.id, 'op-2');
		await site.personal.work();
		expect(site.personal.erasures()).toMatchObject([{ state: 'done' }]);
		expect(createReplay(site.store).one(held)?.result).toBe('redacted');
	});
});

describe('the export of one person', () => {
	test('has the holder, credentials, rights, stays and every entry about them, nobody else’s, and is audited', async () => {
		const site = open();
		await site.specification();
		for (const n of [1, 2]) await site.enrol(n);
		const own = site.enter(1);
		site.enter(2);
		const parts = await Array.fromAsync(site.personal.export('pers1x', 'op-7'));
		const rows = (part: string) => parts.filter((found) => found.part === part).flatMap((found) => [...found.rows]);
		expect(rows('holders')).toMatchObject([{ id: 'pers1x', name: 'Zwaan1x Wit1x' }]);
		expect(rows('credentials')).toMatchObject([{ value: '1ZW001' }]);
		expect(rows('assignedRights')).toMatchObject([{ id: 'right-pers1x' }]);
		expect(rows('stays')).toMatchObject([{ decisionId: own }]);
		expect(rows('journal')).toMatchObject([
			...['edit', 'edit', 'edit'].map((type) => ({ type })),
			{ type: 'decision', id: own },
			{ type: 'passage', decisionId: own },
			{ type: 'audit', action: 'personExported', operatorId: 'op-7' },
		]);
		expect(JSON.stringify(parts)).not.toMatch(traces(2));
	});

	test('breaks off when the gateway stops, and asks the store nothing more', async () => {
		const site = open();
		await site.specification();
		await site.enrol(1);
		const parts = site.personal.export('pers1x', 'op-7')[Symbol.asyncIterator]();
		expect(await parts.next()).toMatchObject({ value: { part: 'holders' } });
		await site.personal.stop();
		const rest = async () => {
			while (!(await parts.next()).done);
		};
		await expect(rest()).rejects.toThrow('the gateway stops');
	});
});

test('after any sequence of visits and erasures no name of the erased is left, and the chain verifies', async () => {
	const step = fc.record({ do: fc.constantFrom('enter', 'enter', 'erase'), who: fc.integer({ min: 1, max: 4 }) });
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
			const site = open();
			await site.specification();
			for (const n of [1, 2, 3, 4]) await site.enrol(n);
			const erased = new Set<number>();
			for (const { do: what, who } of steps) {
				if (erased.has(who)) continue;
				if (what === 'enter') site.enter(who);
				else {
					site.personal.erase(site.person(who).id, BY);
					erased.add(who);
					await site.personal.work();
				}
			}
			await site.directory.close();
			site.store.checkpoint();
			const bytes = bytesOf(site.dir);
			for (const n of [1, 2, 3, 4]) expect([n, traces(n).test(bytes)]).toEqual([n, !erased.has(n)]);
			expect(site.store.journal.verify(0, 10_000)).toMatchObject({ result: 'holds', finished: true });
			expect(site.personal.erasures().every(({ state }) => state === 'done')).toBe(true);
		}),
		{ numRuns: 4 },
	);
});
