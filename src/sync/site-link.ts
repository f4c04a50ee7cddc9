import type { Clock, ClockTrust } from '../gateway/core/clock.ts';
import { STREAMS } from '../gateway/core/directory.ts';
import type { Log } from '../gateway/core/log.ts';
import { composeMessage } from './compose-message.ts';
import type { Body, MessageType } from './envelope.ts';
import type {
	BrokerAccess,
	IncomingMessage,
	Link,
	LinkAbilities,
	LinkProblem,
	OpenLink,
	OutgoingMessage,
	PublishOutcome,
} from './link.ts';
import { readAccess } from './read-access.ts';
import { gatewaySubscriptions, type SiteChannel, siteTopic } from './topics.ts';

/** A site that is back within this was never seen as gone. */
export const WILL_DELAY_S = 45;
/** Commands and deltas of a short loss wait at the broker. */
export const SESSION_EXPIRY_S = 120;
/** How long stopping waits for the broker to take our goodbye. */
const GOODBYE_MS = 1_000;

export interface SiteLinkDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly tenant: string;
	readonly site: string;
	/** Asked before every connection; may throw when a credential is missing. */
	readonly broker: () => BrokerAccess;
	readonly openLink: OpenLink;
	readonly gatewayEpoch: () => string;
	readonly clockTrust: () => ClockTrust;
	readonly newId: () => string;
}

export interface SiteLinkEvents {
	/** `link`: the new connection's name. */
	onUp(link: string, abilities: LinkAbilities): void;
	onDown(problem: LinkProblem): void;
	onMessage(message: IncomingMessage): void | Promise<void>;
	/** A payload of this size left. */
	onSent(bytes: number): void;
}

/** The site's connection to the broker, one after the other, and the envelopes that go over it. */
export interface SiteLink {
	open(): void;
	/** Says goodbye (the will, by ourselves) and leaves. */
	close(): void;
	/** Settles when the last `close` is done; never rejects. */
	left(): Promise<void>;
	/** Lost like any message when the link is down: the machine asks again. `about`: an earlier epoch of this gateway. */
	send<T extends MessageType>(
		channel: SiteChannel,
		type: T,
		body: Body<T>,
		about?: { readonly id?: string; readonly gatewayEpoch?: string },
	): SentMessage;
}

export interface SentMessage {
	readonly bytes: number;
	readonly outcome: Promise<PublishOutcome>;
}

export function createSiteLink(deps: SiteLinkDeps, events: SiteLinkEvents): SiteLink {
	const { clock, tenant, site } = deps;
	let current: { readonly id: string; readonly link?: Link } | undefined;
	let leaving: Promise<void> = Promise.resolve();

	function compose<T extends MessageType>(
		channel: SiteChannel,
		type: T,
		body: Body<T>,
		of: { readonly link: string; readonly id: string; readonly gatewayEpoch?: string },
	) {
		const head = { gatewayEpoch: deps.gatewayEpoch(), ...of, site, ts: clock.nowMs(), clock: deps.clockTrust() };
		return composeMessage({ topic: siteTopic(tenant, site, channel), channel }, type, body, head);
	}

	function down(id: string, problem: LinkProblem): void {
		if (current?.id !== id) return;
		current = undefined;
		events.onDown(problem);
	}

	function open(): void {
		const id = deps.newId();
		current = { id };
		const broker = readAccess(deps.broker);
		if ('problem' in broker) {
			clock.after(0, () => down(id, broker.problem));
			return;
		}
		const link = deps.openLink(
			{
				broker: broker.access,
				clientId: `parkgate-${tenant}-${site}`,
				will: compose('up/will', 'will', {}, { link: id, id }),
				willDelayS: WILL_DELAY_S,
				sessionExpiryS: SESSION_EXPIRY_S,
				subscriptions: () => gatewaySubscriptions(tenant, site, STREAMS),
			},
			{
				onUp: (abilities) => {
					if (current?.id === id) events.onUp(id, abilities);
				},
				onDown: (problem) => down(id, problem),
				onMessage: (message) => (current?.id === id ? events.onMessage(message) : undefined),
			},
		);
		current = { id, link };
	}

	function close(): void {
		const leave = current;
		current = undefined;
		if (leave?.link === undefined) return;
		leaving = sayGoodbye(clock, leave.link, compose('up/will', 'will', {}, { link: leave.id, id: leave.id }));
	}

	return {
		open,
		close,
		left: () => leaving,
		send(channel, type, body, about = {}) {
			if (current?.link === undefined) return { bytes: 0, outcome: Promise.resolve('unknown') };
			const message = compose(channel, type, body, { id: deps.newId(), ...about, link: current.id });
			const bytes = message.payload.length;
			events.onSent(bytes);
			return { bytes, outcome: reported(deps.log, type, current.link.publish(message)) };
		},
	};
}

async function sayGoodbye(clock: Clock, link: Link, goodbye: OutgoingMessage): Promise<void> {
	const { promise: late, resolve } = Promise.withResolvers<void>();
	const cancel = clock.after(GOODBYE_MS, resolve);
	await Promise.race([link.publish(goodbye), late]);
	cancel();
	await link.close();
}

async function reported(log: Log, type: MessageType, published: Promise<PublishOutcome>): Promise<PublishOutcome> {
	const outcome = await published;
	if (outcome === 'denied' || outcome === 'tooLarge') log.warn({ type, outcome }, 'the broker did not take a message');
	return outcome;
}
