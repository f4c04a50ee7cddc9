import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import { streamTopic } from '../../src/sync/topics.ts';
import { holder, put } from '../support/directory-bench.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { captureMqtt } from '../support/mqtt-capture.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

describe('N11: rows that a site can not use, over a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	it('are parked, told to central and denied; later changes do not wait; central supersedes them', async () => {
		const wire = await captureMqtt(mosquitto.url);
		ends.push(() => wire.end());
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		central.change('people', [put('holders', holder('anna')), put('holders', holder('ben'))]);
		central.start();
		const site = createSyncSite({ broker: { url: mosquitto.url } });
		ends.push(() => site.end());
		site.sync.start();
		const rev = () => site.updates.streams()[0]?.rev ?? 0;
		await until('in sync', () => rev() === 2);
		const { centralEpoch = '' } = central.heads()[1] ?? {};
		/** As a newer central says it; the reference central checks its rows against this version's. */
		const say = (ops: readonly DirectoryOp[]) => sayNext(wire, rev, { stream: 'people', centralEpoch, ops });
		await say([
			{ op: 'put', table: 'holders', key: 'anna', row: { ...holder('anna'), status: 'frozen' } },
			{ op: 'put', table: 'spaceships', key: 's1', row: { id: 's1' } },
			{ op: 'put', table: 'groups', key: 'g1', row: { id: 'g1', name: 'Club', kind: 'guild', capacity: 'many' } },
		]);
		await until('applied', () => rev() === 3);
		const { reader } = site.directory;
		expect(reader.holder('anna')).toBeUndefined();
		// Nobody of a group without a limit that is understood is let in.
		expect(reader.row('groups', 'g1')).toMatchObject({ capacity: 0 });
		const told = () => central.view.site('site-1')?.unusable ?? [];
		await until('central knows', () => told().length === 3);
		expect(told().map(({ key, code, rev: at }) => [key, code, at])).toEqual([
			['g1', 'invalid', 3],
			['anna', 'invalid', 3],
			['s1', 'unknownTable', 3],
		]);
		expect(site.sync.status().streams[0]).toMatchObject({ stream: 'people', parked: 3 });

		await say([put('holders', holder('ben', { status: 'blocked' }))]);
		await until('the next change is not held up', () => reader.holder('ben')?.status === 'blocked');
		await say([
			put('holders', holder('anna')),
			{ op: 'delete', table: 'spaceships', key: 's1' },
			put('groups', { id: 'g1', name: 'Club', kind: 'company', capacity: 7 }),
		]);
		await until('superseded', () => reader.holder('anna')?.status === 'active');
		expect(reader.row('groups', 'g1')).toMatchObject({ name: 'Club', capacity: 7 });
		await until('central knows that too', () => told().length === 0);
	}, 180_000);

	it('stay known at central over its restart, also of a site that is away, until the site says that they are mended', async () => {
		const dir = mkdtempSync(join(tmpdir(), 'parkgate-poison-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
		const centralDir = join(dir, 'central');
		const startCentral = () => {
			const central = createTestCentral({ broker: { url: mosquitto.url }, dir: centralDir });
			let ended = false;
			const end = async () => {
				if (!ended) await central.end();
				ended = true;
			};
			ends.push(end);
			central.start();
			return { ...central, end, unusable: () => central.view.site('site-1')?.unusable ?? [] };
		};
		const startSite = () => {
			const site = createSyncSite({ broker: { url: mosquitto.url }, dir: join(dir, 'site') });
			let ended = false;
			const end = async () => {
				if (!ended) await site.end();
				ended = true;
			};
			ends.push(end);
			site.sync.start();
			return { ...site, end };
		};
		const first = startCentral();
		first.change('people', [put('holders', holder('anna'))]);
		const site = startSite();
		const rev = () => site.updates.streams()[0]?.rev ?? 0;
		await until('in sync', () => rev() === 1);
		// As if this site were older than its central: the row is of no use here, and central’s digest is ours.
		const wire = await captureMqtt(mosquitto.url);
		ends.push(() => wire.end());
		const { centralEpoch = '' } = first.heads()[1] ?? {};
		const op = { op: 'put', table: 'holders', key: 'anna', row: { ...holder('anna'), status: 'frozen' } } as const;
		await sayNext(wire, rev, { stream: 'people', centralEpoch, ops: [op] });
		await until('told', () => first.unusable().length === 1);
		await site.end();
		await first.end();

		const second = startCentral();
		await until(
			'central has heard the birth that the broker kept',
			() => (second.view.site('site-1')?.streams.length ?? 0) > 0,
		);
		expect(second.unusable()).toMatchObject([{ stream: 'people', table: 'holders', key: 'anna', code: 'invalid' }]);
		second.change('people', [put('holders', holder('ben')), put('holders', holder('anna'))]);
		const again = startSite();
		await until('mended', () => again.directory.reader.holder('anna') !== undefined);
		await until('central knows', () => second.unusable().length === 0);
	}, 180_000);

	it('are told again at every connection, so that a central that was away knows', async () => {
		const wire = await captureMqtt(mosquitto.url);
		ends.push(() => wire.end());
		const dir = mkdtempSync(join(tmpdir(), 'parkgate-poison-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
		const before = createSyncSite({ broker: { url: mosquitto.url }, dir });
		const strange = { op: 'put', table: 'holders', key: 'h1', row: { id: 'h1' } } as const;
		await before.updates.applyDelta({ stream: 'people', centralEpoch: 'c0', from: 0, to: 1, ops: [strange] });
		await before.end();
		const site = createSyncSite({ broker: { url: mosquitto.url }, dir });
		ends.push(() => site.end());
		site.sync.start();
		await until('told', () => wire.of('nack').length > 0);
		expect(wire.of('nack')[0]?.payload['body']).toMatchObject({ stream: 'people', total: 1, rows: [{ key: 'h1' }] });
	}, 180_000);
});

/**
 * Says the next change in central's place, until the site has it: what comes while it still asks central for something is a
 * gap to it, and this central knows nothing of the change.
 */
async function sayNext(
	wire: Pick<Awaited<ReturnType<typeof captureMqtt>>, 'publish'>,
	rev: () => number,
	delta: { readonly stream: string; readonly centralEpoch: string; readonly ops: readonly DirectoryOp[] },
): Promise<void> {
	const from = rev();
	const body = { ...delta, from, to: from + 1, more: false };
	for (let tries = 0; rev() === from && tries < 60; tries++) {
		const head = { v: 1, type: 'delta', id: `d${from}-${tries}`, site: null, gatewayEpoch: null, link: null, ts: 0 };
		await wire.publish(streamTopic('acme', delta.stream, 'delta'), { ...head, clock: 'held', body }, 60);
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
}
