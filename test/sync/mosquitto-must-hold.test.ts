import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/gateway/core/clock.ts';
import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import type { VendRequest } from '../../src/gateway/services/lanes/lane-view.ts';
import { siteTopic, streamTopic } from '../../src/sync/topics.ts';
import { holder, plate, put } from '../support/directory-bench.ts';
import { checkLedger, effectsOf } from '../support/event-ledger.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { observeMqtt } from '../support/mqtt-observer.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { createUnrulyWire } from '../support/unruly-wire.ts';
import { wallClock } from '../support/wall-clock.ts';

type Site = ReturnType<typeof createSyncSite>;
type TestCentral = ReturnType<typeof createTestCentral>;

const DAY_MS = 86_400_000;

/** What SYNC names that a site and a central come through, each with a real Mosquitto; docs/sync.md says where the others are. */
describe('Must hold', () => {
	let mosquitto: Mosquitto;
	let root: string;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		root = mkdtempSync(join(tmpdir(), 'parkgate-must-hold-'));
		ends = [() => mosquitto.stop(), () => rmSync(root, { recursive: true, force: true })];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	/** Ends with the test, if not before. */
	function running<T extends { end(): Promise<void> }>(started: T): T {
		let ended: Promise<void> | undefined;
		const end = () => {
			ended ??= started.end();
			return ended;
		};
		ends.push(end);
		return { ...started, end };
	}
	const broker = () => ({ url: mosquitto.url });
	const makeSite = (options: Partial<Parameters<typeof createSyncSite>[0]> = {}): Site =>
		running(createSyncSite({ broker: broker(), dir: join(root, 'site'), ...options }));
	const makeCentral = (options: Partial<Parameters<typeof createTestCentral>[0]> = {}): TestCentral =>
		running(createTestCentral({ broker: broker(), dir: join(root, 'central'), ...options }));

	const acknowledged = (site: Site, deadlineMs = 60_000) =>
		until('all acknowledged', () => site.outbox.waiting() === 0 && site.sync.status().outboxDepth === 0, deadlineMs);
	const inSync = (site: Site, central: TestCentral, deadlineMs = 60_000) =>
		until('central’s rows', () => rootsOf(site.updates.streams()) === rootsOf(central.heads()), deadlineMs);

	it('first commissioning: an empty site has all rows of central, serves them and has told its first events', async () => {
		const central = makeCentral();
		central.change('people', [put('holders', holder('anna'))]);
		central.change('access', plates(0, 3_000));
		central.start();
		const site = makeSite();
		const ids = site.append(5);
		expect(site.directory.reader.credentialById('c2999')).toBeUndefined();
		site.sync.start();
		await inSync(site, central);
		expect(site.directory.reader.credential('plate', plateOf(2_999))).toMatchObject({ id: 'c2999' });
		expect(site.directory.reader.holder('anna')).toBeDefined();
		await acknowledged(site);
		expect(effectsOf(central, 'site-1')).toEqual(ids);
		expect(central.sites()).toMatchObject([{ site: 'site-1', online: true }]);
	}, 180_000);

	it('a normal delta: each change comes as it is made, once, without a question and without a snapshot', async () => {
		const central = makeCentral();
		central.change('people', [put('holders', holder('anna'))]);
		central.start();
		const site = makeSite();
		site.sync.start();
		await inSync(site, central);
		const topics = [siteTopic('acme', 'site-1', 'up/request'), streamTopic('acme', 'people', 'delta')];
		const { heard, link } = await observeMqtt(broker(), topics);
		ends.push(() => link.close());
		for (let round = 1; round <= 10; round += 1) {
			central.change('people', [put('holders', holder('anna', { name: `Anna ${round}` }))]);
			await until(`change ${round}`, () => site.directory.reader.holder('anna')?.name === `Anna ${round}`);
		}
		central.change('people', [{ op: 'delete', table: 'holders', key: 'anna' }]);
		await until('gone', () => site.directory.reader.holder('anna') === undefined);
		const heardDeltas = () => heard.flatMap(({ message }) => (message.type === 'delta' ? [message.body] : []));
		// Who listens beside the site may be told later than it.
		await until('the last was heard', () => heardDeltas().some(({ to }) => to === 12));
		expect(heardDeltas().map(({ from, to }) => [from, to])).toEqual(
			Array.from({ length: 11 }, (_, n) => [n + 1, n + 2]),
		);
		// The other stream may still be begun meanwhile.
		const asked = heard.flatMap(({ message: { type, body } }) =>
			type !== 'delta' && 'stream' in body && body.stream === 'people' ? [type] : [],
		);
		expect(asked).toEqual([]);
		await inSync(site, central);
	}, 180_000);

	it('three days offline, with 100,000 events and 50,000 changes waiting: all arrive, in order and once', async () => {
		const central = makeCentral();
		central.change('people', [put('holders', holder('anna'))]);
		central.start();
		const site = makeSite();
		site.sync.start();
		await inSync(site, central);
		const ids = site.append(10);
		await acknowledged(site);
		await site.sync.stop();
		ids.push(...site.append(100_000));
		for (let from = 0; from < 50_000; from += 5_000) central.change('access', plates(from, 5_000));
		expect(central.heads().find(({ stream }) => stream === 'access')?.rev).toBe(50_000);
		site.sync.start();
		await until('the first arrived', () => site.sync.status().outboxDepth < 100_000);
		// What happens now reaches central beside the backlog, and counts once.
		ids.push(...site.append(3));
		await inSync(site, central, 180_000);
		await acknowledged(site, 300_000);
		expect(checkLedger(site.outbox, central, 'site-1')).toEqual([]);
		expect(effectsOf(central, 'site-1')).toEqual(ids);
		expect(site.directory.reader.credential('plate', plateOf(49_999))).toMatchObject({ id: 'c49999' });
	}, 600_000);

	it.each([
		['at once', 0],
		['after it has gone another way', 30],
	])(
		'central restored from a backup, rev and upTo went backwards; a site that comes %s has its rows, and its events are there again',
		async (_, since) => {
			const first = makeCentral();
			first.change('access', plates(0, 40));
			first.start();
			const site = makeSite();
			site.sync.start();
			await inSync(site, first);
			const ids = site.append(120);
			await acknowledged(site);
			await first.end();
			cpSync(join(root, 'central'), join(root, 'backup'), { recursive: true });
			const later = makeCentral();
			later.change('access', plates(1_000, 20));
			later.start();
			await inSync(site, later);
			ids.push(...site.append(80));
			await acknowledged(site);
			await site.sync.stop();
			await later.end();
			const restored = makeCentral({ dir: join(root, 'backup') });
			if (since > 0) restored.change('access', plates(2_000, since));
			restored.start();
			site.sync.start();
			await inSync(site, restored, 90_000);
			await until('all there again', () => effectsOf(restored, 'site-1').length >= ids.length);
			await acknowledged(site);
			const known = new Set(ids);
			expect(effectsOf(restored, 'site-1').filter((id) => known.has(id))).toEqual(ids);
			expect(checkLedger(site.outbox, restored, 'site-1')).toEqual([]);
			expect(site.directory.reader.credentialById('c1000')).toBeUndefined();
			expect(site.directory.reader.counts()['credentials']).toBe(40 + since);
		},
		240_000,
	);

	it('two gateways with one client id: each loses the line to the other, neither loses an event, and one alone is well again', async () => {
		const wire = await createUnrulyWire(mosquitto.port);
		ends.push(() => wire.end());
		const over = { url: `mqtt://127.0.0.1:${wire.port}` };
		const central = makeCentral();
		central.change('people', [put('holders', holder('anna'))]);
		central.start();
		const [mine, other] = [
			makeSite({ broker: over, random: Math.random }),
			makeSite({ broker: over, random: Math.random, dir: join(root, 'other') }),
		];
		mine.sync.start();
		await inSync(mine, central);
		other.sync.start();
		const ids = new Map<Site, string[]>([
			[mine, []],
			[other, []],
		]);
		for (let round = 0; round < 12; round += 1) {
			for (const [site, written] of ids) written.push(...site.append(20));
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
		// One more connection than one another: they do push each other off, and both wait longer each time.
		expect(wire.counts.connections).toBeGreaterThan(2);
		await other.sync.stop();
		mine.sync.connectNow();
		await acknowledged(mine, 120_000);
		expect(mine.sync.status()).toMatchObject({ connected: true, problem: null });
		expect(checkLedger(mine.outbox, central, 'site-1')).toEqual([]);
		await mine.sync.stop();
		other.sync.start();
		await acknowledged(other, 120_000);
		expect(checkLedger(other.outbox, central, 'site-1')).toEqual([]);
		const effects = effectsOf(central, 'site-1');
		for (const written of ids.values()) expect(effects.filter((id) => written.includes(id))).toEqual(written);
		expect(central.histories('site-1')).toHaveLength(2);
	}, 400_000);

	it.each([
		['the site’s a week behind', { site: -7 * DAY_MS, central: 0 }],
		['the site’s a week ahead', { site: 7 * DAY_MS, central: 0 }],
		['central’s a week ahead', { site: 0, central: 7 * DAY_MS }],
	])(
		'a clock a week off, %s: events, rows, presence and commands go as ever, and none acts late',
		async (_, off) => {
			const wire = await createUnrulyWire(mosquitto.port);
			ends.push(() => wire.end());
			const central = makeCentral({ clock: shifted(off.central) });
			central.change('people', [put('holders', holder('anna'))]);
			central.start();
			const vends: VendRequest[] = [];
			const site = makeSite({
				...{ broker: { url: `mqtt://127.0.0.1:${wire.port}` }, clock: shifted(off.site), lanes: lanesThatNote(vends) },
			});
			site.sync.start();
			await inSync(site, central);
			const ids = site.append(50);
			await acknowledged(site);
			expect(effectsOf(central, 'site-1')).toEqual(ids);
			central.change('people', [put('holders', holder('anna', { status: 'blocked' }))]);
			await until('blocked', () => site.directory.reader.holder('anna')?.status === 'blocked');
			expect(central.sites()).toMatchObject([{ online: true }]);
			const ask = () => central.command('site-1', { op: 'vend', target: 'L1', reason: 'a delivery', by: 'Anna' });
			expect(await ask()).toMatchObject({ outcome: 'done' });
			wire.hold();
			const late = ask();
			await new Promise((resolve) => setTimeout(resolve, 6_000));
			wire.release();
			expect(await late).toMatchObject({ outcome: 'expired' });
			expect(vends).toHaveLength(1);
			await site.sync.stop();
			await until('gone', () => central.sites().every(({ online }) => !online));
		},
		180_000,
	);

	it('a revocation made while the site was away reaches the lane in the first exchange after it is back', async () => {
		const central = makeCentral();
		central.change('people', [put('holders', holder('anna'))]);
		central.change('access', plates(0, 500));
		central.start();
		const site = makeSite();
		site.sync.start();
		await inSync(site, central);
		await site.sync.stop();
		central.change('access', [put('credentials', plate('c7', plateOf(7), { state: 'stolen' }))]);
		central.change('access', plates(1_000, 1_500));
		central.change('people', [put('holders', holder('anna', { status: 'blocked' }))]);
		const requests = siteTopic('acme', 'site-1', 'up/request');
		const { heard, link } = await observeMqtt(broker(), [requests]);
		ends.push(() => link.close());
		site.sync.start();
		const { reader } = site.directory;
		await until(
			'revoked',
			() => reader.credentialById('c7')?.state === 'stolen' && reader.holder('anna')?.status === 'blocked',
		);
		expect(heard.filter(({ message }) => message.type === 'resume').length).toBeLessThanOrEqual(1);
		await inSync(site, central);
	}, 180_000);
});

/** Real time, told wrong. */
function shifted(byMs: number): Clock {
	return { ...wallClock, nowMs: () => wallClock.nowMs() + byMs };
}

function lanesThatNote(vends: VendRequest[]) {
	return {
		get: (id: string) => (id === 'L1' ? ({ id } as never) : undefined),
		async vend(request: VendRequest) {
			vends.push(request);
			return { result: 'opened', vendId: `v${vends.length}` } as const;
		},
		changeMode: async () => ({ result: 'refused', because: 'noHoldOutput' }) as const,
	};
}

const plateOf = (number: number) => `1P${number}`;

function plates(from: number, count: number): DirectoryOp[] {
	return Array.from({ length: count }, (_, place) =>
		put('credentials', plate(`c${from + place}`, plateOf(from + place))),
	);
}

/** Where streams stand, and what is in them. */
function rootsOf(streams: readonly { readonly stream: string; readonly rev: number; readonly root: string | null }[]) {
	return streams
		.map(({ stream, rev, root }) => `${stream} ${rev} ${rev === 0 ? 'empty' : root}`)
		.toSorted()
		.join();
}
