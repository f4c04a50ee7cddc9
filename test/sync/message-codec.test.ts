import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import type { Message } from '../../src/sync/envelope.ts';
import { DEFLATED_CONTENT, decodeMessage, encodeMessage, JSON_CONTENT } from '../../src/sync/message-codec.ts';
import { CHANNELS, centralTopic, parseTopic, siteTopic, streamTopic } from '../../src/sync/topics.ts';

const UP = siteTopic('acme', 'site-1', 'up/request');

function resume(change: Partial<Message> = {}): Message {
	return {
		v: 1,
		type: 'resume',
		id: 'm1',
		site: 'site-1',
		gatewayEpoch: 'e1',
		link: 'l1',
		ts: 1_760_000_000_000,
		clock: 'synced',
		body: { ackedSeq: 5, streams: [{ stream: 'people', centralEpoch: 'c1', rev: 7, root: null, parked: 0 }] },
		...change,
	} as Message;
}

function refusal(topic: string, payload: Uint8Array, contentType?: string): string | undefined {
	const decoded = decodeMessage(topic, payload, contentType);
	return decoded.ok ? undefined : decoded.reason;
}

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe('messages on the wire', () => {
	it('come back as they were, deflated when that is smaller', () => {
		for (const streams of [1, 40]) {
			const message = resume();
			if (message.type === 'resume')
				message.body.streams = Array.from({ length: streams }, (_, place) => ({
					stream: `stream-${place}`,
					centralEpoch: 'c1',
					rev: place,
					root: null,
					parked: 0,
				}));
			const encoded = encodeMessage(message);
			expect(encoded.contentType).toBe(streams === 1 ? JSON_CONTENT : DEFLATED_CONTENT);
			expect(decodeMessage(UP, encoded.payload, encoded.contentType)).toMatchObject({ ok: true, message });
		}
	});

	it('any bytes on any topic under any content type are a message or a reason, never a throw', () => {
		const topics = fc.oneof(
			fc.string(),
			fc.constantFrom(UP, centralTopic('acme'), streamTopic('acme', 'people', 'head')),
		);
		const types = fc.option(fc.oneof(fc.constantFrom(JSON_CONTENT, DEFLATED_CONTENT), fc.string()), { nil: undefined });
		const payloads = fc.oneof(
			fc.uint8Array({ maxLength: 500 }),
			fc.json().map((text) => Buffer.from(text)),
			fc.json().map((text) => deflateSync(text)),
		);
		fc.assert(
			fc.property(topics, payloads, types, (topic, payload, contentType) => {
				const decoded = decodeMessage(topic, payload, contentType);
				expect(decoded.ok || decoded.reason.length > 0).toBe(true);
			}),
		);
	});

	it('a changed byte of a real message is refused or reads as something else, never a throw', () => {
		const { payload, contentType } = encodeMessage(resume());
		fc.assert(
			fc.property(fc.nat(payload.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
				const damaged = Uint8Array.from(payload);
				damaged[at] = (damaged[at] ?? 0) ^ change;
				decodeMessage(UP, damaged, contentType);
			}),
		);
	});

	it('what inflates over the limit is refused without being inflated whole', () => {
		const bomb = deflateSync(Buffer.alloc(LIMITS.syncMessageBytes * 50));
		expect(bomb.length).toBeLessThan(LIMITS.syncMessageBytes);
		expect(refusal(UP, bomb, DEFLATED_CONTENT)).toBe('oversized');
		expect(refusal(UP, Buffer.alloc(LIMITS.syncMessageBytes + 1), JSON_CONTENT)).toBe('oversized');
	});

	it.each([
		['lists', '['.repeat(200_000) + ']'.repeat(200_000)],
		['records', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
	])('%s nested without end are refused wherever they stand, never a stack overflow', (_, deep) => {
		const event = { specversion: '1.0', source: '/s', type: 'x', id: 'e', seq: 1, data: { deep: 'DEEP' } };
		const rows = [{ op: 'put', table: 'holders', key: 'a', row: 'DEEP' }];
		const delta = { stream: 'people', centralEpoch: 'c', from: 0, to: 1, more: false, ops: rows };
		const up = siteTopic('acme', 'site-1', 'up/events');
		for (const [topic, message, reason] of [
			[
				up,
				resume({ type: 'events', body: { before: '', after: '', events: [event] } } as Partial<Message>),
				'malformed',
			],
			[siteTopic('acme', 'site-1', 'down/data'), { ...resume(), type: 'delta', body: delta }, 'malformed'],
			[UP, { ...resume(), clock: 'DEEP' }, 'malformed'],
			[UP, { ...resume(), v: 'DEEP' }, 'version'],
			[UP, { ...resume(), type: 'DEEP' }, 'type'],
		] as const)
			expect(refusal(topic, bytes(JSON.stringify(message).replace('"DEEP"', deep)), JSON_CONTENT)).toBe(reason);
	});

	it('a moment that no calendar can name is refused: nobody could show it', () => {
		for (const ts of [8.64e15 + 1, -8.64e15 - 1, Number.MAX_SAFE_INTEGER])
			expect(refusal(UP, bytes({ ...resume(), ts }), JSON_CONTENT)).toBe('malformed');
		expect(refusal(UP, bytes({ ...resume(), ts: 8.64e15 }), JSON_CONTENT)).toBeUndefined();
	});

	it.each([
		['another version', { ...resume(), v: 2 }, 'version'],
		['a version that is no number', { ...resume(), v: { toString: null, valueOf: null } }, 'version'],
		['an unknown type', { ...resume(), type: 'openTheBarrier' }, 'type'],
		['a type of another channel', { ...resume(), type: 'birth' }, 'type'],
		['another site than the topic’s', resume({ site: 'site-2' }), 'site'],
		['no site on a site’s topic', resume({ site: null }), 'site'],
		['a missing field', { ...resume(), ts: undefined }, 'malformed'],
		['no object', 'null', 'malformed'],
		['no UTF-8', Buffer.from([0xff, 0xfe]), 'malformed'],
	])('%s is refused with a reason', (_, value, reason) => {
		expect(refusal(UP, value instanceof Uint8Array ? value : bytes(value), JSON_CONTENT)).toBe(reason);
	});

	it('a property named like one of every object is no type', () => {
		for (const type of ['constructor', '__proto__', 'toString'])
			expect(refusal(UP, bytes({ ...resume(), type }), JSON_CONTENT)).toBe('type');
	});

	it('fields of a later version are left out, not refused', () => {
		expect(refusal(UP, bytes({ ...resume(), later: { more: true } }), JSON_CONTENT)).toBeUndefined();
	});
});

describe('topics', () => {
	it('are parsed to what they were made of', () => {
		for (const channel of Object.keys(CHANNELS)) {
			if (!channel.includes('/')) continue;
			const topic = siteTopic('acme', 'site-1', channel as Parameters<typeof siteTopic>[2]);
			expect(parseTopic(topic)).toEqual({ kind: 'site', tenant: 'acme', site: 'site-1', channel });
		}
		expect(parseTopic(streamTopic('acme', 'people', 'delta'))).toMatchObject({ kind: 'stream', stream: 'people' });
		expect(parseTopic(centralTopic('acme'))).toMatchObject({ kind: 'central' });
	});

	it.each([
		'',
		'parkgate/1/acme/site/site-1/up',
		'parkgate/1/acme/site/site-1/up/events/more',
		'parkgate/2/acme/site/site-1/up/events',
		'parkgate/1/ACME/site/site-1/up/events',
		'parkgate/1/acme/site/+/up/events',
		'parkgate/1/acme/site/../up/events',
		'parkgate/1/acme/stream/people/tail',
		'other/1/acme/site/site-1/up/events',
	])('%j is none', (topic) => {
		expect(parseTopic(topic)).toBeUndefined();
	});
});
