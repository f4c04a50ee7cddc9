import type { Clock } from '../../gateway/core/clock.ts';
import type { Log } from '../../gateway/core/log.ts';
import { composeMessage, deliverOn } from '../compose-message.ts';
import type { Body, MessageType } from '../envelope.ts';
import type { BrokerAccess, IncomingMessage, Link, LinkProblem, OpenLink, OutgoingMessage } from '../link.ts';
import { readAccess } from '../read-access.ts';
import {
	type Channel,
	centralSubscriptions,
	centralTopic,
	type SiteChannel,
	siteTopic,
	streamTopic,
} from '../topics.ts';

export interface CentralLinkDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly tenant: string;
	/** Name of this process among several centrals. */
	readonly instance: string;
	readonly broker: () => BrokerAccess;
	readonly openLink: OpenLink;
	readonly newId: () => string;
}

export interface CentralLinkEvents {
	/** `link`: the new connection's name. */
	onUp(link: string): void;
	onDown(problem: LinkProblem): void;
	onMessage(message: IncomingMessage): void | Promise<void>;
}

type Address =
	| {
			readonly to: 'site';
			readonly site: string;
			readonly channel: SiteChannel;
			readonly gatewayEpoch: string;
			readonly link: string | null;
	  }
	| { readonly to: 'stream'; readonly stream: string; readonly channel: 'head' | 'delta' }
	| { readonly to: 'everyone'; readonly link: string };

/** Central's connection to the broker, one after the other. */
export interface CentralLink {
	open(): void;
	/** Leaves, with or without saying that central is gone; never rejects. */
	close(goodbye: boolean): Promise<void>;
	/** `expiryS`: sooner than its channel's. */
	send<T extends MessageType>(address: Address, type: T, body: Body<T>, expiryS?: number): void;
	/** A message that was encoded before. */
	forward(address: Address, payload: Uint8Array, contentType: string): void;
}

export function createCentralLink(deps: CentralLinkDeps, events: CentralLinkEvents): CentralLink {
	const { tenant, clock } = deps;
	let current: { readonly id: string; link?: Link } | undefined;

	function compose<T extends MessageType>(address: Address, type: T, body: Body<T>): OutgoingMessage {
		const site = address.to === 'site' ? address.site : null;
		const gatewayEpoch = address.to === 'site' ? address.gatewayEpoch : null;
		const link = address.to === 'stream' ? null : address.link;
		const head = { id: deps.newId(), site, gatewayEpoch, link, ts: clock.nowMs(), clock: 'held' } as const;
		return composeMessage(placeOf(tenant, address), type, body, head);
	}

	function publish(message: OutgoingMessage): void {
		void current?.link?.publish(message).then((outcome) => {
			if (outcome === 'denied' || outcome === 'tooLarge')
				deps.log.warn({ topic: message.topic, outcome }, 'the broker did not take a message of central');
		});
	}

	function open(): void {
		const mine: { readonly id: string; link?: Link } = { id: deps.newId() };
		current = mine;
		const broker = readAccess(deps.broker);
		if ('problem' in broker) {
			clock.after(0, () => {
				if (current !== mine) return;
				current = undefined;
				events.onDown(broker.problem);
			});
			return;
		}
		const link = deps.openLink(
			{
				broker: broker.access,
				clientId: `parkgate-central-${tenant}-${deps.instance}`,
				will: compose({ to: 'everyone', link: mine.id }, 'centralState', { state: 'offline' }),
				willDelayS: 0,
				// A session that waits would go on getting its share of the sites' messages while nobody reads them.
				sessionExpiryS: 0,
				subscriptions: (shared) => centralSubscriptions(tenant, shared),
			},
			{
				onUp: () => {
					if (current === mine) events.onUp(mine.id);
				},
				onDown(problem) {
					if (current !== mine) return;
					current = undefined;
					events.onDown(problem);
				},
				onMessage: (message) => (current === mine ? events.onMessage(message) : undefined),
			},
		);
		mine.link = link;
	}

	return {
		open,
		async close(goodbye) {
			const leave = current;
			current = undefined;
			if (leave?.link === undefined) return;
			const state = { to: 'everyone', link: leave.id } as const;
			if (goodbye) void leave.link.publish(compose(state, 'centralState', { state: 'offline' }));
			await leave.link.close();
		},
		send: (address, type, body, expiryS) =>
			publish({ ...compose(address, type, body), ...(expiryS !== undefined && { expiryS }) }),
		forward: (address, payload, contentType) => publish(deliverOn(placeOf(tenant, address), payload, contentType)),
	};
}

function placeOf(tenant: string, address: Address): { topic: string; channel: Channel } {
	switch (address.to) {
		case 'site':
			return { topic: siteTopic(tenant, address.site, address.channel), channel: address.channel };
		case 'stream':
			return { topic: streamTopic(tenant, address.stream, address.channel), channel: address.channel };
		case 'everyone':
			return { topic: centralTopic(tenant), channel: 'state' };
	}
}
