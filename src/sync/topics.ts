/** Tenant, site and stream ids as they stand in topics; no wildcard, separator or case can hide in them. */
export const TOPIC_ID = /^[a-z0-9-]{1,64}$/;

/** What one site's topics carry, seen from the site. */
export type SiteChannel =
	| 'up/birth'
	| 'up/will'
	| 'up/heartbeat'
	| 'up/events'
	| 'up/request'
	| 'up/challenge'
	| 'up/result'
	| 'down/ack'
	| 'down/data'
	| 'down/command'
	| 'down/confirm';

export type StreamChannel = 'head' | 'delta';

export type Channel = SiteChannel | StreamChannel | 'state';

/** Delivery of each channel. `expiryS`: the broker drops the message after it; its loss is always harmless. */
export const CHANNELS: Readonly<
	Record<Channel, { readonly qos: 0 | 1; readonly retain: boolean; readonly expiryS?: number }>
> = {
	'up/birth': { qos: 1, retain: true },
	'up/will': { qos: 1, retain: true },
	'up/heartbeat': { qos: 0, retain: false, expiryS: 30 },
	'up/events': { qos: 1, retain: false },
	'up/request': { qos: 1, retain: false, expiryS: 60 },
	'up/challenge': { qos: 1, retain: false, expiryS: 10 },
	'up/result': { qos: 1, retain: false, expiryS: 60 },
	'down/ack': { qos: 1, retain: false, expiryS: 300 },
	'down/data': { qos: 1, retain: false, expiryS: 300 },
	// A command says itself how long it is worth something (SYNC.md, commands); this is the longest that can be.
	'down/command': { qos: 1, retain: false, expiryS: 60 },
	'down/confirm': { qos: 1, retain: false, expiryS: 10 },
	head: { qos: 1, retain: true },
	delta: { qos: 1, retain: false, expiryS: 300 },
	state: { qos: 1, retain: true },
};

const SITE_CHANNELS: readonly SiteChannel[] = [
	'up/birth',
	'up/will',
	'up/heartbeat',
	'up/events',
	'up/request',
	'up/challenge',
	'up/result',
	'down/ack',
	'down/data',
	'down/command',
	'down/confirm',
];

export type Topic =
	| { readonly kind: 'site'; readonly tenant: string; readonly site: string; readonly channel: SiteChannel }
	| { readonly kind: 'stream'; readonly tenant: string; readonly stream: string; readonly channel: StreamChannel }
	| { readonly kind: 'central'; readonly tenant: string; readonly channel: 'state' };

const PREFIX = 'parkgate/1';

export function siteTopic(tenant: string, site: string, channel: SiteChannel): string {
	return `${PREFIX}/${tenant}/site/${site}/${channel}`;
}

export function streamTopic(tenant: string, stream: string, channel: StreamChannel): string {
	return `${PREFIX}/${tenant}/stream/${stream}/${channel}`;
}

export function centralTopic(tenant: string): string {
	return `${PREFIX}/${tenant}/central/state`;
}

/** Everything a gateway listens to: its own `down` topics, the streams' heads and deltas, central's state. */
export function gatewaySubscriptions(tenant: string, site: string, streams: readonly string[]): readonly string[] {
	return [
		siteTopic(tenant, site, 'down/ack'),
		siteTopic(tenant, site, 'down/data'),
		siteTopic(tenant, site, 'down/command'),
		siteTopic(tenant, site, 'down/confirm'),
		...streams.flatMap((stream) => [streamTopic(tenant, stream, 'head'), streamTopic(tenant, stream, 'delta')]),
		centralTopic(tenant),
	];
}

/**
 * Everything central listens to. Work that one of several centrals should do is shared where the broker can;
 * births and wills are not, because a shared subscription gets no retained message (MQTT 5, 4.8.2).
 */
export function centralSubscriptions(tenant: string, shared: boolean): readonly string[] {
	const share = shared ? '$share/central/' : '';
	return [
		siteTopic(tenant, '+', 'up/birth'),
		siteTopic(tenant, '+', 'up/will'),
		siteTopic(tenant, '+', 'up/heartbeat'),
		// Of a command only the central that sent it knows.
		siteTopic(tenant, '+', 'up/challenge'),
		siteTopic(tenant, '+', 'up/result'),
		// What other centrals say of themselves.
		centralTopic(tenant),
		share + siteTopic(tenant, '+', 'up/events'),
		share + siteTopic(tenant, '+', 'up/request'),
	];
}

/** @returns undefined for any topic that is not of this protocol. */
export function parseTopic(topic: string): Topic | undefined {
	const [name, version, tenant = '', area, id = '', ...tail] = topic.split('/');
	if (`${name}/${version}` !== PREFIX || !TOPIC_ID.test(tenant)) return undefined;
	const channel = tail.join('/');
	if (area === 'central' && id === 'state' && tail.length === 0) return { kind: 'central', tenant, channel: 'state' };
	if (!TOPIC_ID.test(id)) return undefined;
	if (area === 'stream' && (channel === 'head' || channel === 'delta'))
		return { kind: 'stream', tenant, stream: id, channel };
	const siteChannel = SITE_CHANNELS.find((known) => known === channel);
	if (area === 'site' && siteChannel !== undefined) return { kind: 'site', tenant, site: id, channel: siteChannel };
	return undefined;
}
