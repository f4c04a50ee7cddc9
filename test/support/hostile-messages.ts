import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import { JSON_CONTENT } from '../../src/sync/message-codec.ts';
import { centralTopic, siteTopic, streamTopic } from '../../src/sync/topics.ts';
import { readAsyncApi } from './asyncapi.ts';

const DEFLATED = 'application/json; encoding=deflate';

export interface HostileMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly contentType: string | undefined;
}

interface Envelope extends Readonly<Record<string, unknown>> {
	readonly type: string;
	readonly body: Readonly<Record<string, unknown>>;
}

/** One good message of each type, as docs/asyncapi.yaml shows it, with the topics it belongs to. */
function goodMessages(tenant: string, site: string): readonly { readonly topic: string; readonly message: Envelope }[] {
	const { channels, components } = readAsyncApi();
	const messages = new Map(Object.entries(components.messages));
	return Object.values(channels).flatMap(({ address, messages: types }) =>
		Object.keys(types).map((type) => {
			// The document gives every message an example.
			const message = messages.get(type)?.examples[0]?.payload as Envelope;
			const { stream = 'people' } = message.body;
			const topic = address.replace('{tenant}', tenant).replace('{site}', site).replace('{stream}', String(stream));
			return { topic, message: { ...message, ...(message['site'] !== null && { site }) } };
		}),
	);
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const as = (topic: string, payload: Uint8Array, contentType: string | undefined = JSON_CONTENT): HostileMessage => ({
	...{ topic, payload, contentType },
});

/** What both ends must refuse, whoever sends it, and for which reason: nothing in it can be meant. */
export function refusable(tenant: string, site: string) {
	const good = goodMessages(tenant, site);
	const known = fc.constantFrom(...good);
	const ofSite = fc.constantFrom(...good.filter(({ message }) => message['site'] !== null));
	const topics = [...new Set(good.map(({ topic }) => topic))];
	const elsewhere = known.chain(({ message, topic }) => {
		const own = good.filter((one) => one.message.type === message.type).map((one) => one.topic);
		return fc
			.constantFrom(...topics.filter((one) => !own.includes(one) && one !== topic))
			.map((other) => as(other, bytes(message)));
	});
	const reasons = {
		empty: known.map(({ topic }) => as(topic, new Uint8Array())),
		contentType: known.map(({ topic, message }) => as(topic, bytes(message), 'application/xml')),
		oversized: known.map(({ topic }) => as(topic, deflateSync(Buffer.alloc(LIMITS.syncMessageBytes + 1)), DEFLATED)),
		version: known.map(({ topic, message }) => as(topic, bytes({ ...message, v: 2 }))),
		type: fc.oneof(
			known.map(({ topic, message }) => as(topic, bytes({ ...message, type: 'constructor' }))),
			elsewhere,
		),
		site: ofSite.map(({ topic, message }) => as(topic, bytes({ ...message, site: `${site}-other` }))),
		malformed: fc.oneof(
			known.map(({ topic, message }) => as(topic, bytes({ ...message, ts: 'now' }))),
			known.map(({ topic, message }) => as(topic, bytes({ ...message, body: [] }))),
			known.map(({ topic, message }) => as(topic, bytes(message).subarray(1))),
			known.map(({ topic }) => as(topic, Buffer.from([0xff, 0xfe, 0x00]))),
			known.map(({ topic }) => as(topic, Buffer.from('null'))),
			known.map(({ topic, message }) => as(topic, deflateSync(bytes(message)).subarray(0, 20), DEFLATED)),
		),
	};
	return fc.oneof(
		...Object.entries(reasons).map(([reason, message]) => message.map((hostile) => ({ ...hostile, reason }))),
	);
}

/** Anything: good messages with parts replaced, on any topic; some of it is meant by nobody, some of it could be. */
export function anything(tenant: string, site: string, gatewayEpoch: string) {
	const good = goodMessages(tenant, site).map(({ topic, message }) => ({
		topic,
		message: message['gatewayEpoch'] === null ? message : { ...message, gatewayEpoch },
	}));
	const topics = [
		...good.map(({ topic }) => topic),
		...[
			siteTopic(tenant, 'other', 'up/events'),
			siteTopic('other', site, 'down/ack'),
			streamTopic(tenant, 'none', 'head'),
		],
		...[centralTopic('other'), 'parkgate/1', '$SYS/broker'],
	];
	const replaced = fc
		.tuple(fc.constantFrom(...good), fc.nat(), fc.jsonValue())
		.map(([{ topic, message }, at, value]) => as(topic, bytes(replaceAt(message, at, value))));
	const payload = fc.oneof(
		fc.uint8Array({ maxLength: 300 }),
		fc.json().map((text) => Buffer.from(text)),
	);
	const contentType = fc.constantFrom(JSON_CONTENT, DEFLATED, undefined, 'text/plain');
	const noise = fc.tuple(fc.constantFrom(...topics), payload, contentType).map(([...parts]) => as(...parts));
	return fc.oneof({ weight: 3, arbitrary: replaced }, { weight: 1, arbitrary: noise });
}

/** One of all the places in a message, counted through, holds `value` instead. */
function replaceAt(message: unknown, at: number, value: unknown): unknown {
	const places: ((copy: object) => void)[] = [];
	const visit = (node: unknown, path: readonly string[]) => {
		if (typeof node !== 'object' || node === null) return;
		for (const [key, member] of Object.entries(node)) {
			places.push((copy) => void Reflect.set(follow(copy, path), key, value));
			visit(member, [...path, key]);
		}
	};
	visit(message, []);
	const copy = structuredClone(message) as object;
	places[at % places.length]?.(copy);
	return copy;
}

function follow(node: object, [key, ...rest]: readonly string[]): object {
	return key === undefined ? node : follow(Reflect.get(node, key) as object, rest);
}
