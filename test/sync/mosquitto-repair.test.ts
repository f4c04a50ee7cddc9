import { readdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { holder, put } from '../support/directory-bench.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { captureMqtt } from '../support/mqtt-capture.ts';
import { digestOfRows } from '../support/row-digest.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { wallClock } from '../support/wall-clock.ts';

const PEOPLE = 3_000;

/** Real time that can be told to have gone on. */
function createJumpingClock(): Clock & { jump(ms: number): void } {
	let jumpedMs = 0;
	return {
		...wallClock,
		monotonicMs: () => wallClock.monotonicMs() + jumpedMs,
		jump(ms) {
			jumpedMs += ms;
		},
	};
}

describe('N12: rows of the site that are not central’s, over a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	async function inSync() {
		const wire = await captureMqtt(mosquitto.url);
		ends.push(() => wire.end());
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		const people = Array.from({ length: PEOPLE }, (_, n) => put('holders', holder(`h${n}`)));
		central.change('people', people);
		central.start();
		const clock = createJumpingClock();
		const site = createSyncSite({ broker: { url: mosquitto.url }, clock });
		ends.push(() => site.end());
		site.sync.start();
		const sameDigest = () => site.sync.status().streams.every(({ digest }) => digest === 'same');
		await until('in sync', sameDigest);
		const [name = ''] = readdirSync(site.dir).filter((file) => /^directory-\d+\.db$/.test(file));
		const behindItsBack = (sql: string) => {
			const file = new Database(path.join(site.dir, name));
			file.exec(sql);
			file.close();
		};
		return { wire, central, clock, site, name, sameDigest, behindItsBack };
	}

	it('changed, missing and added ones are central’s again without a snapshot; decisions go on meanwhile', async () => {
		const { wire, central, clock, site, name, sameDigest, behindItsBack } = await inSync();
		central.change('people', [put('holders', holder('h1', { status: 'blocked' }))]);
		await until('blocked', () => site.directory.reader.holder('h1')?.status === 'blocked');
		const snapshots = wire.of('snapshotRequest').length;
		behindItsBack(`UPDATE holders SET status = 0 WHERE id = 'h1'; DELETE FROM holders WHERE id = 'h2';
			CREATE TABLE spare AS SELECT * FROM holders WHERE id = 'h3'; UPDATE spare SET id = 'intruder';
			INSERT INTO holders SELECT * FROM spare; DROP TABLE spare`);
		expect(site.directory.reader.holder('h1')?.status).toBe('active');
		let reads = 0;
		let isReading = true;
		const reading = (async () => {
			while (isReading) {
				expect(site.directory.reader.holder('h4')?.status).toBe('active');
				reads += 1;
				await new Promise((resolve) => setImmediate(resolve));
			}
		})();
		// Rows are read again ten minutes after the start; any message makes it notice the time.
		clock.jump(600_000);
		central.change('people', [put('holders', holder('h5', { status: 'blocked' }))]);
		await until('repaired', () => site.sync.statistics().repairs === 1 && sameDigest());
		isReading = false;
		await reading;
		expect(reads).toBeGreaterThan(10);
		const { reader } = site.directory;
		expect([reader.holder('h1')?.status, reader.holder('h2')?.status]).toEqual(['blocked', 'active']);
		expect(reader.holder('intruder')).toBeUndefined();
		expect(reader.counts()['holders']).toBe(PEOPLE);
		expect(site.updates.streams()[0]?.root).toBe(digestOfRows(central.rows('people')).root);
		expect(wire.of('snapshotRequest')).toHaveLength(snapshots);
		expect(readdirSync(site.dir)).toContain(name);
		expect(site.sync.status().repairs).toEqual({ rows: 3, atMs: expect.any(Number) });
		const repaired = site.store.journal
			.after(0, 1_000)
			.filter(({ entry }) => entry?.type === 'audit' && entry.action === 'directoryRepaired');
		expect(repaired).toMatchObject([{ entry: { target: 'people', detail: { rows: 3, damaged: 2 } } }]);
		// Only the buckets of four rows crossed the wire.
		const sent = wire.of('digestAnswer').flatMap(({ payload }) => (payload['body'] as { rows: unknown[] }).rows);
		expect(sent.length).toBeLessThan(100);
	}, 180_000);

	it('more of them than are worth mending are replaced by a snapshot', async () => {
		const { central, clock, site, name, sameDigest, behindItsBack } = await inSync();
		behindItsBack("DELETE FROM holders WHERE id LIKE '%7%' OR id LIKE '%1%'");
		clock.jump(600_000);
		central.change('people', [put('holders', holder('h5', { status: 'blocked' }))]);
		await until('replaced', () => site.directory.reader.counts()['holders'] === PEOPLE && sameDigest());
		expect(readdirSync(site.dir)).not.toContain(name);
	}, 180_000);
});
