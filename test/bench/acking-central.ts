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

function take(message: FromSite): void {
	const { body } = message;
	if (message.type === 'events') {
		const upTo = body.events?.at(-1)?.seq ?? 0;
		send(message, 'down/ack', 'ack', { upTo, chain: body.after ?? null, inReplyTo: null, rejected: [], problem: null });
	} else if (message.type === 'resume') {
		const upTo = body.ackedSeq ?? 0;
		const inReplyTo = message.id;
		send(message, 'down/ack', 'ack', { upTo, chain: null, inReplyTo, rejected: [], problem: null });
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
