import type { SimulatedMessage } from '../../src/drivers/driver.ts';
import type { BrokerAccess } from '../../src/sync/link.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import { wallClock } from './wall-clock.ts';

let clients = 0;

/** Says something on a broker as somebody else would; resolves when the broker has it all. */
export async function publishTo(broker: BrokerAccess, messages: readonly SimulatedMessage[]): Promise<void> {
	const { promise: up, resolve, reject } = Promise.withResolvers<void>();
	clients += 1;
	const link = createMqttLinks(wallClock)(
		{
			broker,
			clientId: `publisher-${clients}`,
			willDelayS: 0,
			sessionExpiryS: 0,
			subscriptions: () => ['publisher/none'],
		},
		{ onUp: () => resolve(), onDown: (problem) => reject(new Error(problem.text)), onMessage: () => undefined },
	);
	await up;
	for (const { topic, payload, retain } of messages)
		await link.publish({ topic, payload: Buffer.from(payload), retain, qos: 1, contentType: 'application/json' });
	await link.close();
}
