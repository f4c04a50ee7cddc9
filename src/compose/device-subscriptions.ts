import { given } from '../config/given.ts';
import type { OpenSubscription, SubscriptionSettings } from '../drivers/ports/subscription.ts';
import { decideReopenDelay, type LineTrouble, nextTrouble } from '../drivers/reopen-delay.ts';
import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { BrokerAccess, Link, OpenLink } from '../sync/link.ts';

export interface SubscriptionsDeps {
	readonly clock: Clock;
	/** [0, 1), for the jitter of waits. */
	readonly random: () => number;
	/** Of this gateway: two on one broker must not have one name. */
	readonly site: string;
}

export function brokerOf({ url, username, password, ca }: SubscriptionSettings): BrokerAccess {
	return { url, ...given({ username, password }), tls: given({ ca }) };
}

/** Devices that are heard on a broker, over the link that central is reached by, each with its own connection. */
export function createSubscriptions({ clock, random, site }: SubscriptionsDeps, openLink: OpenLink): OpenSubscription {
	return (name, settings, events) => {
		const broker = brokerOf(settings);
		let link: Link | undefined;
		let trouble: LineTrouble | undefined;
		let cancel: Cancel | undefined;
		let isClosed = false;

		const connect = () => {
			let wasUp = false;
			link = openLink(
				{
					...{ broker, clientId: `parkgate-${site}-${name}` },
					...{ willDelayS: 0, subscriptions: () => settings.topics },
					// The broker forgets us at once: what it kept meanwhile would come late.
					sessionExpiryS: 0,
				},
				{
					onUp() {
						wasUp = true;
						trouble = undefined;
						events.onUp();
					},
					onDown(problem) {
						link = undefined;
						// Its hints name the section of central's broker.
						events.onDown(problem.text.replaceAll('mqtt.', ''));
						trouble = nextTrouble(trouble, wasUp ? 'lost' : 'failing');
						if (!isClosed) cancel = clock.after(decideReopenDelay(trouble, random), connect);
					},
					onMessage({ topic, payload, retained }) {
						if (!isClosed) events.onMessage({ topic, payload, retained });
					},
				},
			);
		};
		connect();
		return {
			async close() {
				isClosed = true;
				cancel?.();
				await link?.close();
			},
		};
	};
}
