import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseProposedConfig } from '../../src/compose/configuration.ts';
import { wireSite } from '../../src/compose/site.ts';
import type { HttpQuestion } from '../../src/drivers/ports/http-exchange.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { EVERYTHING_LICENSED } from '../../src/gateway/core/licence/licence-facts.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { hikvisionFixture, pushOf } from '../support/push-camera.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const YAML = `site: { id: site-1, tenant: acme, name: North, timeZone: UTC }
store: { dir: store }
parks: [{ id: P1, capacity: 20, areas: [{ id: A1, capacity: 10 }] }]
ingest: { listen: 127.0.0.1:0 }
devices:
  - { id: cam-1, driver: hikvision-push, path: cam-1, timeZone: UTC, catchUp: { host: 10.0.0.21, login: { username: events, password: a long one } } }
lanes:
  - { id: L1, kind: entry, from: outside, to: A1, cameras: [cam-1] }
`;

const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-missed-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let ids = 0;

type Listed = readonly [plate: string, time: string];

/** The gateway from a start to a stop. */
function startLife(atMs: number, listed: () => readonly Listed[]) {
	const parsed = parseProposedConfig(YAML, 'gateway.yaml');
	if (parsed.result === 'invalid') throw new Error(JSON.stringify(parsed.problems));
	const clock = createVirtualClock(atMs);
	const log = createMemoryLog();
	const stack = new AsyncDisposableStack();
	const store = openSiteStore({ dir, nowMs: clock.nowMs, log });
	stack.defer(() => store.close());
	const directory = openDirectory({ dir, store, clock, log });
	stack.defer(() => directory.close());
	const asked: HttpQuestion[] = [];
	const site = wireSite(
		{
			...{ config: parsed.config, clock, log, store, directory, registry: createDriverRegistry() },
			metrics: { observeDecision: () => undefined, observeLatency: () => undefined },
			isSynchronised: () => true,
			openPort: () => {
				throw new Error('no port');
			},
			openSubscription: () => ({ close: () => Promise.resolve() }),
			exchange(question) {
				asked.push(question);
				const plates = listed().map(
					([plate, time]) =>
						`<Plate><captureTime>${time}0000</captureTime><plateNumber>${plate}</plateNumber><picName>${time}${plate.length}</picName></Plate>`,
				);
				const body = Buffer.from(`<Plates>${plates.join('')}</Plates>`);
				return Promise.resolve({ result: 'answered', status: 200, contentType: 'text/xml', body });
			},
			takeStill: () => Promise.resolve({ result: 'failed', problem: 'there is no camera' }),
			random: () => 0.5,
			randomBytes: (length) => new Uint8Array(length),
			newId: () => `id-${++ids}`,
			soon: (run) => void clock.after(0, run),
			journalGrew: () => undefined,
			equipment: () => EVERYTHING_LICENSED,
		},
		stack,
	);
	site.supervisor.start();
	return {
		...{ clock, store, asked },
		reads: () => site.recentReads.list({ limit: 50 }).items,
		push(plate: string, time: string) {
			const event = hikvisionFixture('access-unit.xml').replace(/<UUID>.*<\/UUID>/, '');
			const body = event.replaceAll('1E5', plate).replace('2024-05-07T17:48:03.847+07:00', time);
			site.supervisor.receiver('cam-1')?.handle(pushOf(body, 'application/xml'));
		},
		stop: () => stack.disposeAsync(),
	};
}

test('D plates that passed while the gateway was down are asked for from where it was, journalled once, shown, and open nothing', async () => {
	const first = startLife(Date.parse('2026-07-05T10:00:00Z'), () => [
		['AB1', '20260705T094000'],
		['CD23', '20260705T095000'],
	]);
	await first.clock.advanceAsync(31_000);
	first.push('EF456', '2026-07-05T10:00:40Z');
	await first.clock.advanceAsync(1_000);
	expect(first.reads().map(({ value, state, laneId }) => [value, state, laneId])).toEqual([
		['EF456', 'refused', 'L1'],
		['CD23', 'historical', 'L1'],
		['AB1', 'historical', 'L1'],
	]);
	expect(first.reads()[0]).toMatchObject({ reason: 'NEVER_SYNCED', decisionId: expect.any(String) });
	await first.stop();

	const second = startLife(Date.parse('2026-07-07T12:00:00Z'), () => [
		['CD23', '20260705T095000'],
		['EF456', '20260705T100041'],
		['GH5678', '20260706T080000'],
	]);
	await second.clock.advanceAsync(31_000);
	expect(second.asked[0]?.body).toContain('<picTime>20260705095000');
	expect(second.reads().map(({ value, state }) => [value, state])).toEqual([
		['GH5678', 'historical'],
		['CD23', 'historical'],
		['AB1', 'historical'],
	]);
	expect(second.reads()[0]?.cameraTimeMs).toBe(Date.parse('2026-07-06T08:00:00Z'));
	const journalled = second.store.laneEvents.page({ limit: 10 }).rows.map(({ entry }) => entry);
	expect(journalled.map(({ event, detail }) => [event, detail['read']])).toEqual([
		['historicalRead', 'GH5678'],
		['historicalRead', 'CD23'],
		['historicalRead', 'AB1'],
	]);
	expect(second.store.decisions.page({ words: [], limit: 10 }).lines).toHaveLength(1);
	expect(second.store.settings.get('device:cam-1')).not.toContain('EF456');
	await second.stop();
});
