import type { Message } from '../../src/sync/envelope.ts';
import type { BrokerAccess } from '../../src/sync/link.ts';
import { decodeMessage } from '../../src/sync/message-codec.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import { wallClock } from './wall-clock.ts';

export interface Observed {
	readonly topic: string;
	readonly retained: boolean;
	readonly message: Message;
}

/** Somebody else on the broker who hears topics and can publish; throws on a message that does not fit its schema. */
export async function observeMqtt(broker: BrokerAccess, topics: readonly string[], clientId = 'observer') {
	const heard: Observed[] = [];
	const problems: string[] = [];
	const { promise: up, resolve, reject } = Promise.withResolvers<void>();
	const link = createMqttLinks(wallClock)(
		{
			broker,
			clientId,
			will: { topic: 'observer/gone', payload: new Uint8Array(), contentType: 'text/plain', qos: 0, retain: false },
			willDelayS: 0,
			sessionExpiryS: 0,
			subscriptions: () => topics,
		},
		{
			onUp: () => resolve(),
			onDown: (problem) => reject(new Error(problem.text)),
			onMessage({ topic, payload, contentType, retained }) {
				const decoded = decodeMessage(topic, payload, contentType);
				if (decoded.ok) heard.push({ topic, retained, message: decoded.message });
				else problems.push(`${topic}: ${decoded.reason} ${decoded.detail}`);
			},
		},
	);
	await up;
	return { heard, problems, link };
}
