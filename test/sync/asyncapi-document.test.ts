import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DIRECTORY_TABLES } from '../../src/gateway/core/directory.ts';
import { MESSAGES } from '../../src/sync/envelope.ts';
import { EVENT_DATA } from '../../src/sync/event-data.ts';
import { CHANNELS, type Channel, parseTopic } from '../../src/sync/topics.ts';
import { asyncApiProblems, createPayloadCheck, readAsyncApi } from '../support/asyncapi.ts';

const document = readAsyncApi();
const check = createPayloadCheck(document);

/** The channel of the code that a channel of the document stands for. */
function channelOf(address: string): Channel {
	const topic = parseTopic(address.replaceAll(/\{(\w+)\}/g, '$1'));
	if (topic === undefined) throw new Error(`${address} is no topic`);
	return topic.channel;
}

describe('D: docs/asyncapi.yaml', () => {
	it('is what the code says', () => {
		const script = join(import.meta.dirname, '../../scripts/asyncapi.mjs');
		expect(spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toMatchObject({
			status: 0,
			stderr: '',
		});
	});

	it('is valid AsyncAPI 3.0 by the schema of its authors', () => {
		expect(asyncApiProblems(document)).toEqual([]);
		const broken = { ...document, channels: { ...document.channels, wrong: { address: 5 } } } as never;
		expect(asyncApiProblems(broken)).not.toEqual([]);
	});

	it('has each topic, with the messages, quality, retention and expiry of the code, for both sides', () => {
		const addresses = Object.entries(document.channels).map(([name, { address }]) => ({
			name,
			channel: channelOf(address),
		}));
		expect(addresses.map(({ channel }) => channel).sort()).toEqual(Object.keys(CHANNELS).sort());
		for (const { name, channel } of addresses) {
			const types = Object.entries(MESSAGES).flatMap(([type, { channels }]) =>
				channels.some((one) => one === channel) ? [type] : [],
			);
			expect(Object.keys(document.channels[name]?.messages ?? {})).toEqual(types);
			const operations = Object.values(document.operations).filter(
				(operation) => operation.channel.$ref === `#/channels/${name}`,
			);
			expect(operations.map(({ action }) => action).sort()).toEqual(['receive', 'send']);
			expect(new Set(operations.map(({ tags }) => tags[0]?.name))).toEqual(new Set(['site', 'central']));
			const { qos, retain, expiryS } = CHANNELS[channel];
			const sending = operations.find(({ action }) => action === 'send');
			expect(sending?.tags[0]?.name).toBe(channel.startsWith('up/') ? 'site' : 'central');
			expect(sending?.bindings.mqtt).toEqual({
				...{ qos, retain, bindingVersion: '0.2.0' },
				...(expiryS !== undefined && { messageExpiryInterval: expiryS }),
			});
		}
	});

	it('says of each message what it is for, with an example that fits by both validators', () => {
		expect(Object.keys(document.components.messages)).toEqual(Object.keys(MESSAGES));
		for (const [type, { summary, examples }] of Object.entries(document.components.messages)) {
			expect(summary, type).toMatch(/.{20,}/);
			expect(examples.length, type).toBeGreaterThan(0);
			for (const { payload } of examples) {
				expect(check(type, payload), type).toEqual([]);
				expect(MESSAGES[type as keyof typeof MESSAGES].schema.safeParse(payload).success, type).toBe(true);
			}
		}
	});

	it('has the data of each event and the row of each directory table, and holds messages to them', () => {
		const { schemas } = document.components;
		const names = Object.keys(schemas);
		for (const type of Object.keys(EVENT_DATA)) expect(names).toContain(`${type.replace('parkgate.', '')}Event`);
		for (const table of Object.keys(DIRECTORY_TABLES)) expect(names).toContain(`${table}Row`);
		const [events] = document.components.messages['events']?.examples ?? [];
		expect(check('events', withData(events?.payload, { lane: 7 }))).not.toEqual([]);
		const [delta] = document.components.messages['delta']?.examples ?? [];
		const text = JSON.stringify(delta?.payload);
		expect(check('delta', JSON.parse(text.replace('"person"', '"dragon"')))).not.toEqual([]);
	});
});

function withData(payload: unknown, data: object): unknown {
	const copy = structuredClone(payload) as { body: { events: { data: object }[] } };
	for (const event of copy.body.events) event.data = data;
	return copy;
}
