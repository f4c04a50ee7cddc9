import { randomUUIDv7 } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { STANDALONE_EPOCH } from '../../../../src/gateway/core/directory-change.ts';
import { followBundles } from '../../../../src/gateway/services/directory/bundle-rights.ts';
import { createDirectoryEdits } from '../../../../src/gateway/services/directory/edit-directory.ts';
import { createEditFolding } from '../../../../src/gateway/services/directory/fold-edits.ts';
import { ROW_RULES } from '../../../../src/gateway/services/directory/row-rules.ts';
import { createPersonalData } from '../../../../src/gateway/services/privacy/create-personal-data.ts';
import { createRetentionHolds } from '../../../../src/gateway/services/retention/holds.ts';
import { DAY_MS } from '../../../support/access-facts.ts';
import { holder, openTempDirectory, plate, put } from '../../../support/directory-bench.ts';
import { aReadWith, createTestEvidence, keep } from '../../../support/evidence-bench.ts';
import { solidJpeg } from '../../../support/images.ts';
import { bytesOf, decisionAbout, entryAt, turn } from '../../../support/privacy-bench.ts';
import { placesOf } from '../../../support/store-texts.ts';

const BY = { operatorId: 'op-1' };
const CODE = 'Wit7xJ-2mVbT90sKd_LpaQ';
const CARD = '0F7A3E11CC';
/** What would tell who it was. */
const TRACES = new RegExp(`zwaantje|1-?zwa-?001|zwa@|\\+32 9 765|${CODE}|${CARD}`, 'i');

/** A standalone site on which two people left what anybody can leave, in every table that knows of people. */
async function livedIn() {
	const bench = openTempDirectory();
	const { store, directory, reader, updates, clock, log } = bench;
	clock.advance(1_780_000_000_000);
	const folding = createEditFolding({ store, directory: updates, log });
	onTestFinished(() => folding.settled());
	const common = { store, clock, log, newId: randomUUIDv7, journalGrew: () => undefined };
	const edits = createDirectoryEdits({
		...{ ...common, hasCentral: false, directory: reader, rules: ROW_RULES, follow: followBundles },
		...{ isWired: () => true, edited: () => folding.fold() },
	});
	const holds = createRetentionHolds(common);
	const evidence = createTestEvidence({ store, clock, log });
	onTestFinished(() => evidence.stop());
	const personal = createPersonalData({
		...{ ...common, directory: reader, edits, holds, hasCentral: false, rest: turn, folded: folding.settled },
		endImages: evidence.ending.endOf,
		forgetImports: () => true,
		async checkpointDirectory() {
			await directory.worker.ask('checkpoint', null);
		},
	});
	const specification = {
		...{ id: 'staff', name: 'Staff', strategy: 'credits', areaIds: [], scheduleId: null, creditCost: 1 },
		...{ useLimit: 10, usePeriod: 'year', priceMinor: 300, currency: 'EUR' },
	};
	await updates.applyDelta({
		...{ stream: 'access', centralEpoch: STANDALONE_EPOCH, from: 0, to: 1 },
		ops: [put('rightSpecifications', specification)],
	});
	return { ...bench, folding, edits, holds, personal, evidence };
}

type Site = Awaited<ReturnType<typeof livedIn>>;

interface Who {
	readonly id: string;
	readonly name: string;
	readonly plate: string;
	readonly card: string;
	readonly code: string;
	readonly email: string;
	readonly phone: string;
}

const HER: Who = {
	...{ id: 'p-zwaantje', name: 'Zwaantje Wit', plate: '1ZWA001', card: CARD, code: CODE },
	...{ email: 'zwa@example.org', phone: '+32 9 765' },
};
const HIM: Who = {
	...{ id: 'p-bert', name: 'Bert Zwart', plate: '1BER002', card: '0F00000001', code: 'bert-code-bert-code' },
	...{ email: 'b@example.org', phone: '+32 1 234' },
};

/** Typed in, changed, undone, booked. */
async function enrol(
	{ edits, folding, clock }: Site,
	{ id, name, plate: value, card, code, email, phone }: Who,
): Promise<void> {
	const startMs = clock.nowMs() + DAY_MS;
	const span = { startMs, endMs: startMs + 3_600_000 };
	const row = { ...holder(id), name, email, phone, note: `${name} likes shade` };
	const of = { holderId: id };
	const right = { ...of, specificationId: 'staff', state: 'active', validFromMs: null, validToMs: null };
	const made = edits.edit(
		[
			{ op: 'create', table: 'holders', row },
			{
				op: 'create',
				table: 'credentials',
				row: plate(`${id}-plate`, value, { ...of, label: value.replace(/(.)(...)/, '$1-$2-') }),
			},
			{ op: 'create', table: 'credentials', row: plate(`${id}-card`, card, { ...of, kind: 'tag' }) },
			{ op: 'create', table: 'credentials', row: plate(`${id}-code`, code, { ...of, kind: 'qr' }) },
			{ op: 'create', table: 'assignedRights', row: { ...right, id: `${id}-right` } },
			{
				op: 'create',
				table: 'plannedUses',
				row: { ...of, ...span, id: `${id}-use`, rightId: `${id}-right`, note: name },
			},
			{
				op: 'create',
				table: 'holders',
				row: { ...holder(`guest-${value.length}-${value.at(-1)}`), tags: ['visitor'], hostId: id },
			},
		],
		BY,
	);
	expect(made).toMatchObject({ result: 'done' });
	const renamed = edits.edit([{ op: 'update', table: 'holders', key: id, fields: { name: `${name}-Maes` } }], BY);
	if (renamed.result !== 'done') throw new Error(JSON.stringify(renamed.problems));
	expect(edits.undo(renamed.batchId, BY).result).toBe('done');
	await folding.settled();
}

/** Comes in; what it costs is captured, promised and corrected by hand. */
function stay({ store, clock }: Site, { id, name, plate: value }: Who, n: number): void {
	const atMs = clock.nowMs();
	const [stayId, rightId] = [`stay-${randomUUIDv7()}`, `${id}-right`];
	const entry = decisionAbout({ holderId: id, name, value }, atMs);
	const about = { decisionId: entry.id, holderId: id };
	store.transaction(() => {
		store.journal.append(entry);
		store.journal.append(
			entryAt(atMs, {
				...{ type: 'passage', class: 'decision', laneId: 'L1', vendId: null, ...about },
				...{ from: 'outside', to: 'A1', certainty: 'high' },
			}),
		);
		store.journal.append(
			entryAt(atMs, {
				...{ type: 'stay', class: 'decision', event: 'charged', stayId, bookingId: `${id}-use`, rightId, ...about },
				detail: { price: 300, currency: 'EUR' },
			}),
		);
		store.parkingSessions.open({
			...{ id: stayId, credentialId: `${id}-plate`, areaId: 'A1', counted: true, laneInId: 'L1', openedAtMs: atMs },
			...{ ...about, rightIds: [rightId], shared: [{ counter: 'pool.p' }] },
		});
		store.consumption.use(rightId, stayId, atMs);
		store.consumption.charge({
			...{ stayId, rightId, segment: 0, holderId: id, atMs, credits: 1 },
			price: { minor: 300, currency: 'EUR' },
		});
		store.wallets.post(rightId, { key: `adjust.${stayId}`, kind: 'adjust', amount: 5, atMs, stayId: null }, false);
		store.wallets.post(rightId, { key: `${stayId}.hold`, kind: 'hold', amount: -1, atMs, stayId }, false);
		store.consumption.useBooking({ bookingId: `${id}-use`, state: 'used', stayId, atMs });
		const deadline = { stayId, rightId, times: 0, dueAtMs: atMs + DAY_MS } as const;
		store.stayDeadlines.set({ ...deadline, kind: 'dwell', detail: { sinceMs: atMs } });
		if (n % 2 === 0) store.parkingSessions.close(stayId, { atMs: atMs + 1, laneOutId: 'L2', by: 'passage' });
		store.readReviews.add({
			...{ decisionId: entry.id, verdict: 'corrected', credentialId: `${id}-plate`, deviceId: 'cam-1', atMs },
			operatorId: 'op-1',
		});
	});
	clock.advance(60_000);
}

/** What operators did with them, and typed. */
function deskWork({ store, holds, clock }: Site, { id, name, plate: value }: Who): void {
	const atMs = clock.nowMs();
	const audit = (action: string, target: string, detail: object) =>
		store.journal.append(entryAt(atMs, { type: 'audit', class: 'audit', operatorId: 'op-1', action, target, detail }));
	audit('presenceReset', id, { reason: 'came in twice' });
	audit('walletAdjusted', `${id}-right`, { amount: 5, reason: `for ${name}` });
	audit('codeShown', `${id}-code`, {});
	audit('readReviewed', 'd-1', { credentialId: `${id}-plate` });
	store.neutralHolders.reset([id], atMs);
	store.journal.append(
		entryAt(atMs, {
			...{ type: 'vend', class: 'decision', laneId: 'L1', vendId: 'v-1', decisionId: null, operatorId: 'op-1' },
			...{ reason: `${value} has no card today`, outcome: { result: 'done' } },
		}),
	);
	store.laneModes.set(`lane-${value.at(-1)}`, {
		...{ kind: 'closedToAll', ownerId: 'op-1', reason: `${name} moves house`, sinceMs: atMs },
		...{ untilMs: null, confirmed: true },
	});
	const period = { kind: 'period', fromMs: 1, toMs: 2 } as const;
	holds.hold({ of: period, reason: `the car of ${name}`, untilMs: atMs + DAY_MS, operatorId: 'op-1' });
}

/** Cameras took them: at a decision, beside one, and once so that it was deleted. */
async function photograph({ evidence, store, clock }: Site, { id, name, plate: value }: Who): Promise<void> {
	const entry = decisionAbout({ holderId: id, name, value }, clock.nowMs());
	store.journal.append(entry);
	const atDecision = aReadWith([solidJpeg(`${id} decided`)], { plate: '9-OTH-999' });
	const beside = aReadWith([solidJpeg(`${id} beside`), solidJpeg(`${id} deleted`)], { plate: value });
	await keep(evidence, clock, atDecision, beside);
	store.evidence.decided(atDecision.id, 'L1', entry.id);
	const [, deleted] = evidence.evidence.list({ state: 'kept', limit: 10, observationId: beside.id }).items;
	await evidence.moderation.delete(deleted?.image.id ?? '', `${name} asked for it`, 'op-1');
}

test('after an erasure nothing names the person in any column of either file, and the others are as they were', async () => {
	const site = await livedIn();
	for (const who of [HER, HIM]) {
		await enrol(site, who);
		for (const n of [1, 2, 3]) stay(site, who, n);
		deskWork(site, who);
		await photograph(site, who);
	}
	const { store, dir } = site;
	const everywhere = [
		...['decisions.search', 'journal.body', 'stay_charges.right_id', 'right_uses.right_id', 'wallets.right_id'],
		...['ledger.right_id', 'booking_uses.booking_id', 'neutral_holders.holder_id', 'parking_sessions.holder_id'],
		...['parking_sessions.right_ids', 'stay_deadlines.right_id', 'read_reviews.credential_id', 'lane_modes.mode'],
		...['retention_holds.reason', 'edit_history.key', 'evidence_links.plate', 'evidence_images.deleted_reason'],
	].map((place) => `site.db ${place}`);
	const before = placesOf(dir, TRACES);
	expect(before).toEqual(expect.arrayContaining(everywhere));
	expect(before.filter((place) => place.startsWith('directory-'))).toEqual(
		expect.arrayContaining([
			expect.stringContaining('holders.name'),
			expect.stringContaining('credentials.value'),
			expect.stringContaining('holders_words.word'),
			expect.stringContaining('planned_uses.note'),
		]),
	);
	expect(site.evidence.evidence.status().images).toBe(4);
	const his = /bert/i;
	const placesOfHim = placesOf(dir, his);
	const charged = store.consumption.charges(0, Number.MAX_SAFE_INTEGER, 100).length;

	const reason = 'asked for by letter';
	expect(site.personal.erase(HER.id, { ...BY, reason })).toMatchObject({ result: 'begun' });
	await site.personal.work();
	await site.directory.close();

	expect(placesOf(dir, TRACES)).toEqual([]);
	expect(bytesOf(dir)).not.toMatch(TRACES);
	expect(placesOf(dir, his)).toEqual(placesOfHim);
	expect(site.evidence.evidence.status().images).toBe(2);
	const files = readdirSync(path.join(dir, 'evidence'), { recursive: true, withFileTypes: true });
	expect(files.filter((file) => file.isFile())).toHaveLength(4);
	expect(site.personal.erasures()).toMatchObject([{ state: 'done' }]);
	expect(store.journal.verify(0, 10_000)).toMatchObject({ result: 'holds', finished: true });
	// Sums stay right, of nobody.
	expect(store.consumption.charges(0, Number.MAX_SAFE_INTEGER, 100)).toHaveLength(charged);
	expect(store.wallets.state(`${HIM.id}-right`).balance).toBe(12);
});

test('what is handed over of one person has everything that rights cost, and no codes', async () => {
	const site = await livedIn();
	for (const who of [HER, HIM]) {
		await enrol(site, who);
		stay(site, who, 2);
	}
	const parts = await Array.fromAsync(site.personal.export(HER.id, 'op-7'));
	const rows = (part: string) => parts.filter((found) => found.part === part).flatMap((found) => [...found.rows]);
	expect(rows('uses')).toMatchObject([{ rightId: 'p-zwaantje-right', times: 1 }]);
	expect(rows('ledger')).toMatchObject([
		{ kind: 'adjust', amount: 5 },
		{ kind: 'hold', amount: -1, balance: 4 },
	]);
	expect(rows('charges')).toMatchObject([{ priceMinor: 300, currency: 'EUR' }]);
	expect(rows('bookingUses')).toMatchObject([{ bookingId: 'p-zwaantje-use', state: 'used' }]);
	expect(JSON.stringify(parts)).not.toContain(CODE);
	expect(JSON.stringify(parts)).not.toMatch(/p-bert/);
});
