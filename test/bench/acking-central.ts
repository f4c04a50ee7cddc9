import { randomUUID } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import mqtt from 'mqtt';
import { composeMessage } from '../../src/sync/compose-message.ts';
import type { Body, MessageType } from '../../src/sync/envelope.ts';
import { DEFLATED_CONTENT } from '../../src/sync/message-codec.ts';
import { centralTopic, type SiteChannel, siteTopic } from '../../src/sync/topics.ts';

// node acking-central.ts BROKER_URL TENANT: says "stored" to every batch at once. The reference central would
// check and store each event and take the time of the gateway it shares this machine with.
const [url = '', tenant = ''] = process.argv.slice(2);
const client = mqtt.connect(url, { protocolVersion: 5, reconnectPeriod: 0 });

/** What of a site's message is looked at. */
interface FromSite {
	readonly type: string;
	readonly id: string;
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly link: string;
	readonly body: {
		readonly after?: string;
		readonly events?: readonly { readonly seq: number }[];
		readonly ackedSeq?: number;
	};
}

function send<T extends MessageType>(to: FromSite, channel: SiteChannel, type: T, body: Body<T>): void {
	const { site, gatewayEpoch, link } = to;
	const head = { id: randomUUID(), site, gatewayEpoch, link, ts: Date.now(), clock: 'synced' } as const;
	const topic = siteTopic(tenant, site, channel);
	const { payload, contentType, qos } = composeMessage({ topic, channel }, type, body, head);
	client.publish(topic, Buffer.from(payload), { qos, properties: { contentType } });
}

/** How far it has all of a site's events, and the batches that came ahead of others. */
interface Received {
	upTo: number;
	chain: string | null;
	readonly ahead: Map<number, { readonly last: number; readonly chain: string | null }>;
}

const received = new Map<string, Received>();

function receivedOf({ gatewayEpoch, body }: FromSite): Received {
	return received.getOrInsertComputed(gatewayEpoch, () => ({
		...{ upTo: body.ackedSeq ?? 0, chain: null },
		ahead: new Map(),
	}));
}

/** New events may come before an older backlog: said to be stored once all before them are. */
function receive(message: FromSite): Received {
	const { events = [], after = null } = message.body;
	const all = receivedOf(message);
	const [first] = events;
	const last = events.at(-1);
	if (first === undefined || last === undefined) return all;
	all.ahead.set(first.seq, { last: last.seq, chain: after });
	for (const [from, batch] of [...all.ahead].toSorted(([a], [b]) => a - b)) {
		if (from > all.upTo + 1) break;
		all.ahead.delete(from);
		if (batch.last > all.upTo) [all.upTo, all.chain] = [batch.last, batch.chain];
	}
	return all;
}

function take(message: FromSite): void {
	if (message.type === 'events') {
		const { upTo, chain } = receive(message);
		send(message, 'down/ack', 'ack', { upTo, chain, inReplyTo: null, rejected: [], problem: null });
	} else if (message.type === 'resume') {
		const { upTo, chain } = receivedOf(message);
		const inReplyTo = message.id;
		send(message, 'down/ack', 'ack', { upTo, chain, inReplyTo, rejected: [], problem: null });
		send(message, 'down/data', 'resumed', { inReplyTo, streams: [] });
	}
}

client.on('message', (_topic, payload, packet) => {
	const deflated = packet.properties?.contentType === DEFLATED_CONTENT;
	take(JSON.parse((deflated ? inflateSync(payload) : payload).toString()) as FromSite);
});
client.on('connect', async () => {
	await client.subscribeAsync([siteTopic(tenant, '+', 'up/events'), siteTopic(tenant, '+', 'up/request')], { qos: 1 });
	const head = {
		id: randomUUID(),
		site: null,
		gatewayEpoch: null,
		link: null,
		ts: Date.now(),
		clock: 'synced',
	} as const;
	const to = { topic: centralTopic(tenant), channel: 'state' } as const;
	const { topic, payload, contentType } = composeMessage(to, 'centralState', { state: 'online' }, head);
	await client.publishAsync(topic, Buffer.from(payload), { qos: 1, retain: true, properties: { contentType } });
	console.log('ready');
});
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
