import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../src/sync/central/event-store.ts';
import { checkLedger, effectsOf } from '../support/event-ledger.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

const MANY = 5_000;

function countLines(file: string): number {
	return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length : 0;
}

describe('events of a site over a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	function start() {
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		const site = createSyncSite({ broker: { url: mosquitto.url } });
		ends.push(() => site.end());
		central.start();
		site.sync.start();
		const stored = (): readonly StoredEvent[] => central.events('site-1', site.outbox.gatewayEpoch(), 0, 1_000_000);
		return { central, site, stored };
	}

	it('N11: 5,000 arrive once each and in order, central acknowledges all', async () => {
		const { central, site, stored } = start();
		await until('both there', () => site.sync.status().connected && central.connected());
		const ids = site.append(MANY);
		await until('all acknowledged', () => site.sync.status().outboxDepth === 0);
		expect(stored().map(({ id }) => id)).toEqual(ids);
		expect(stored().every(({ seq }, place) => seq === place + 1)).toBe(true);
		const { eventsSent, eventBytesSent } = site.sync.statistics();
		expect(eventsSent).toBe(MANY);
		expect(eventBytesSent / eventsSent).toBeLessThan(60);
	});

	it('N11: a backlog of days is drained, each once and in order, with what happens meanwhile', async () => {
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		const site = createSyncSite({ broker: { url: mosquitto.url } });
		ends.push(() => site.end());
		const ids = site.append(3 * MANY);
		central.start();
		site.sync.start();
		await until('the first are there', () => site.sync.status().outboxDepth < ids.length - 500);
		ids.push(...site.append(20));
		await until('all acknowledged', () => site.outbox.waiting() === 0, 90_000);
		expect(checkLedger(site.outbox, central, 'site-1')).toEqual([]);
		expect(effectsOf(central, 'site-1')).toEqual(ids);
	}, 180_000);

	it('N11: none is lost or doubled when the broker is killed and starts again empty, several times', async () => {
		const { site, stored } = start();
		const ids: string[] = [];
		for (let round = 0; round < 3; round += 1) {
			ids.push(...site.append(MANY / 5));
			await until('some arrived', () => stored().length > ids.length - MANY / 5);
			await mosquitto.kill();
			ids.push(...site.append(MANY / 10));
			await mosquitto.start();
		}
		ids.push(...site.append(MANY - ids.length));
		await until('all acknowledged', () => site.sync.status().outboxDepth === 0, 60_000);
		expect(stored().map(({ id }) => id)).toEqual(ids);
		expect(site.sync.status()).toMatchObject({ connected: true, problem: null });
	}, 180_000);

	it('N11: none is lost or doubled when central is away and comes back', async () => {
		const { central, site } = start();
		await until('both there', () => site.sync.status().connected && central.connected());
		const ids = site.append(50);
		await until('acknowledged', () => site.sync.status().outboxDepth === 0);
		await central.stop();
		await until('the site knows', () => site.sync.status().problem?.includes('central is offline') === true);
		ids.push(...site.append(500));
		expect(site.sync.status()).toMatchObject({ connected: true, outboxDepth: 500 });
		const again = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => again.end());
		again.start();
		await until('all acknowledged', () => site.sync.status().outboxDepth === 0);
		// It has another store and so asks from the first event on.
		const events = again.events('site-1', site.outbox.gatewayEpoch(), 0, 10_000);
		expect(events.map(({ id }) => id)).toEqual(ids);
	}, 180_000);

	it('N11: none is lost or doubled when the gateway is killed by −9 between commit and publish', async () => {
		const dir = mkdtempSync(join(tmpdir(), 'parkgate-killed-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		central.start();
		for (let round = 0; round < 4; round += 1) {
			const child = fork(join(import.meta.dirname, '../support/killed-site.ts'), [dir, mosquitto.url], {
				stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
			});
			await once(child, 'message');
			await until('some more were committed', () => countLines(join(dir, 'committed')) > 40 * (round + 1));
			const gone = once(child, 'exit');
			child.kill('SIGKILL');
			await gone;
		}
		const site = createSyncSite({ broker: { url: mosquitto.url }, dir });
		ends.push(() => site.end());
		const committed = site.outbox.after(site.outbox.gatewayEpoch(), 0, 1_000_000).map(({ entry }) => entry?.id);
		// What the killed process had been told was committed is committed.
		const promised = readFileSync(join(dir, 'committed'), 'utf8').trimEnd().split('\n');
		expect(committed).toEqual(expect.arrayContaining(promised));
		site.sync.start();
		await until('all acknowledged', () => site.sync.status().outboxDepth === 0);
		const stored = central.events('site-1', site.outbox.gatewayEpoch(), 0, 1_000_000);
		expect(stored.map(({ id }) => id)).toEqual(committed);
		expect(committed.length).toBeGreaterThan(100);
	}, 180_000);
});
