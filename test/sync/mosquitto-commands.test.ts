import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import type { VendRequest } from '../../src/gateway/services/lanes/lane-view.ts';
import type { Central } from '../../src/sync/central/central.ts';
import { composeMessage } from '../../src/sync/compose-message.ts';
import type { Body, MessageOf, MessageType } from '../../src/sync/envelope.ts';
import { type SiteChannel, siteTopic } from '../../src/sync/topics.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { observeMqtt } from '../support/mqtt-observer.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { createUnrulyWire } from '../support/unruly-wire.ts';

const ASKED = { op: 'vend', target: 'L1', reason: 'deliveries', by: 'Anna at central' } as const;

describe('commands of central, over a real Mosquitto', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	/** Lanes that only note what they are asked. */
	function startSite(
		dir?: string,
		opens: () => Promise<{ result: 'opened'; vendId: string }> = async () => OPENED,
		url = mosquitto.url,
	) {
		const vends: VendRequest[] = [];
		const site = createSyncSite({
			broker: { url },
			...(dir !== undefined && { dir }),
			lanes: {
				get: (id) => (id === 'L1' ? ({ id } as never) : undefined),
				vend(request) {
					vends.push(request);
					return opens();
				},
				changeMode: async () => ({ result: 'refused', because: 'noHoldOutput' }),
			},
		});
		let ended = false;
		const end = async () => {
			if (!ended) await site.end();
			ended = true;
		};
		ends.push(end);
		site.sync.start();
		return { ...site, vends, end };
	}

	function tempDir(): string {
		const dir = mkdtempSync(join(tmpdir(), 'parkgate-commands-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
		return dir;
	}

	async function startCentral(): Promise<Central> {
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		central.start();
		await until('central is connected', central.connected);
		return central;
	}

	const online = (central: Central) => until('online', () => central.sites().some((site) => site.online));

	it('N11: a vend acts once, within its time, and both sides keep who asked and what came of it', async () => {
		const central = await startCentral();
		const site = startSite();
		await online(central);
		const result = await central.command('site-1', ASKED);
		expect(result).toMatchObject({ outcome: 'done', because: null });
		expect(site.vends).toMatchObject([{ laneId: 'L1', operatorId: 'central', reason: 'deliveries' }]);
		const audit = site.store.journal.after(0, 10).flatMap(({ entry }) => (entry?.type === 'audit' ? [entry] : []));
		expect(audit).toMatchObject([
			{ action: 'remoteCommand', target: 'L1', detail: { op: 'vend', by: 'Anna at central', reason: 'deliveries' } },
			{ action: 'remoteCommandResult', target: 'L1', detail: { outcome: 'done' } },
		]);
		expect(site.store.remoteCommands.isUsed(result.commandId)).toBe(true);
	});

	it('N11: what the lane refuses, and a lane there is not, comes back with the reason', async () => {
		const central = await startCentral();
		const site = startSite();
		await online(central);
		const hold = await central.command('site-1', { ...ASKED, op: 'hold' });
		expect(hold).toMatchObject({ outcome: 'refused', because: 'noHoldOutput' });
		const nowhere = await central.command('site-1', { ...ASKED, target: 'L9' });
		expect(nowhere).toMatchObject({ outcome: 'refused', because: 'there is no lane L9' });
		const away = await central.command('site-2', ASKED);
		expect(away).toMatchObject({ outcome: 'refused', because: 'the site is not connected' });
		expect(site.vends).toEqual([]);
	});

	it('N11: one that was held up on its way, or that a broker kept, never acts', async () => {
		const dir = tempDir();
		const site = startSite(dir);
		const topic = (channel: SiteChannel) => siteTopic('acme', 'site-1', channel);
		const { heard, link } = await observeMqtt({ url: mosquitto.url }, [
			...[topic('up/birth'), topic('up/challenge'), topic('up/result')],
		]);
		ends.push(() => link.close());
		const bodies = <T extends MessageType>(type: T) =>
			heard.flatMap(({ message }) => (message.type === type ? [message as MessageOf<T>] : []));
		await until('born', () => bodies('birth').length > 0);
		const send = async <T extends 'command' | 'confirm'>(type: T, body: Body<T>, retain = false) => {
			const channel = `down/${type}` as const;
			const birth = bodies('birth')[0];
			const head = {
				id: randomUUID(),
				site: 'site-1',
				gatewayEpoch: site.outbox.gatewayEpoch(),
				link: birth?.link ?? null,
			};
			const to = { topic: topic(channel), channel };
			await link.publish({ ...composeMessage(to, type, body, { ...head, ts: 0, clock: 'synced' }), retain });
		};
		const asked = (commandId: string) => ({ ...ASKED, commandId, untilMs: null, ttlS: 30 });
		await send('command', asked('late'));
		await until('challenged', () => bodies('challenge').length === 1);
		await new Promise((resolve) => setTimeout(resolve, LIMITS.commandNonceMs + 100));
		await send('confirm', { commandId: 'late', nonce: bodies('challenge')[0]?.body.nonce ?? '' });
		await send('command', asked('made-up'));
		await send('confirm', { commandId: 'made-up', nonce: 'guessed' });
		await until('challenged again', () => bodies('challenge').length === 2);
		await send('command', asked('kept'), true);
		await site.end();
		const back = startSite(dir);
		await until('refused', () => bodies('commandResult').some(({ body }) => body.commandId === 'kept'));
		expect(bodies('commandResult').map(({ body }) => body.outcome)).toEqual(['refused']);
		expect([...site.vends, ...back.vends]).toEqual([]);
	}, 180_000);

	it('N11: one that was frozen on its way for 8 s is not confirmed any more, and never acts', async () => {
		const wire = await createUnrulyWire(mosquitto.port);
		ends.push(() => wire.end());
		const central = await startCentral();
		const site = startSite(undefined, undefined, `mqtt://127.0.0.1:${wire.port}`);
		await online(central);
		wire.hold();
		const asked = central.command('site-1', ASKED);
		await new Promise((resolve) => setTimeout(resolve, 8_000));
		wire.release();
		expect(await asked).toMatchObject({ outcome: 'expired' });
		// The site is there, and acts on what is asked now.
		expect(await central.command('site-1', ASKED)).toMatchObject({ outcome: 'done' });
		expect(site.vends).toHaveLength(1);
	}, 180_000);

	it('N11: a result that found no link is told over the next one, once', async () => {
		const dir = tempDir();
		const wire = await createUnrulyWire(mosquitto.port);
		ends.push(() => wire.end());
		const central = await startCentral();
		const opening = Promise.withResolvers<typeof OPENED>();
		const site = startSite(dir, () => opening.promise, `mqtt://127.0.0.1:${wire.port}`);
		await online(central);
		const topic = siteTopic('acme', 'site-1', 'up/result');
		const { heard, link } = await observeMqtt({ url: mosquitto.url }, [topic]);
		ends.push(() => link.close());
		const asked = central.command('site-1', ASKED);
		await until('begun', () => site.vends.length === 1);
		wire.cut();
		await until('cut', () => !site.sync.status().connected);
		opening.resolve(OPENED);
		expect(await asked).toMatchObject({ outcome: 'done' });
		await until('known to have left', () => site.store.remoteCommands.untold(10).length === 0);
		wire.cut();
		await until('cut again', () => !site.sync.status().connected);
		await until('back', () => site.sync.status().connected);
		expect(heard).toHaveLength(1);
	}, 180_000);

	it('N11: a report of any size arrives whole, in parts that every broker takes', async () => {
		const central = await startCentral();
		const report = JSON.stringify({ lines: Array.from({ length: 2_000 }, (_, line) => `line ${line} €😀`) });
		const acts = { act: async () => ({ outcome: 'done', because: null, report }) as const };
		const site = createSyncSite({ broker: { url: mosquitto.url }, acts });
		ends.push(() => site.end());
		site.sync.start();
		await online(central);
		const found = await central.command('site-1', { op: 'diagnostics', reason: 'no reads', by: 'Anna' });
		expect(found).toMatchObject({ outcome: 'done', report });
		expect(central.commands.get(found.commandId)).toMatchObject({ op: 'diagnostics', outcome: 'done', report });
	});

	it('N11: a report whose line breaks in the middle is told over the next one, whole', async () => {
		const wire = await createUnrulyWire(mosquitto.port);
		ends.push(() => wire.end());
		const central = await startCentral();
		const report = JSON.stringify({ noise: randomBytes(60_000).toString('base64') });
		const found = Promise.withResolvers<{ outcome: 'done'; because: null; report: string }>();
		const url = `mqtt://127.0.0.1:${wire.port}`;
		const site = createSyncSite({ broker: { url }, acts: { act: () => found.promise } });
		ends.push(() => site.end());
		site.sync.start();
		await online(central);
		const topic = siteTopic('acme', 'site-1', 'up/result');
		const { heard, link } = await observeMqtt({ url: mosquitto.url }, [topic]);
		ends.push(() => link.close());
		const asked = central.command('site-1', { op: 'diagnostics', reason: 'no reads', by: 'Anna' });
		await until('begun', () => site.store.remoteCommands.unfinished().length === 1);
		wire.be({ bytesPerS: 20_000 });
		found.resolve({ outcome: 'done', because: null, report });
		const parts = () => heard.filter(({ message }) => message.type === 'commandReport');
		await until('some parts arrived', () => parts().length > 0);
		wire.cut();
		expect(parts().length).toBeLessThan(Math.ceil(report.length / LIMITS.reportPartLength));
		wire.be({});
		expect(await asked).toMatchObject({ outcome: 'done', report });
		await until('known to have left', () => site.store.remoteCommands.untold(10).length === 0);
	}, 180_000);

	it('N11: a result that found no central is told when central is back, over the connection that stood all the time', async () => {
		const dir = tempDir();
		const first = createTestCentral({ broker: { url: mosquitto.url }, dir });
		let isFirstOver = false;
		ends.push(() => (isFirstOver ? undefined : first.end()));
		first.start();
		await until('central is connected', first.connected);
		const opening = Promise.withResolvers<typeof OPENED>();
		const site = startSite(undefined, () => opening.promise);
		await online(first);
		const { commandId } = first.ask('site-1', ASKED);
		await until('begun', () => site.vends.length === 1);
		await first.end();
		isFirstOver = true;
		await until('known', () => site.sync.status().problem?.includes('central is offline') === true);
		opening.resolve(OPENED);
		await until('finished', () => site.store.remoteCommands.unfinished().length === 0);
		expect(site.store.remoteCommands.untold(10)).toHaveLength(1);
		const again = createTestCentral({ broker: { url: mosquitto.url }, dir });
		ends.push(() => again.end());
		again.start();
		await until('told', () => again.commands.get(commandId)?.outcome === 'done');
		await until('known to have left', () => site.store.remoteCommands.untold(10).length === 0);
		expect(site.vends).toHaveLength(1);
		expect(site.sync.status()).toMatchObject({ connected: true });
	}, 180_000);

	it('N11: another site can neither answer a command nor add to what it found', async () => {
		const central = await startCentral();
		const site = startSite();
		await online(central);
		const { commandId } = await central.command('site-1', ASKED);
		const { link } = await observeMqtt({ url: mosquitto.url }, [siteTopic('acme', 'site-2', 'down/command')]);
		ends.push(() => link.close());
		const head = () =>
			({ id: randomUUID(), site: 'site-2', gatewayEpoch: 'e', link: 'l', ts: 0, clock: 'synced' }) as const;
		const to = { topic: siteTopic('acme', 'site-2', 'up/result'), channel: 'up/result' } as const;
		await link.publish(
			composeMessage(to, 'commandReport', { commandId, index: 0, count: 1, part: '"made up"' }, head()),
		);
		await link.publish(composeMessage(to, 'commandResult', { commandId, outcome: 'failed', because: 'no' }, head()));
		expect(await central.command('site-1', ASKED)).toMatchObject({ outcome: 'done' });
		expect(central.commands.get(commandId)).toMatchObject({ outcome: 'done', report: null });
		expect(site.vends).toHaveLength(2);
	});

	it('N11: one that an end of the gateway interrupts is told as unknown after the next start, and never tried again', async () => {
		const dir = tempDir();
		const central = await startCentral();
		const site = startSite(dir, () => new Promise(() => undefined));
		await online(central);
		const asked = central.command('site-1', ASKED);
		await until('begun', () => site.store.remoteCommands.unfinished().length === 1);
		await site.end();
		const again = startSite(dir);
		expect(await asked).toMatchObject({ outcome: 'unknown', because: 'the gateway stopped while it acted' });
		expect(again.vends).toEqual([]);
		expect(again.store.remoteCommands.unfinished()).toEqual([]);
	});
});

const OPENED = { result: 'opened', vendId: 'v1' } as const;
