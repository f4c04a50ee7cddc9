import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { JournalEntry } from '../../../../src/gateway/core/journal.ts';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import { createRetentionHolds } from '../../../../src/gateway/services/retention/holds.ts';
import type { SiteStore } from '../../../../src/gateway/store/site-store.ts';
import { aReadWith, createTestEvidence, decisionOn, keep, type TestEvidence } from '../../../support/evidence-bench.ts';
import { noiseJpeg, solidJpeg } from '../../../support/images.ts';
import { createMemoryLog, type MemoryLog } from '../../../support/memory-log.ts';
import { decisionAbout } from '../../../support/privacy-bench.ts';
import { openTempStore, tempDir } from '../../../support/temp-store.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

let dir: string;
let store: SiteStore;
let clock: VirtualClock;
let log: MemoryLog;
let site: TestEvidence;

beforeEach(() => {
	dir = tempDir();
	clock = createVirtualClock();
	clock.advance(1_780_000_000_000);
	log = createMemoryLog();
	store = openTempStore(dir, clock.nowMs);
	site = open();
});

afterEach(() => site.stop());

function open(options: Partial<Parameters<typeof createTestEvidence>[0]> = {}): TestEvidence {
	return createTestEvidence({ store, clock, log, ...options });
}

/** Small files of evidence with what is not a directory. */
function filesOf(): readonly string[] {
	return readdirSync(path.join(dir, 'evidence'), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ name }) => name)
		.toSorted();
}

const idOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const images = (given: TestEvidence = site) => given.evidence.list({ state: 'kept', limit: 200 }).items;
const journal = () =>
	store.journal.after(0, 10_000).flatMap(({ entry }): readonly JournalEntry[] => (entry ? [entry] : []));

/** A moderator who always succeeds. */
async function done(answer: unknown): Promise<void> {
	expect(await answer).toEqual({ result: 'done' });
}

describe('I15: evidence images of reads', () => {
	it('are kept after the read, by what they are, with the decision they led to', async () => {
		const picture = solidJpeg('one');
		const read = aReadWith([picture]);
		const decision = decisionAbout({ holderId: 'h-1', value: '1-ABC-123' }, clock.nowMs());
		store.journal.append(decision);
		site.source.seen(read);
		await site.settled();
		expect(images()).toEqual([]);
		clock.advance(6_000);
		const [item] = images();
		expect(item?.image).toMatchObject({ id: idOf(picture), contentType: 'image/jpeg', widthPx: 64, heightPx: 48 });
		expect(item?.reads).toMatchObject([{ observationId: read.id, deviceId: 'cam-1', laneId: null, decision: null }]);
		store.evidence.decided(read.id, 'L1', decision.id);
		expect(images()[0]?.reads).toMatchObject([{ laneId: 'L1', decision: { id: decision.id, subject: '1-ABC-123' } }]);
		expect(site.evidence.ofDecision(decision.id)).toHaveLength(1);
	});

	it('are kept once, however often the same picture comes', async () => {
		const picture = solidJpeg('same');
		await keep(site, clock, aReadWith([picture, picture]), aReadWith([picture]));
		await keep(site, clock, aReadWith([picture]));
		expect(images()).toHaveLength(1);
		expect(images()[0]?.reads).toHaveLength(3);
		expect(filesOf()).toHaveLength(2);
		expect(site.evidence.status()).toMatchObject({ images: 1, refused: {} });
	});

	it('are told of as hash and figures, never as bytes', async () => {
		const read = aReadWith([solidJpeg('told')]);
		await keep(site, clock, read);
		const told = journal().filter(({ type }) => type === 'evidence');
		expect(told).toMatchObject([
			{ observationId: read.id, decisionId: null, images: [{ image: idOf(solidJpeg('told')) }] },
		]);
	});

	it('are refused with a reason and counted when they are broken; the read stands', async () => {
		const half = (await noiseJpeg(64, 64)).subarray(0, 500);
		const page = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
		await keep(site, clock, aReadWith([half, page, solidJpeg('whole')]));
		expect(images()).toHaveLength(1);
		expect(site.evidence.status().refused).toEqual({ broken: 1, notAnImage: 1 });
	});

	it('outlive the death of the process that looks at them: the next one goes on', async () => {
		await keep(site, clock, aReadWith([solidJpeg('before')]));
		const pid = site.imageProcessId();
		if (pid === undefined) throw new Error('no process runs');
		site.source.seen(aReadWith([await noiseJpeg(1_600, 1_200)]));
		process.kill(pid, 'SIGKILL');
		await site.settled();
		await keep(site, clock, aReadWith([solidJpeg('after')]));
		expect(images().map(({ image }) => image.id)).toContain(idOf(solidJpeg('after')));
		expect(site.imageProcessId()).not.toBe(pid);
	});

	it('are kept when they come to a process that is dead, or dies before it begins with them', async () => {
		for (const name of ['one', 'two', 'three']) {
			await keep(site, clock, aReadWith([solidJpeg(`before ${name}`)]));
			const pid = site.imageProcessId();
			if (pid === undefined) throw new Error('no process runs');
			process.kill(pid, 'SIGKILL');
			await keep(site, clock, aReadWith([solidJpeg(name)]));
			expect(images().map(({ image }) => image.id)).toContain(idOf(solidJpeg(name)));
		}
		expect(site.evidence.status().refused).toEqual({});
	});

	it('are finished though a terminal or systemd tells every process of the gateway to end', async () => {
		await keep(site, clock, aReadWith([solidJpeg('before')]));
		const pid = site.imageProcessId();
		if (pid === undefined) throw new Error('no process runs');
		for (const signal of ['SIGINT', 'SIGTERM'] as const) {
			process.kill(pid, signal);
			await keep(site, clock, aReadWith([solidJpeg(signal)]));
			expect(images().map(({ image }) => image.id)).toContain(idOf(solidJpeg(signal)));
			expect(site.imageProcessId()).toBe(pid);
		}
	});

	it('are dropped and counted when more come than can wait', async () => {
		const burst = Array.from({ length: LIMITS.evidenceWaiting + 40 }, (_, n) => aReadWith([solidJpeg(`burst ${n}`)]));
		await keep(site, clock, ...burst);
		expect(site.evidence.status().refused.busy).toBeGreaterThanOrEqual(30);
		expect(images().length + (site.evidence.status().refused.busy ?? 0)).toBe(burst.length);
	});

	it('stay within their number and bytes: the oldest that nobody holds go first', async () => {
		await site.stop();
		const small = open({ settings: { maxImages: 10 } });
		onTestFinished(() => small.stop());
		await keep(small, clock, aReadWith([solidJpeg('held')]));
		expect(small.moderation.hold(idOf(solidJpeg('held')), clock.nowMs() + 86_400_000, 'claim 7', 'op-1')).toEqual({
			result: 'done',
		});
		for (let n = 0; n < 25; n += 1) await keep(small, clock, aReadWith([solidJpeg(`n ${n}`)]));
		const kept = images(small).map(({ image }) => image.id);
		expect(kept).toContain(idOf(solidJpeg('held')));
		expect(kept).toContain(idOf(solidJpeg('n 24')));
		expect(kept).not.toContain(idOf(solidJpeg('n 0')));
		expect(kept.length).toBeLessThanOrEqual(10);
		expect(filesOf()).toHaveLength(kept.length * 2);
		const { bytes } = small.evidence.status();
		const tight = open({ settings: { maxBytes: Math.floor(bytes / 2) } });
		onTestFinished(() => tight.stop());
		await keep(tight, clock, aReadWith([solidJpeg('tight')]));
		expect(tight.evidence.status().bytes).toBeLessThanOrEqual(Math.floor(bytes / 2));
		expect(images(tight).map(({ image }) => image.id)).toContain(idOf(solidJpeg('held')));
	});

	it('give way to decisions on a nearly full disk, and say so', async () => {
		await keep(site, clock, aReadWith([solidJpeg('old')]));
		let free = LIMITS.diskForEvidenceBytes + 1_000_000;
		const full = open({ freeBytes: () => free });
		onTestFinished(() => full.stop());
		await keep(full, clock, aReadWith([solidJpeg('room')]));
		expect(images(full)).toHaveLength(2);
		free = 1_000;
		await keep(full, clock, aReadWith([solidJpeg('no room')]));
		expect(images(full)).toEqual([]);
		expect(full.evidence.status()).toMatchObject({ images: 0, bytes: 0, refused: { noRoom: 1 } });
		expect(filesOf()).toEqual([]);
	});

	it('are dropped with their files when the store takes no row', async () => {
		const failing = {
			...store,
			transaction: () => {
				throw new Error('disk full');
			},
		};
		const broken = open({ store: failing as unknown as SiteStore });
		onTestFinished(() => broken.stop());
		await keep(broken, clock, aReadWith([solidJpeg('lost')]));
		await broken.stop();
		expect(broken.evidence.status().refused).toEqual({ disk: 1 });
		await expect.poll(filesOf, { timeout: 20_000 }).toEqual([]);
	});

	it('are none where none are to be kept', async () => {
		await site.stop();
		const none = open({ settings: { maxBytes: 0 } });
		await keep(none, clock, aReadWith([solidJpeg('none')]));
		expect(none.evidence.status()).toMatchObject({ images: 0, refused: {} });
		expect(filesOf()).toEqual([]);
	});
});

describe('I15: after a crash', () => {
	it('no file without a row is left, half written or whole, and no row without a file', async () => {
		const [kept, lost] = [solidJpeg('kept'), solidJpeg('lost')];
		await keep(site, clock, aReadWith([kept]), aReadWith([lost]));
		await site.stop();
		const folder = path.join(dir, 'evidence', 'ab');
		const strays = [`${'ab'.repeat(32)}-0.jpg`, `${'ab'.repeat(32)}-0-small.jpg.part`];
		const { mkdirSync, rmSync } = await import('node:fs');
		mkdirSync(folder, { recursive: true });
		for (const stray of strays) writeFileSync(path.join(folder, stray), 'half');
		writeFileSync(path.join(dir, 'evidence', 'note.txt'), 'what is this');
		const [gone = ''] = filesOf().filter((name) => name === `${idOf(lost)}-0.jpg`);
		rmSync(path.join(dir, 'evidence', gone.slice(0, 2), gone));
		const again = open();
		onTestFinished(() => again.stop());
		await again.settled();
		expect(images(again).map(({ image }) => image.id)).toEqual([idOf(kept)]);
		expect(filesOf()).toEqual([`${idOf(kept)}-0-small.jpg`, `${idOf(kept)}-0.jpg`]);
		expect(again.evidence.status()).toMatchObject({ images: 1 });
	});

	it('between file and row, the file goes and the picture can come again', async () => {
		const picture = solidJpeg('between');
		site.source.seen(aReadWith([picture]));
		await site.settled();
		// The files stand; the row would be written half a second later, and never is.
		expect(filesOf()).toHaveLength(2);
		const next = open();
		onTestFinished(() => next.stop());
		await next.settled();
		expect(filesOf()).toEqual([]);
		await keep(next, clock, aReadWith([picture]));
		expect(images(next)).toHaveLength(1);
	});
});

describe('I15: moderation', () => {
	async function one(): Promise<string> {
		const picture = await noiseJpeg(120, 90, 7);
		await keep(site, clock, aReadWith([picture]));
		return idOf(picture);
	}

	const audits = () => journal().flatMap((entry) => (entry.type === 'audit' ? [entry] : []));

	it('blurs: other bytes are served, those from before are gone from the disk', async () => {
		const id = await one();
		const before = await site.evidence.image(id, 'op-1');
		await done(site.moderation.blur(id, [{ x: 0, y: 0, width: 0.5, height: 0.5 }], 'op-1'));
		const after = await site.evidence.image(id, 'op-1');
		expect(after?.version).not.toBe(before?.version);
		expect(filesOf()).toEqual([`${id}-1-small.jpg`, `${id}-1.jpg`]);
		const whole = filesOf().map((name) => readFileSync(path.join(dir, 'evidence', id.slice(0, 2), name)));
		expect(whole.some((bytes) => bytes.equals(Buffer.from(before?.bytes ?? [])))).toBe(false);
		expect(site.evidence.get(id)?.image).toMatchObject({ blurredBy: 'op-1', revision: 1 });
		expect(audits()).toMatchObject([
			{ action: 'evidenceViewed', target: id },
			{ action: 'evidenceBlurred', target: id, operatorId: 'op-1', detail: { areas: 1 } },
		]);
		// It came once more: what was blurred does not come back.
		await keep(site, clock, aReadWith([await noiseJpeg(120, 90, 7)]));
		expect(filesOf()).toEqual([`${id}-1-small.jpg`, `${id}-1.jpg`]);
	});

	it('blurs one after another, never two at once', async () => {
		const id = await one();
		const [first, second] = await Promise.all([
			site.moderation.blur(id, null, 'op-1'),
			site.moderation.blur(id, null, 'op-2'),
		]);
		expect([first, second]).toEqual([{ result: 'done' }, { result: 'refused', because: 'changedMeanwhile' }]);
		await done(site.moderation.blur(id, null, 'op-2'));
		expect(filesOf()).toEqual([`${id}-2-small.jpg`, `${id}-2.jpg`]);
	});

	it('deletes: the bytes are gone, the row says by whom and why, and it does not come back', async () => {
		const id = await one();
		await done(site.moderation.delete(id, 'a child is on it', 'op-1'));
		expect(filesOf()).toEqual([]);
		expect(site.evidence.get(id)?.image).toMatchObject({
			sha256: null,
			deletedBy: 'op-1',
			deletedReason: 'a child is on it',
		});
		expect(await site.evidence.image(id, 'op-1')).toBeUndefined();
		await keep(site, clock, aReadWith([await noiseJpeg(120, 90, 7)]));
		expect(filesOf()).toEqual([]);
		expect(await site.moderation.delete(id, 'again', 'op-1')).toEqual({ result: 'refused', because: 'deletedBefore' });
	});

	it('deletes also what is being blurred', async () => {
		const id = await one();
		const blurring = site.moderation.blur(id, null, 'op-1');
		await done(site.moderation.delete(id, 'gone', 'op-2'));
		expect(await blurring).toEqual({ result: 'refused', because: 'deletedBefore' });
		expect(filesOf()).toEqual([]);
	});

	it('holds until a day: what is held is neither changed nor ended, and may be released', async () => {
		const id = await one();
		const untilMs = clock.nowMs() + 40 * 86_400_000;
		await done(site.moderation.hold(id, untilMs, 'claim 7', 'op-1'));
		expect(await site.moderation.delete(id, 'x', 'op-1')).toEqual({ result: 'refused', because: 'held' });
		expect(await site.moderation.blur(id, null, 'op-1')).toEqual({ result: 'refused', because: 'held' });
		clock.advance(39 * 86_400_000);
		expect(await site.ending.endOld(new AbortController().signal)).toEqual({ erased: 0, held: 1 });
		await done(site.moderation.release(id, 'op-2'));
		expect(await site.ending.endOld(new AbortController().signal)).toEqual({ erased: 1, held: 0 });
		expect(filesOf()).toEqual([]);
		expect(audits().map(({ action, operatorId }) => [action, operatorId])).toEqual([
			['evidenceHeld', 'op-1'],
			['evidenceReleased', 'op-2'],
		]);
	});

	it('holds no longer than a year, and not in the past', async () => {
		const id = await one();
		for (const untilMs of [clock.nowMs(), clock.nowMs() + 400 * 86_400_000]) {
			expect(site.moderation.hold(id, untilMs, 'x', 'op-1')).toEqual({ result: 'refused', because: 'badDay' });
		}
		expect(site.moderation.release(id, 'op-1')).toEqual({ result: 'refused', because: 'notHeld' });
		expect(site.moderation.hold('0'.repeat(64), clock.nowMs() + 1, 'x', 'op-1')).toMatchObject({ because: 'notFound' });
	});
});

describe('N5: pictures end with their time', () => {
	const signal = new AbortController().signal;

	it('of strangers sooner than of known holders, and none later than pictures do', async () => {
		const known = decisionAbout({ holderId: 'h-1', value: '1-ABC-123' }, clock.nowMs());
		store.journal.append(known);
		const [mine, stranger] = [aReadWith([solidJpeg('mine')]), aReadWith([solidJpeg('stranger')])];
		await keep(site, clock, mine, stranger);
		store.evidence.decided(mine.id, 'L1', known.id);
		clock.advance(6 * 86_400_000);
		expect(await site.ending.endOld(signal)).toEqual({ erased: 0, held: 0 });
		clock.advance(86_400_000);
		expect(await site.ending.endOld(signal)).toEqual({ erased: 1, held: 0 });
		expect(images().map(({ image }) => image.id)).toEqual([idOf(solidJpeg('mine'))]);
		clock.advance(23 * 86_400_000);
		expect(await site.ending.endOld(signal)).toEqual({ erased: 1, held: 0 });
		expect(filesOf()).toEqual([]);
	});

	it('an incident’s hold keeps those of its decision', async () => {
		const decision = decisionAbout({ holderId: null, value: '1-ABC-123' }, clock.nowMs());
		store.journal.append(decision);
		const read = aReadWith([solidJpeg('incident')]);
		site.source.seen(read);
		site.source.onCommitted([]);
		await keep(site, clock);
		store.evidence.decided(read.id, 'L1', decision.id);
		const common = { store, clock, newId: () => 'hold-1', journalGrew: () => undefined };
		const of = { kind: 'decision', decisionId: decision.id } as const;
		createRetentionHolds(common).hold({
			of,
			reason: 'claim',
			operatorId: 'op-1',
			untilMs: clock.nowMs() + 300 * 86_400_000,
		});
		clock.advance(100 * 86_400_000);
		expect(await site.ending.endOld(signal)).toEqual({ erased: 0, held: 1 });
		expect(await site.ending.endOf({ plates: ['1ABC123'], decisionIds: [] })).toBe(1);
	});

	it('a person’s go by plate and by decision, at once', async () => {
		const decision = decisionAbout({ holderId: 'h-1', value: 'tag' }, clock.nowMs());
		store.journal.append(decision);
		const [byPlate, byDecision, other] = ['a', 'b', 'c'].map((name) => solidJpeg(name));
		if (!byPlate || !byDecision || !other) throw new Error('three');
		const still = aReadWith([byDecision], { plate: '2-XYZ-999' });
		await keep(site, clock, aReadWith([byPlate]), still, aReadWith([other], { plate: '3-OTH-111' }));
		store.evidence.decided(still.id, 'L1', decision.id);
		expect(await site.ending.endOf({ plates: ['1ABC123'], decisionIds: [decision.id] })).toBe(0);
		expect(images().map(({ image }) => image.id)).toEqual([idOf(other)]);
		expect(filesOf()).toHaveLength(2);
	});
});

it('I15: a late decision is put to its picture', async () => {
	const read = aReadWith([solidJpeg('late')]);
	await keep(site, clock, read);
	const { observationId } = decisionOn(read.id, 'd-late');
	store.evidence.decided(observationId, 'L1', 'd-late');
	expect(store.evidence.ofDecision('d-late')).toHaveLength(1);
});
