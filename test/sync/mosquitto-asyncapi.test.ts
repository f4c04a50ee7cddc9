import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { siteTopic } from '../../src/sync/topics.ts';
import { type AsyncApiDocument, createPayloadCheck, readAsyncApi } from '../support/asyncapi.ts';
import { holder, plate, put } from '../support/directory-bench.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { type Captured, captureMqtt, forgetSession } from '../support/mqtt-capture.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { wallClock } from '../support/wall-clock.ts';

/** Messages of the document that this session does not bring about, and where they are proved. */
const NOT_EXERCISED: Readonly<Record<string, string>> = {
	digestRequest: 'mosquitto-repair.test.ts',
	digestAnswer: 'mosquitto-repair.test.ts',
	mailOffer: 'mosquitto-mails.test.ts',
	letter: 'mosquitto-mails.test.ts',
	mailAnswers: 'mosquitto-mails.test.ts',
	nack: 'mosquitto-poison.test.ts',
	snapshotWait: 'mosquitto-snapshots.test.ts',
};

const document = readAsyncApi();

/** Time passes 60 times as fast: a heartbeat a second. */
const fastClock: Clock = {
	...wallClock,
	monotonicMs: () => performance.now() * 60,
	after: (delayMs, run) => wallClock.after(delayMs / 60, run),
};

describe('D: real messages and docs/asyncapi.yaml', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	function startSite(site: string, options: { dir?: string; clock?: Clock } = {}) {
		const started = createSyncSite({
			...{ broker: { url: mosquitto.url }, site, ...options },
			lanes: {
				get: (id) => (id === 'L1' ? ({ id } as never) : undefined),
				vend: async () => ({ result: 'opened', vendId: 'v1' }),
				changeMode: async () => ({ result: 'refused', because: 'noHoldOutput' }),
			},
			acts: {
				act: async ({ op }) => ({
					...{ outcome: 'done', because: null },
					...(op === 'diagnostics' && { report: JSON.stringify({ version: '0.0.0' }) }),
				}),
			},
		});
		let ended = false;
		const end = async () => {
			if (!ended) await started.end();
			ended = true;
		};
		ends.push(end);
		return { ...started, end };
	}

	it('agree: every message of a session is on its channel, delivered as said, and fits its schema', async () => {
		const wire = await captureMqtt(mosquitto.url);
		ends.push(() => wire.end());
		const seen = (type: string, count = 1) => until(`${count} × ${type}`, () => wire.of(type).length >= count);
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		central.change('people', [put('holders', holder('anna'))]);
		central.change('access', [put('credentials', plate('c1', '1ABC234'))]);
		central.start();
		await seen('head', 2);
		const dir = mkdtempSync(join(tmpdir(), 'parkgate-asyncapi-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
		const first = startSite('site-1', { dir });
		first.append(250);
		first.sync.start();
		await until('in sync', () => first.directory.reader.holder('anna') !== undefined);
		await until('acknowledged', () => first.sync.status().outboxDepth === 0);

		central.change('people', [put('holders', holder('ben')), { op: 'delete', table: 'holders', key: 'ben' }]);
		await until('a live delta', () => wire.of('delta').some(({ topic }) => topic.endsWith('/delta')));
		await first.end();
		await forgetSession(mosquitto.url, 'parkgate-acme-site-1');
		central.change('people', [put('holders', holder('cleo'))]);
		const site = startSite('site-1', { dir });
		site.sync.start();
		await until('a delta for this site', () => wire.of('delta').some(({ topic }) => topic.endsWith('/down/data')));

		site.edits.edit([{ op: 'update', table: 'holders', key: 'anna', fields: { name: 'Anna Maes' } }], {
			operatorId: 'op-1',
		});
		await seen('mutationAnswers');
		await until('online', () => central.sites().some(({ online }) => online));
		await central.command('site-1', { op: 'vend', target: 'L1', reason: 'deliveries', by: 'Jan' });
		await central.command('site-1', { op: 'diagnostics', reason: 'nobody is there', by: 'Jan' });
		const [birth] = wire.of('birth');
		// With an id of its own: a message that came before is refused.
		const body = { stream: 'people', snapshotId: 'gone', index: 0 };
		const asked = { ...birth?.payload, id: randomUUID(), type: 'chunkRequest', body };
		await wire.publish(siteTopic('acme', 'site-1', 'up/request'), asked, 60);
		await seen('snapshotGone');
		startSite('site-2', { clock: fastClock }).sync.start();
		await seen('heartbeat');
		await central.stop();
		await seen('centralState', 2);

		const check = createPayloadCheck(document);
		for (const message of wire.heard) {
			const { type } = message.payload;
			expect(check(type, message.payload), `${type} on ${message.topic}`).toEqual([]);
			expect(delivery(document, message), `${type} on ${message.topic}`).toEqual([]);
		}
		const documented = Object.keys(document.components.messages).sort();
		const types = new Set(wire.heard.map(({ payload }) => payload.type));
		expect([...types, ...Object.keys(NOT_EXERCISED)].sort()).toEqual(documented);
	}, 180_000);
});

/** What the document says otherwise of how this message came. */
function delivery({ channels, operations }: AsyncApiDocument, message: Captured): string[] {
	const found = Object.entries(channels).find(([, { address }]) => matches(address, message.topic));
	if (found === undefined) return ['a topic that is not in the document'];
	const [name, channel] = found;
	const sending = Object.values(operations).find(
		(operation) => operation.action === 'send' && operation.channel.$ref === `#/channels/${name}`,
	);
	const { qos, retain, messageExpiryInterval } = sending?.bindings.mqtt ?? {};
	return [
		...(channel.messages[message.payload.type] === undefined ? ['not a message of this channel'] : []),
		...(message.qos === qos ? [] : [`QoS ${message.qos}`]),
		...(message.retain === retain ? [] : [`retain ${message.retain}`]),
		...(expires(message.expiryS, messageExpiryInterval, name) ? [] : [`expires after ${message.expiryS} s`]),
	];
}

/** A broker counts the expiry down; a command says itself how long it is worth something. */
function expires(expiryS: number | undefined, documentedS: number | undefined, channel: string): boolean {
	if (expiryS === undefined || documentedS === undefined) return expiryS === documentedS;
	return expiryS <= documentedS && (channel === 'siteDownCommand' || expiryS >= documentedS - 5);
}

function matches(address: string, topic: string): boolean {
	return new RegExp(`^${address.replaceAll(/\{\w+\}/g, '[a-z0-9-]+')}$`).test(topic);
}
