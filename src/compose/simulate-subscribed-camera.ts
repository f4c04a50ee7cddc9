import { randomUUID } from 'node:crypto';
import type { SimulateDeviceOptions } from '../api/cli/handlers.ts';
import { settingProblems } from '../config/setting-problems.ts';
import type { SimulatedMessage, SubscriptionDriver } from '../drivers/driver.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { Link } from '../sync/link.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import { brokerOf } from './device-subscriptions.ts';
import { plateRead } from './simulate-camera.ts';

const KNOWN =
	'this camera knows "plate 1ABC234", with "confidence 0.93" and "leaving" after it, and "again" for the same once more';

/** Says on a broker what a camera that is heard there would; a line each for what happens. Throws PORT_UNAVAILABLE. */
export async function simulateSubscribedCamera(
	clock: Clock,
	driver: SubscriptionDriver,
	{ port, settings, stimuli, onNote, signal }: SimulateDeviceOptions,
): Promise<void> {
	const parsed = driver.config.safeParse({ id: 'simulated', driver: driver.kind, url: port, ...settings });
	if (!parsed.success)
		throw new GatewayError('CONFIG_INVALID', settingProblems(parsed.error.issues, driver.kind, settings));
	const simulator = driver.createSimulator(parsed.data);
	// What is typed meanwhile waits for it.
	const connecting = connect(clock, brokerOf(driver.subscription(parsed.data)));
	const failed = connecting.then(() => {
		onNote(`${driver.kind} speaks at ${port}`);
		return new Promise<never>(() => undefined);
	});

	const sayAll = async () => {
		let last: readonly SimulatedMessage[] | undefined;
		for await (const line of stimuli) {
			const what = line.trim();
			if (signal.aborted) return;
			if (what === '') continue;
			const read = plateRead(what, clock);
			last = read === undefined ? (what === 'again' ? last : undefined) : simulator.plate(read);
			if (last === undefined) onNote(KNOWN);
			else onNote(await say(await connecting, last));
		}
	};
	const { promise: interrupted, resolve } = Promise.withResolvers<void>();
	signal.addEventListener('abort', () => resolve(), { once: true });
	if (!signal.aborted) await Promise.race([sayAll(), failed, interrupted]);
	await (await connecting).close();
}

async function say(link: Link, messages: readonly SimulatedMessage[]): Promise<string> {
	for (const { topic, payload, retain } of messages)
		await link.publish({ topic, payload: Buffer.from(payload), retain, qos: 1, contentType: 'application/json' });
	return `said ${messages.map(({ topic }) => topic).join(', ')}`;
}

async function connect(clock: Clock, broker: ReturnType<typeof brokerOf>): Promise<Link> {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	const link = createMqttLinks(clock)(
		{
			...{ broker, clientId: `parkgate-simulated-${randomUUID()}` },
			...{ willDelayS: 0, sessionExpiryS: 0, subscriptions: () => ['parkgate/simulated'] },
		},
		{
			onUp: () => resolve(),
			onDown: ({ text }) => reject(new GatewayError('PORT_UNAVAILABLE', text)),
			onMessage: () => undefined,
		},
	);
	await promise;
	return link;
}
