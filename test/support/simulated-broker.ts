import type { Clock } from '../../src/gateway/core/clock.ts';
import type { SeededRandom } from '../../src/gateway/core/seeded-random.ts';
import type { LinkEvents, LinkOptions, OpenLink, OutgoingMessage } from '../../src/sync/link.ts';

/** How badly messages fare: worse than any broker, which keeps order and loses nothing on a live link. */
export interface Faults {
	/** Shares of deliveries, 0–1. */
	readonly drop: number;
	readonly duplicate: number;
	/** Each delivery takes up to this long, so later ones overtake. */
	readonly maxDelayMs: number;
}

export const NO_FAULTS: Faults = { drop: 0, duplicate: 0, maxDelayMs: 5 };

/** A broker in memory on a virtual clock: retained messages, wills, one client for each id, and whatever faults are set. */
export interface SimulatedBroker {
	readonly openLink: OpenLink;
	setFaults(faults: Faults): void;
	/** Cuts the links whose client id contains `part`. */
	cut(part: string): void;
	/** Cuts everybody and forgets everything. */
	restartEmpty(): void;
}

interface Client {
	readonly options: LinkOptions;
	readonly events: LinkEvents;
	readonly filters: string[];
}

export function createSimulatedBroker(clock: Clock, random: SeededRandom): SimulatedBroker {
	let faults = NO_FAULTS;
	const clients = new Map<string, Client>();
	const retained = new Map<string, OutgoingMessage>();

	const delay = () => Math.floor(random.next() * faults.maxDelayMs);

	function deliver(client: Client, message: OutgoingMessage, wasRetained: boolean): void {
		if (random.next() < faults.drop) return;
		const copies = random.next() < faults.duplicate ? 2 : 1;
		for (let copy = 0; copy < copies; copy += 1) {
			clock.after(delay(), () => {
				if (clients.get(client.options.clientId) !== client) return;
				const { topic, payload, contentType } = message;
				void client.events.onMessage({ topic, payload, contentType, retained: wasRetained });
			});
		}
	}

	function route(message: OutgoingMessage): boolean {
		if (message.retain) retained.set(message.topic, message);
		const hearing = [...clients.values()].filter(({ filters }) =>
			filters.some((filter) => matches(filter, message.topic)),
		);
		for (const client of hearing) deliver(client, message, false);
		return hearing.length > 0;
	}

	function lose(client: Client): void {
		const { clientId, will, willDelayS } = client.options;
		if (clients.get(clientId) !== client) return;
		clients.delete(clientId);
		clock.after(0, () => client.events.onDown({ kind: 'lost', text: 'cut by the simulation' }));
		clock.after(willDelayS * 1_000, () => {
			if (will !== undefined && !clients.has(clientId)) route(will);
		});
	}

	function openLink(options: LinkOptions, events: LinkEvents) {
		const client: Client = { options, events, filters: [...options.subscriptions(false)] };
		let closed = false;
		clock.after(10 + delay(), () => {
			if (closed) return;
			const before = clients.get(options.clientId);
			if (before !== undefined) lose(before);
			clients.set(options.clientId, client);
			events.onUp({
				receiveMaximum: 20,
				maximumPacketBytes: undefined,
				sharedSubscriptions: false,
				sessionPresent: false,
			});
			for (const message of retained.values())
				if (client.filters.some((filter) => matches(filter, message.topic))) deliver(client, message, true);
		});
		return {
			async publish(message: OutgoingMessage) {
				if (clients.get(options.clientId) !== client) return 'unknown' as const;
				return route(message) || message.retain ? ('delivered' as const) : ('unrouted' as const);
			},
			async hear(filter: string) {
				client.filters.push(filter);
				return { granted: true, end: () => void client.filters.splice(client.filters.indexOf(filter), 1) } as const;
			},
			async close() {
				closed = true;
				if (clients.get(options.clientId) === client) clients.delete(options.clientId);
			},
		};
	}

	return {
		openLink,
		setFaults(next) {
			faults = next;
		},
		cut(part) {
			for (const client of [...clients.values()]) if (client.options.clientId.includes(part)) lose(client);
		},
		restartEmpty() {
			for (const client of [...clients.values()]) {
				clients.delete(client.options.clientId);
				clock.after(0, () => client.events.onDown({ kind: 'lost', text: 'the broker restarted' }));
			}
			retained.clear();
		},
	};
}

function matches(filter: string, topic: string): boolean {
	const wanted = filter.split('/');
	const levels = topic.split('/');
	return wanted.length === levels.length && wanted.every((level, place) => level === '+' || level === levels[place]);
}
