import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { composeMessage } from '../../src/sync/compose-message.ts';
import type { Body } from '../../src/sync/envelope.ts';
import { siteTopic } from '../../src/sync/topics.ts';
import { checkLedger, effectsOf } from '../support/event-ledger.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { observeMqtt } from '../support/mqtt-observer.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

type Site = ReturnType<typeof createSyncSite>;
type TestCentral = ReturnType<typeof createTestCentral>;

describe('N11: histories of a site over a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let root: string;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		root = mkdtempSync(join(tmpdir(), 'parkgate-histories-'));
		ends = [() => mosquitto.stop(), () => rmSync(root, { recursive: true, force: true })];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	const dirOf = (name: string) => join(root, name);

	/** Runs until `end`, or the test's. */
	function running<T extends { end(): Promise<void> }>(started: T): T {
		let ended: Promise<void> | undefined;
		const end = () => {
			ended ??= started.end();
			return ended;
		};
		ends.push(end);
		return { ...started, end };
	}

	function startSite(dir = dirOf('site')): Site {
		const site = running(createSyncSite({ broker: { url: mosquitto.url }, dir }));
		site.sync.start();
		return site;
	}

	function startCentral(dir = dirOf('central')): TestCentral {
		const central = running(createTestCentral({ broker: { url: mosquitto.url }, dir }));
		central.start();
		return central;
	}

	const acknowledged = (site: Site) =>
		until('all acknowledged', () => site.outbox.waiting() === 0 && site.sync.status().outboxDepth === 0, 60_000);

	const reasons = (site: Site) => site.store.journal.epochs().map(({ reason }) => reason);

	async function copied(from: string, to: string): Promise<void> {
		rmSync(dirOf(to), { recursive: true, force: true });
		cpSync(dirOf(from), dirOf(to), { recursive: true });
	}

	it('a gateway whose disk was replaced begins anew beside what central has of it', async () => {
		const central = startCentral();
		const before = startSite();
		const old = before.append(300);
		await acknowledged(before);
		await before.end();
		const after = startSite(dirOf('new-disk'));
		const fresh = after.append(200);
		await acknowledged(after);
		expect(central.histories('site-1')).toHaveLength(2);
		expect(effectsOf(central, 'site-1')).toEqual([...old, ...fresh]);
		expect(checkLedger(after.outbox, central, 'site-1')).toEqual([]);
	}, 180_000);

	it('a gateway put back to an older copy tells what it wrote since, once, and loses nothing that central has', async () => {
		const central = startCentral();
		const first = startSite();
		const old = first.append(250);
		await acknowledged(first);
		const unsent = first.append(40);
		await first.end();
		await copied('site', 'copy');
		const second = startSite();
		const lost = second.append(300);
		await acknowledged(second);
		await second.end();
		await copied('copy', 'site');
		const third = createSyncSite({ broker: { url: mosquitto.url }, dir: dirOf('site') });
		ends.push(() => third.end());
		// Written before it hears of central again, under names that central knows for other events.
		const fresh = third.append(30);
		third.sync.start();
		await until('a new epoch', () => third.outbox.epochs().length > 1);
		await acknowledged(third);
		expect(['ackAhead', 'chainMismatch']).toContain(reasons(third)[1]);
		expect(checkLedger(third.outbox, central, 'site-1')).toEqual([]);
		const effects = effectsOf(central, 'site-1');
		const notes = effects.filter((id) => ![...old, ...unsent, ...lost, ...fresh].includes(id));
		// The journal's own entry that an epoch began.
		expect(notes).toHaveLength(1);
		expect(effects.filter((id) => !notes.includes(id))).toEqual([...old, ...unsent, ...lost, ...fresh]);
		expect(third.sync.status()).toMatchObject({ connected: true, problem: null });
	}, 180_000);

	it('a store put back by somebody who says so begins an epoch at once: no doubt arises, and nothing is told twice', async () => {
		const central = startCentral();
		const first = startSite();
		const ids = first.append(250);
		await acknowledged(first);
		ids.push(...first.append(40));
		await first.end();
		await copied('site', 'copy');
		const second = startSite();
		ids.push(...second.append(300));
		await acknowledged(second);
		await second.end();
		await copied('copy', 'site');
		const store = openSiteStore({ dir: dirOf('site'), nowMs: Date.now, log: createMemoryLog() });
		store.journal.startEpoch(0);
		store.close();
		const third = createSyncSite({ broker: { url: mosquitto.url }, dir: dirOf('site') });
		ends.push(() => third.end());
		ids.push(...third.append(30));
		third.sync.start();
		await until('connected', () => third.sync.status().connected);
		await acknowledged(third);
		expect(reasons(third)).toEqual(['new', 'restored']);
		expect(effectsOf(central, 'site-1')).toEqual(ids);
		expect(checkLedger(third.outbox, central, 'site-1')).toEqual([]);
		expect(third.sync.status()).toMatchObject({ connected: true, problem: null });
	}, 180_000);

	it('a central restored from a backup is sent again what it lost, of earlier epochs too', async () => {
		const central = startCentral();
		const site = startSite();
		const ids = site.append(300);
		await acknowledged(site);
		await central.end();
		await copied('central', 'backup');
		const later = startCentral();
		ids.push(...site.append(200));
		await acknowledged(site);
		await site.end();
		const store = openSiteStore({ dir: dirOf('site'), nowMs: Date.now, log: createMemoryLog() });
		store.journal.startEpoch(0);
		store.close();
		const reopened = startSite();
		ids.push(...reopened.append(100));
		await acknowledged(reopened);
		await later.end();
		await copied('backup', 'central');
		const restored = startCentral();
		await until('all is there again', () => effectsOf(restored, 'site-1').length === ids.length, 60_000);
		await acknowledged(reopened);
		expect(effectsOf(restored, 'site-1')).toEqual(ids);
		expect(checkLedger(reopened.outbox, restored, 'site-1')).toEqual([]);
		expect(reasons(reopened)).toEqual(['new', 'restored']);
	}, 180_000);

	/** Says something to the site in central's name. */
	async function forge(site: Site, ack: Partial<Body<'ack'>>): Promise<void> {
		const topic = siteTopic('acme', 'site-1', 'down/ack');
		const { link } = await observeMqtt({ url: mosquitto.url }, ['observer/none']);
		const body = { upTo: 0, chain: null, inReplyTo: null, rejected: [], problem: null, ...ack };
		const gatewayEpoch = site.outbox.gatewayEpoch();
		const head = { id: 'forged', site: 'site-1', gatewayEpoch, link: null, ts: 0, clock: 'held' } as const;
		await link.publish(composeMessage({ topic, channel: 'down/ack' }, 'ack', body, head));
		await link.close();
	}

	it.each([
		['an acknowledgement beyond what was ever written', 'ackAhead', { upTo: 99_999, chain: 'ff' }],
		['another hash than ours', 'chainMismatch', { upTo: 120, chain: 'ff' }],
		['that a batch does not continue its history', 'chainMismatch', { problem: 'chainMismatch' }],
	] as const)(
		'%s begins a new epoch by itself, journalled; each event counts once',
		async (_, reason, ack) => {
			const central = startCentral();
			const site = startSite();
			const ids = site.append(150);
			await acknowledged(site);
			const before = site.outbox.gatewayEpoch();
			await forge(site, ack);
			await until('a new epoch', () => site.outbox.gatewayEpoch() !== before);
			ids.push(...site.append(50));
			await acknowledged(site);
			expect(reasons(site)).toEqual(['new', reason]);
			expect(checkLedger(site.outbox, central, 'site-1')).toEqual([]);
			expect(effectsOf(central, 'site-1').filter((id) => ids.includes(id))).toEqual(ids);
			expect(site.outbox.after(site.outbox.gatewayEpoch(), 0, 1_000)).toContainEqual(
				expect.objectContaining({ entry: expect.objectContaining({ action: 'gatewayEpoch' }) }),
			);
			await until('central knows its name', () => central.sites()[0]?.gatewayEpoch === site.outbox.gatewayEpoch());
			expect(site.sync.status()).toMatchObject({ connected: true, problem: null });
		},
		90_000,
	);

	it('two gateways of one copied disk end in histories of their own, and nothing of either is lost', async () => {
		const central = startCentral();
		const first = startSite();
		const ids = first.append(100);
		await acknowledged(first);
		await first.end();
		await copied('site', 'clone');
		const original = startSite();
		ids.push(...original.append(60));
		await acknowledged(original);
		await original.end();
		const clone = startSite(dirOf('clone'));
		ids.push(...clone.append(80));
		await acknowledged(clone);
		await clone.end();
		const again = startSite();
		ids.push(...again.append(10));
		await acknowledged(again);
		expect(checkLedger(again.outbox, central, 'site-1')).toEqual([]);
		const effects = effectsOf(central, 'site-1');
		expect(ids.filter((id) => !effects.includes(id))).toEqual([]);
	}, 180_000);
});
