import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { siteTopic } from '../../src/sync/topics.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { observeMqtt } from '../support/mqtt-observer.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

const UP = ['up/birth', 'up/will', 'up/heartbeat'] as const;
const topics = UP.map((channel) => siteTopic('acme', 'site-1', channel));
const [birthTopic, willTopic, heartbeatTopic] = topics;

/** Real time, `factor` times as fast. */
function fastClock(factor: number): Clock {
	return {
		nowMs: () => Date.now(),
		monotonicMs: () => performance.now() * factor,
		after(delayMs, run) {
			const timer = setTimeout(run, delayMs / factor);
			return () => clearTimeout(timer);
		},
	};
}

describe('presence of a site on a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	it('is born with its link, its revs and its journal’s position, retained', async () => {
		const site = createSyncSite({ broker: { url: mosquitto.url } });
		ends.push(() => site.end());
		site.append(3);
		site.sync.start();
		await until('connected', () => site.sync.status().connected);
		const late = await observeMqtt({ url: mosquitto.url }, topics);
		ends.push(() => late.link.close());
		await until('the birth', () => late.heard.length > 0);
		const birth = late.heard.find(({ topic }) => topic === birthTopic);
		expect(birth).toMatchObject({
			retained: true,
			message: {
				site: 'site-1',
				gatewayEpoch: site.outbox.gatewayEpoch(),
				link: expect.stringMatching(/.+/),
				body: {
					version: '0.0.0',
					lastSeq: 3,
					ackedSeq: 0,
					streams: [
						{ stream: 'people', centralEpoch: null, rev: 0 },
						{ stream: 'access', centralEpoch: null, rev: 0 },
						{ stream: 'licences', centralEpoch: null, rev: 0 },
						{ stream: 'operators', centralEpoch: null, rev: 0 },
					],
				},
			},
		});
		expect(late.problems).toEqual([]);
	});

	it('says goodbye with the will of its own link when it stops, and central shows it offline', async () => {
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		central.start();
		const site = createSyncSite({ broker: { url: mosquitto.url } });
		ends.push(() => site.end());
		site.sync.start();
		await until('online at central', () => central.sites().some(({ online }) => online));
		await site.sync.stop();
		await until('offline at central', () => central.sites().every(({ online }) => !online));
		site.sync.start();
		await until('online again: the old will can’t cover the new birth', () =>
			central.sites().every(({ online }) => online),
		);
	});

	it('leaves a will with the broker when it is killed', async () => {
		const dir = mkdtempSync(join(tmpdir(), 'parkgate-will-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
		const observer = await observeMqtt({ url: mosquitto.url }, topics);
		ends.push(() => observer.link.close());
		const child = fork(join(import.meta.dirname, '../support/killed-site.ts'), [dir, mosquitto.url]);
		await until('the birth', () => observer.heard.some(({ topic }) => topic === birthTopic));
		const gone = once(child, 'exit');
		child.kill('SIGKILL');
		await gone;
		await until('the will', () => observer.heard.some(({ topic }) => topic === willTopic));
		const birth = observer.heard.find(({ topic }) => topic === birthTopic);
		const will = observer.heard.find(({ topic }) => topic === willTopic);
		expect(will?.message.link).toBe(birth?.message.link);
	});

	it('beats every minute with revs, queue depth and health', async () => {
		const observer = await observeMqtt({ url: mosquitto.url }, topics);
		ends.push(() => observer.link.close());
		const site = createSyncSite({ broker: { url: mosquitto.url }, clock: fastClock(120) });
		ends.push(() => site.end());
		site.append(7);
		site.sync.start();
		const beats = () => observer.heard.filter(({ topic }) => topic === heartbeatTopic);
		await until('two heartbeats', () => beats().length >= 2);
		expect(beats()[0]).toMatchObject({
			retained: false,
			message: { body: { lastSeq: 7, ackedSeq: 0, problem: null } },
		});
	});
});
