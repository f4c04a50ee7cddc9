import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import { holder, plate, put } from '../support/directory-bench.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { captureMqtt } from '../support/mqtt-capture.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

const CARDS = 20_000;
const cards = (): DirectoryOp[] =>
	Array.from({ length: CARDS }, (_, n) => put('credentials', plate(`c${String(n).padStart(5, '0')}`, `1A${n}`)));

const streamOf = ({ body }: Readonly<Record<string, unknown>>) => (body as { readonly stream?: string }).stream;

describe('N11: snapshots over a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	function startSite(dir: string, site = 'site-1') {
		const started = createSyncSite({ broker: { url: mosquitto.url }, dir, site });
		let ended = false;
		const end = async () => {
			if (!ended) await started.end();
			ended = true;
		};
		ends.push(end);
		started.sync.start();
		return { ...started, end };
	}

	async function startCentral() {
		const wire = await captureMqtt(mosquitto.url);
		ends.push(() => wire.end());
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		central.change('access', cards());
		central.start();
		await until('central is connected', central.connected);
		return { central, wire };
	}

	function tempDir(): string {
		const dir = mkdtempSync(join(tmpdir(), 'parkgate-snapshots-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
		return dir;
	}

	it('one that a stop interrupted goes on with the chunks it has; no chunk is fetched twice', async () => {
		const { wire } = await startCentral();
		const dir = tempDir();
		const first = startSite(dir);
		const asked = () => wire.of('chunkRequest').map(({ payload }) => (payload['body'] as { index: number }).index);
		await until('it is under way', () => asked().length >= 12);
		await first.end();
		const before = asked();
		expect(before.length).toBeLessThan(CARDS / LIMITS.snapshotChunkRows);
		const second = startSite(dir);
		await until('all are here', () => second.directory.reader.counts()['credentials'] === CARDS);
		const again = asked().slice(before.length);
		// Those on the way when it stopped come again, and no others.
		expect(Math.min(...again)).toBeGreaterThanOrEqual(before.length - 2 * LIMITS.snapshotWindow);
		const offered = wire.of('manifest').map(({ payload }) => payload['body'] as { stream: string; snapshotId: string });
		const ids = offered.filter(({ stream }) => stream === 'access').map(({ snapshotId }) => snapshotId);
		expect(ids).toEqual([ids[0], ids[0]]);
	}, 180_000);

	it('a revocation that comes while its stream is fetched is there at once, and from the first moment of the new file', async () => {
		const { central, wire } = await startCentral();
		const dir = tempDir();
		const first = startSite(dir);
		await until('in sync', () => first.directory.reader.counts()['credentials'] === CARDS);
		await first.end();
		// A central with another history: all of it comes anew.
		await central.end();
		const restored = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => restored.end());
		restored.change('access', cards());
		restored.change('people', [put('holders', holder('anna'))]);
		restored.start();
		const requests = wire.of('chunkRequest').length;
		const site = startSite(dir);
		await until('the snapshot is under way', () => wire.of('chunkRequest').length > requests + 6);
		const rev = () => site.updates.streams()[1]?.rev ?? 0;
		const epoch = site.updates.streams()[1]?.centralEpoch;
		restored.change('access', [{ op: 'delete', table: 'credentials', key: 'c00007' }]);
		const { reader } = site.directory;
		let isFetching = true;
		await until('revoked', () => {
			isFetching = site.updates.streams()[1]?.centralEpoch === epoch;
			return reader.credentialById('c00007') === undefined;
		});
		expect(isFetching).toBe(true);
		await until('the new file is live', () => site.updates.streams()[1]?.centralEpoch !== epoch);
		let isBack = false;
		await until('at the newest rev', () => {
			isBack ||= reader.credentialById('c00007') !== undefined;
			return rev() === CARDS + 1;
		});
		expect(isBack).toBe(false);
		expect(reader.counts()['credentials']).toBe(CARDS - 1);
	}, 180_000);

	it('more sites than one central serves at once wait their turn, and all get theirs; what is one message waits for nothing', async () => {
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		const wire = await captureMqtt(mosquitto.url);
		ends.push(() => wire.end());
		const people = Array.from({ length: LIMITS.snapshotChunkRows * 2 }, (_, n) => holder(`h${n}`));
		central.change(
			'people',
			[holder('anna'), ...people].map((row) => put('holders', row)),
		);
		central.change('access', cards().slice(0, 20));
		central.start();
		await until('central is connected', central.connected);
		const sites = Array.from({ length: LIMITS.snapshotsServed + 4 }, (_, n) => startSite(tempDir(), `site-${n}`));
		await until('some wait', () => wire.of('snapshotWait').length > 0);
		await until(
			'all are in sync',
			() =>
				sites.every(
					({ directory, updates }) => directory.reader.holder('anna') !== undefined && updates.streams()[1]?.rev === 20,
				),
			90_000,
		);
		expect(new Set(wire.of('snapshotWait').map(({ payload }) => streamOf(payload)))).toEqual(new Set(['people']));
	}, 180_000);
});
