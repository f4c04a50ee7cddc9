import mqtt, { type IClientOptions, type IConnackPacket, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Clock } from '../gateway/core/clock.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import type {
	BrokerAccess,
	HearOutcome,
	Link,
	LinkAbilities,
	LinkEvents,
	LinkOptions,
	LinkProblem,
	OpenLink,
	OutgoingMessage,
	PublishOutcome,
} from './link.ts';
import { accessProblem, linkProblem, lostLink, refusedSubscription, silentBroker, unanswered } from './link-problem.ts';
import { createPublishWindow, type PublishWindow } from './publish-window.ts';

export const KEEPALIVE_S = 30;
/** From the first packet to CONNACK, and from a publish to its PUBACK. */
const ANSWER_TIMEOUT_MS = 15_000;
/** The topic, properties and headers of a publish beside its payload. */
const PACKET_OVERHEAD_BYTES = 512;
const NO_MATCHING_SUBSCRIBERS = 16;
const NOT_AUTHORIZED = 135;
const PACKET_TOO_LARGE = 149;

/** A link over MQTT 5; the one place that knows the client library. */
export function createMqttLinks(clock: Clock): OpenLink {
	return (options, events) => openMqttLink(clock, options, events);
}

/** What the callbacks of one client share. */
interface LinkBox {
	readonly client: MqttClient;
	readonly clock: Clock;
	readonly broker: BrokerAccess;
	readonly events: LinkEvents;
	abilities: LinkAbilities | undefined;
	/** The most telling problem so far; `close` follows without one. */
	problem: LinkProblem | undefined;
	ended: boolean;
	/** Message ids whose PUBACK said that nobody listens: the library's callback hides it. */
	readonly unrouted: Set<number>;
	readonly pending: Set<(outcome: PublishOutcome) => void>;
	/** The library ignores the broker's receive maximum. */
	readonly window: PublishWindow;
}

function openMqttLink(clock: Clock, options: LinkOptions, events: LinkEvents): Link {
	let client: MqttClient;
	const unusable = accessProblem(options.broker);
	if (unusable !== undefined) return unopened(clock, unusable, events);
	try {
		client = mqtt.connect({ ...clientOptions(options), ...brokerAddress(options.broker.url) });
	} catch (error) {
		return unopened(clock, linkProblem(error, options.broker), events);
	}
	const box: LinkBox = {
		client,
		clock,
		broker: options.broker,
		events,
		abilities: undefined,
		problem: undefined,
		ended: false,
		unrouted: new Set(),
		pending: new Set(),
		window: createPublishWindow((message) => send(box, message)),
	};
	client.handleMessage = (packet, done) => receive(box, packet, done);
	client.on('connect', (packet) => subscribe(box, options, packet));
	client.on('error', (error) => {
		const found = linkProblem(error, options.broker);
		// Whoever was connected needs no hints at the address.
		box.problem ??= box.abilities !== undefined && found.kind === 'tcp' ? lostLink(options.broker) : found;
	});
	client.on('disconnect', (packet) => {
		box.problem ??= linkProblem({ code: packet.reasonCode ?? 0 }, options.broker);
	});
	client.on('packetreceive', (packet) => {
		if (packet.cmd === 'puback' && packet.reasonCode === NO_MATCHING_SUBSCRIBERS && packet.messageId !== undefined)
			box.unrouted.add(packet.messageId);
	});
	client.on('close', () => finish(box));
	return {
		publish: (message) => publish(box, message),
		hear: (filter) => hear(box, filter),
		close: () => close(box),
	};
}

function unopened(clock: Clock, problem: LinkProblem, events: LinkEvents): Link {
	const cancel = clock.after(0, () => events.onDown(problem));
	return { publish: async () => 'unknown', hear: async () => ({ granted: false }), close: async () => cancel() };
}

/** In parts: given a URL, the library takes it apart by Node's deprecated parser, which warns. */
function brokerAddress(url: string): IClientOptions {
	const { protocol, hostname, port, pathname, search } = new URL(url);
	if (protocol !== 'mqtt:' && protocol !== 'mqtts:') throw new Error(`Unknown protocol ${protocol}`);
	return {
		protocol: protocol === 'mqtts:' ? 'mqtts' : 'mqtt',
		hostname: hostname.replace(/^\[|\]$/g, ''),
		...(port !== '' && { port: Number(port) }),
		...(pathname.length > 1 && { path: pathname + search }),
	};
}

function clientOptions(options: LinkOptions): IClientOptions {
	const { broker, will } = options;
	return {
		protocolVersion: 5,
		clientId: options.clientId,
		clean: false,
		keepalive: KEEPALIVE_S,
		connectTimeout: ANSWER_TIMEOUT_MS,
		// One new client for each connection; the session machine decides when (its stores are no outbox).
		reconnectPeriod: 0,
		resubscribe: false,
		queueQoSZero: false,
		messageIdProvider: new mqtt.UniqueMessageIdProvider(),
		...(broker.username !== undefined && { username: broker.username }),
		...(broker.password !== undefined && { password: broker.password }),
		...(broker.tls?.ca !== undefined && { ca: broker.tls.ca }),
		...(broker.tls?.cert !== undefined && { cert: broker.tls.cert }),
		...(broker.tls?.key !== undefined && { key: broker.tls.key }),
		rejectUnauthorized: true,
		properties: {
			sessionExpiryInterval: options.sessionExpiryS,
			receiveMaximum: LIMITS.syncReceiveMaximum,
			maximumPacketSize: LIMITS.syncMessageBytes,
		},
		...(will !== undefined && {
			will: {
				topic: will.topic,
				payload: Buffer.from(will.payload),
				qos: will.qos,
				retain: will.retain,
				properties: { willDelayInterval: options.willDelayS, contentType: will.contentType },
			},
		}),
	};
}

function subscribe(box: LinkBox, options: LinkOptions, connack: IConnackPacket): void {
	const properties = connack.properties ?? {};
	const abilities: LinkAbilities = {
		receiveMaximum: properties.receiveMaximum ?? 65_535,
		maximumPacketBytes: properties.maximumPacketSize,
		sharedSubscriptions: properties.sharedSubscriptionAvailable ?? true,
		sessionPresent: connack.sessionPresent,
	};
	box.abilities = abilities;
	const topics = options.subscriptions(abilities.sharedSubscriptions);
	box.client.subscribe([...topics], { qos: 1 }, (error, granted) => {
		if (box.ended) return;
		const denied = (granted ?? []).find((grant) => grant.qos >= 128);
		if (error !== null && error !== undefined) {
			box.problem ??= refusedSubscription(options.broker, denied?.topic ?? topics.join(', '));
			box.client.end(true);
			return;
		}
		box.events.onUp(abilities);
	});
}

function hear({ client, ended }: LinkBox, filter: string): Promise<HearOutcome> {
	if (ended) return Promise.resolve({ granted: false });
	const { promise, resolve } = Promise.withResolvers<HearOutcome>();
	client.once('close', () => resolve({ granted: false }));
	client.subscribe(filter, { qos: 1 }, (error, granted = []) => {
		const refused = error instanceof Error || granted.some(({ qos }) => qos >= 128);
		resolve(refused ? { granted: false } : { granted: true, end: () => client.unsubscribe(filter) });
	});
	return promise;
}

function receive(box: LinkBox, packet: IPublishPacket, done: (error?: Error) => void): void {
	const settled = box.ended ? undefined : take(box, packet);
	if (settled === undefined) done();
	else
		settled.then(
			() => done(),
			() => done(),
		);
}

/** A message whose taking fails (a store that cannot be read) ends this link, not the process: the next one asks again. */
function take(box: LinkBox, packet: IPublishPacket): void | Promise<void> {
	try {
		return box.events.onMessage({
			topic: packet.topic,
			payload: typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload,
			contentType: packet.properties?.contentType,
			retained: packet.retain,
		});
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		box.problem ??= { kind: 'lost', text: `A message from central could not be taken: ${why}` };
		box.client.end(true);
	}
}

function publish(box: LinkBox, message: OutgoingMessage): Promise<PublishOutcome> {
	const { abilities } = box;
	if (box.ended || abilities === undefined) return Promise.resolve('unknown');
	const room = (abilities.maximumPacketBytes ?? Number.POSITIVE_INFINITY) - PACKET_OVERHEAD_BYTES;
	// A packet over the broker's maximum would be answered with a disconnect, again and again.
	if (message.payload.length > room) return Promise.resolve('tooLarge');
	return box.window.publish(message, abilities.receiveMaximum);
}

function send(box: LinkBox, message: OutgoingMessage): Promise<PublishOutcome> {
	if (box.ended) return Promise.resolve('unknown');
	const { client } = box;
	return new Promise((resolve) => {
		// The callback may come before `publish` returns: then nothing was sent and there is no id.
		let messageId = 0;
		const settle = (outcome: PublishOutcome) => {
			if (!box.pending.delete(settle)) return;
			cancelDeadline();
			resolve(outcome);
		};
		box.pending.add(settle);
		// After a drop the library never settles what was under way.
		const cancelDeadline = box.clock.after(ANSWER_TIMEOUT_MS, () => {
			box.problem ??= silentBroker(box.broker);
			client.end(true);
			settle('unknown');
		});
		const properties = {
			contentType: message.contentType,
			...(message.expiryS !== undefined && { messageExpiryInterval: message.expiryS }),
		};
		client.publish(
			message.topic,
			Buffer.from(message.payload),
			{ qos: message.qos, retain: message.retain, properties },
			(error) => settle(publishOutcome(box, messageId, error)),
		);
		if (message.qos === 1) messageId = client.getLastMessageId();
	});
}

function publishOutcome(box: LinkBox, messageId: number, error: unknown): PublishOutcome {
	const unrouted = box.unrouted.delete(messageId);
	if (error === undefined || error === null) return unrouted ? 'unrouted' : 'delivered';
	const code = typeof error === 'object' && 'code' in error ? error.code : undefined;
	if (code === NOT_AUTHORIZED) return 'denied';
	return code === PACKET_TOO_LARGE ? 'tooLarge' : 'unknown';
}

function finish(box: LinkBox): void {
	if (box.ended) return;
	box.ended = true;
	for (const settle of [...box.pending]) settle('unknown');
	box.client.end(true);
	const silent = box.abilities === undefined ? unanswered(box.broker) : lostLink(box.broker);
	box.events.onDown(box.problem ?? silent);
}

async function close(box: LinkBox): Promise<void> {
	if (box.ended) return;
	box.ended = true;
	for (const settle of [...box.pending]) settle('unknown');
	await new Promise<void>((resolve) => {
		const cancel = box.clock.after(1_000, () => {
			box.client.end(true);
			resolve();
		});
		box.client.end(false, {}, () => {
			cancel();
			resolve();
		});
	});
}
