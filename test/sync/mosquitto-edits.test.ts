import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import type { Central } from '../../src/sync/central/central.ts';
import { holder, plate, put } from '../support/directory-bench.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

const BY = { operatorId: 'op-1' };

describe('edits made on site, over a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	function startSite(site = 'site-1') {
		const started = createSyncSite({ broker: { url: mosquitto.url }, site });
		ends.push(() => started.end());
		started.sync.start();
		return started;
	}

	async function startCentral(): Promise<Central> {
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		central.start();
		central.change('people', [put('holders', holder('anna'))]);
		central.change('access', [put('credentials', plate('c1', '1ABC234'))]);
		await until('central is connected', central.connected);
		return central;
	}

	const knows = (site: ReturnType<typeof startSite>) =>
		until('the site has its first snapshots', () => {
			const { reader } = site.directory;
			return reader.credentialById('c1') !== undefined && reader.holder('anna') !== undefined;
		});
	const rename = (site: ReturnType<typeof startSite>, name: string) =>
		site.edits.edit([{ op: 'update', table: 'holders', key: 'anna', fields: { name } }], BY);

	it('X17: central takes it over, every site of the stream gets it, and the overlay goes', async () => {
		const central = await startCentral();
		const [site, other] = [startSite(), startSite('site-2')];
		await knows(site);
		await knows(other);
		expect(rename(site, 'Anna Maes').result).toBe('done');
		expect(site.edits.get('holders', 'anna')).toMatchObject({ isPending: true, row: { name: 'Anna Maes' } });
		await until('settled', () => !site.store.localEdits.any());
		expect(site.directory.reader.baseRow('holders', 'anna')?.name).toBe('Anna Maes');
		expect(central.rows('people').get('holders/anna')).toMatchObject({ name: 'Anna Maes' });
		await until('the other site has it', () => other.directory.reader.holder('anna')?.name === 'Anna Maes');
	});

	it('many made while central was away arrive once each and in order', async () => {
		const central = await startCentral();
		const site = startSite();
		await knows(site);
		await central.stop();
		for (let n = 0; n < 250; n += 1) rename(site, `Anna ${n}`);
		const rows = Array.from(
			{ length: 250 },
			(_, n) => ({ op: 'create', table: 'holders', row: holder(`new-${n}`) }) as const,
		);
		expect(site.edits.edit(rows, BY).result).toBe('done');
		expect(site.store.localEdits.count()).toBe(251);
		const again = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => again.end());
		again.change('people', [put('holders', holder('anna'))]);
		again.change('access', [put('credentials', plate('c1', '1ABC234'))]);
		again.start();
		await until('settled', () => !site.store.localEdits.any());
		expect(again.rows('people').get('holders/anna')).toMatchObject({ name: 'Anna 249' });
		expect(again.rows('people').size).toBe(251);
		expect(site.directory.reader.counts()['holders']).toBe(251);
	}, 180_000);

	it('one that central can not take falls back to central’s row, and the audit says why', async () => {
		const central = await startCentral();
		const site = startSite();
		await knows(site);
		await mosquitto.kill();
		central.change('people', [put('holders', holder('anna', { name: 'Central’s Anna' }))]);
		rename(site, 'Site’s Anna');
		await mosquitto.start();
		await until('settled', () => !site.store.localEdits.any());
		// The answer may come before the row that won.
		await until('central’s row', () => site.directory.reader.holder('anna')?.name === 'Central’s Anna');
		const audit = site.store.journal.after(0, 100).flatMap(({ entry }) => (entry?.type === 'audit' ? [entry] : []));
		expect(audit).toMatchObject([
			{ action: 'editRejected', target: 'anna', operatorId: 'op-1', detail: { code: 'conflict' } },
		]);
		expect(site.edits.history('holders', 'anna')).toHaveLength(1);
	}, 180_000);

	it('never hides a revocation: where both changed a row, the one that lets in less counts until central answers', async () => {
		const site = createSyncSite({ broker: { url: mosquitto.url } });
		ends.push(() => site.end());
		const access = (from: number, op: DirectoryOp) =>
			site.updates.applyDelta({ stream: 'access', centralEpoch: 'e1', from, to: from + 1, ops: [op] });
		await access(0, put('credentials', plate('c1', '1ABC234')));
		const relabel = { op: 'update', table: 'credentials', key: 'c1', fields: { label: 'red car' } } as const;
		site.edits.edit([{ op: 'create', table: 'holders', row: holder('anna') }, relabel], BY);
		await access(1, put('credentials', plate('c1', '1ABC234', { state: 'stolen' })));
		expect(site.directory.reader.credentialById('c1')).toMatchObject({ state: 'active', label: 'red car' });
		site.settlement.reached('access', 2, [{ table: 'credentials', key: 'c1' }]);
		expect(site.directory.reader.credentialById('c1')?.state).toBe('stolen');
		await access(2, { op: 'delete', table: 'credentials', key: 'c1' });
		site.settlement.reached('access', 3, null);
		expect(site.directory.reader.credentialById('c1')).toBeUndefined();
	});

	it('is sent again when central has lost it', async () => {
		const central = await startCentral();
		const site = startSite();
		await knows(site);
		await central.stop();
		rename(site, 'Anna Maes');
		const [edit] = site.store.localEdits.list(1);
		const written = site.outbox.lastSeq();
		expect(site.settlement.waiting(10)).toEqual([]);
		site.outbox.setAcked(site.outbox.gatewayEpoch(), written);
		expect(site.settlement.waiting(10)).toEqual([edit?.mutationId]);
		site.settlement.answer([{ id: edit?.mutationId ?? '', result: 'unknown' }]);
		const [again] = site.store.localEdits.list(1);
		expect(again).toMatchObject({ key: 'anna', row: { name: 'Anna Maes' } });
		expect(again?.mutationId).not.toBe(edit?.mutationId);
		expect(site.store.journal.lastSeq()).toBe(written + 1);
	});
});
