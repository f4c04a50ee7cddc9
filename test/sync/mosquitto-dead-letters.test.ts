import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/gateway/core/journal.ts';
import { checkLedger, effectsOf } from '../support/event-ledger.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

const MAX_PACKET_BYTES = 20_000;

function audit(id: string, change: Partial<AuditEntry> = {}): AuditEntry {
	const about = { operatorId: null, action: 'note', target: null, detail: {}, ...change };
	return { type: 'audit', class: 'audit', id, atMs: 1_760_000_000_000, ...about };
}

/** Hex that deflation can do little about. */
function noise(length: number): string {
	return crypto.getRandomValues(new Uint8Array(length / 2)).toHex();
}

describe('events of no use to central, over a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto({ settings: `max_packet_size ${MAX_PACKET_BYTES}` });
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
		return { central, site };
	}

	const acknowledged = (site: ReturnType<typeof createSyncSite>) =>
		until('all acknowledged', () => site.outbox.waiting() === 0 && site.sync.status().outboxDepth === 0);

	it('N11: a refused event goes to the dead letters, the ones behind it go on, and central counts it', async () => {
		const { central, site } = start();
		site.append(5);
		site.store.journal.append(audit('too-wordy', { action: 'x'.repeat(300) }));
		site.store.journal.append(audit('i'.repeat(80)));
		site.append(5);
		await acknowledged(site);
		expect(site.sync.status().deadLetters).toMatchObject({
			count: 2,
			newest: [
				{ seq: 7, code: 'malformed', type: 'audit', id: 'i'.repeat(80) },
				{ seq: 6, code: 'invalidData', type: 'audit', id: 'too-wordy' },
			],
		});
		const stored = central.events('site-1', site.outbox.gatewayEpoch(), 0, 100);
		expect(stored.map(({ rejected }) => rejected)).toEqual([
			...Array.from({ length: 5 }, () => null),
			'invalidData',
			'malformed',
			...Array.from({ length: 5 }, () => null),
		]);
		expect(central.refused()).toEqual({ event: 2 });
		expect(site.sync.status()).toMatchObject({ connected: true, problem: null });
	});

	it('N11: telemetry dropped during weeks without central leaves no hole: its places come empty, and a gap counts them', async () => {
		const { central, site } = start();
		await site.sync.stop();
		const { journal, journalErasure } = site.store;
		const ids = site.append(5);
		for (let n = 0; n < 150; n += 1) {
			const about = { deviceId: 'reader-1', state: n % 2 === 0 ? 'offline' : 'online', problem: null };
			journal.append({ type: 'device', class: 'telemetry', id: `t${n}`, atMs: n, ...about });
		}
		const rows = journalErasure.telemetryAfter(0, 140);
		const [first, last] = [rows[0]?.name, rows.at(-1)?.name];
		if (first === undefined || last === undefined) throw new Error('there is no telemetry');
		const gap = {
			of: 'telemetry',
			count: journalErasure.erase(rows),
			rows: { first, last },
			fromMs: 0,
			toMs: 139,
		} as const;
		journal.append({ type: 'gap', class: 'audit', id: 'gap', atMs: 200, ...gap, because: 'budget' });
		ids.push('gap', ...site.append(5));
		const later = createSyncSite({ broker: { url: mosquitto.url }, dir: site.dir });
		later.sync.start();
		await acknowledged(later);
		const stored = central.events('site-1', later.outbox.gatewayEpoch(), 0, 1_000);
		expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, place) => place + 1));
		expect(stored.filter(({ type }) => type === 'parkgate.erased')).toHaveLength(140);
		expect(stored.find(({ type }) => type === 'parkgate.gap')?.data).toMatchObject({
			...{ of: 'telemetry', count: 140, because: 'budget' },
			...{ first: { seq: 6 }, last: { seq: 145 } },
		});
		const counting = stored.filter(({ type }) => type !== 'parkgate.erased' && type !== 'parkgate.device');
		expect(counting.map(({ id }) => id)).toEqual(ids);
		expect(checkLedger(later.outbox, central, 'site-1')).toEqual([]);
		expect(later.sync.status().deadLetters.count).toBe(0);
		await later.end();
	});

	it('N11: an event larger than the broker takes goes without what it says, those around it whole', async () => {
		const { central, site } = start();
		await until('both there', () => site.sync.status().connected && central.connected());
		const ids = site.append(4);
		const huge = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`line${n}`, noise(900)]));
		site.store.journal.append(audit('huge', { detail: huge }));
		ids.push('huge', ...site.append(4));
		await acknowledged(site);
		expect(site.sync.status()).toMatchObject({ connected: true, problem: null });
		expect(site.sync.status().deadLetters).toMatchObject({
			count: 1,
			newest: [{ seq: 5, code: 'tooLarge', id: 'huge' }],
		});
		expect(effectsOf(central, 'site-1')).toEqual(ids);
		expect(checkLedger(site.outbox, central, 'site-1')).toEqual([]);
		const [event] = central.events('site-1', site.outbox.gatewayEpoch(), 4, 1);
		expect(event).toMatchObject({ type: 'parkgate.withheld', data: { type: 'parkgate.audit', code: 'tooLarge' } });
	});
});
