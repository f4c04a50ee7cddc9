import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamName } from '../../src/gateway/core/directory.ts';
import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import type { Central } from '../../src/sync/central/central.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

const ROWS = 20_000;

describe('people, credentials and rights over a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	function startSite(dir?: string) {
		const site = createSyncSite({ broker: { url: mosquitto.url }, ...(dir !== undefined && { dir }) });
		let ended = false;
		const end = async () => {
			if (!ended) await site.end();
			ended = true;
		};
		ends.push(end);
		site.sync.start();
		return { ...site, end };
	}

	function startCentral() {
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		central.start();
		return central;
	}

	function tempDir(): string {
		const dir = mkdtempSync(join(tmpdir(), 'parkgate-streams-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
		return dir;
	}

	it('N11: a first snapshot of 20,000 credentials is pulled, verified and live', async () => {
		const central = startCentral();
		central.change('access', credentials(0, ROWS));
		central.change('people', holders(0, 500));
		const site = startSite();
		await inSync(site, central);
		expect(site.directory.reader.holder('holder-499')?.name).toBe('N499');
		for (const number of [0, 1, 4_999, 10_000, ROWS - 1])
			expect(site.directory.reader.credential('tag', tagValue(number))?.id).toBe(`tag-${number}`);
	}, 180_000);

	it('a change made online reaches the lane’s directory within 2 s', async () => {
		const central = startCentral();
		central.change('people', holders(0, 10));
		const site = startSite();
		await inSync(site, central);
		central.change('people', [holderOp(3, { status: 'blocked' })]);
		await until('blocked here', () => site.directory.reader.holder('holder-3')?.status === 'blocked', 2_000);
		central.change('people', [{ op: 'delete', table: 'holders', key: 'holder-4' }]);
		await until('gone here', () => site.directory.reader.holder('holder-4') === undefined, 2_000);
	});

	it('changes made while the site was away come as deltas, more than one answer holds', async () => {
		const dir = tempDir();
		const central = startCentral();
		central.change('people', holders(0, 10));
		const first = startSite(dir);
		await inSync(first, central);
		await first.end();
		// 24 deltas: three answers.
		for (let round = 0; round < 24; round += 1) central.change('people', holders(round * 500, 500));
		central.change('people', [holderOp(0, { status: 'inactive' })]);
		const site = startSite(dir);
		await inSync(site, central);
		expect(site.directory.reader.holder('holder-0')?.status).toBe('inactive');
		expect(site.directory.reader.holder('holder-11999')?.name).toBe('N11999');
	}, 180_000);

	it('a central with another history sends its snapshot; nothing of the old one stays', async () => {
		const dir = tempDir();
		const old = startCentral();
		old.change('people', holders(0, 50));
		const first = startSite(dir);
		await inSync(first, old);
		await first.end();
		await old.end();
		const central = startCentral();
		central.change('people', holders(100, 5));
		const site = startSite(dir);
		await inSync(site, central);
		expect(site.directory.reader.holder('holder-1')).toBeUndefined();
		expect(site.directory.reader.holder('holder-104')?.name).toBe('N104');
	});

	it('an empty stream of central is an answer, its silence is none', async () => {
		const site = startSite();
		await until('connected', () => site.sync.status().connected);
		expect(site.sync.status().streams.map(({ syncedAtMs }) => syncedAtMs)).toEqual([null, null, null, null]);
		const central = startCentral();
		await inSync(site, central);
		expect(site.sync.status().streams.every(({ syncedAtMs }) => syncedAtMs !== null)).toBe(true);
	});

	it('a broker killed in the middle of a snapshot does not spoil it', async () => {
		const central = startCentral();
		central.change('access', credentials(0, ROWS));
		const site = startSite();
		await until('the snapshot began', () => site.sync.statistics().messagesSent > 12);
		await mosquitto.kill();
		await mosquitto.start();
		await inSync(site, central);
		expect(site.directory.reader.credential('tag', tagValue(ROWS - 1))?.id).toBe(`tag-${ROWS - 1}`);
	}, 180_000);
});

async function inSync(site: Pick<ReturnType<typeof createSyncSite>, 'updates'>, central: Central): Promise<void> {
	await until(
		'in sync',
		() => {
			const here = new Map(site.updates.streams().map((position) => [position.stream, position]));
			return central.heads().every(({ stream, rev, centralEpoch }) => {
				const ours = here.get(stream as StreamName);
				return ours?.rev === rev && ours.centralEpoch === centralEpoch;
			});
		},
		90_000,
	);
}

function holderOp(number: number, change: object = {}): DirectoryOp {
	const id = `holder-${number}`;
	const row = { id, kind: 'person', name: `N${number}`, email: null, status: 'active', ...change };
	return { op: 'put', table: 'holders', key: id, row };
}

function holders(from: number, count: number): DirectoryOp[] {
	return Array.from({ length: count }, (_, place) => holderOp(from + place));
}

function tagValue(number: number): string {
	return number.toString(16).toUpperCase().padStart(10, '0');
}

function credentials(from: number, count: number): DirectoryOp[] {
	return Array.from({ length: count }, (_, place) => {
		const number = from + place;
		const row = {
			id: `tag-${number}`,
			holderId: `holder-${number % 500}`,
			kind: 'tag',
			value: tagValue(number),
			label: null,
			state: 'active',
			validFromMs: null,
			validToMs: null,
		};
		return { op: 'put', table: 'credentials', key: row.id, row };
	});
}
