/** How the broker is reached; read again for every connection, so that a rotated certificate needs no restart. */
export interface BrokerAccess {
	/** `mqtt://host:1883` or `mqtts://host:8883`. */
	readonly url: string;
	readonly username?: string;
	readonly password?: string;
	/** PEM texts. `ca` undefined: the system's authorities. */
	readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export interface LinkOptions {
	readonly broker: BrokerAccess;
	readonly clientId: string;
	/** Absent: nobody is told of the connection's end. */
	readonly will?: OutgoingMessage;
	/** The broker sends the will this long after the loss, unless we are back before. */
	readonly willDelayS: number;
	/** How long the broker keeps our subscriptions and undelivered messages after a loss. */
	readonly sessionExpiryS: number;
	/** Called when the broker's abilities are known. */
	readonly subscriptions: (shared: boolean) => readonly string[];
}

/** One message as it goes on the wire. */
export interface OutgoingMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly contentType: string;
	readonly qos: 0 | 1;
	readonly retain: boolean;
	readonly expiryS?: number;
}

export interface IncomingMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly contentType: string | undefined;
	readonly retained: boolean;
}

/** What the broker told when it accepted us. */
export interface LinkAbilities {
	/** QoS 1 messages it takes unacknowledged; 65,535 when it did not say. */
	readonly receiveMaximum: number;
	/** Largest packet it takes, bytes; undefined: not limited. */
	readonly maximumPacketBytes: number | undefined;
	readonly sharedSubscriptions: boolean;
	/** It still had our session: subscriptions and undelivered messages. */
	readonly sessionPresent: boolean;
}

/** Why a link is down, in words a technician can act on. `kind` names the layer. */
export interface LinkProblem {
	readonly kind: 'url' | 'dns' | 'tcp' | 'tls' | 'auth' | 'acl' | 'takenOver' | 'timeout' | 'lost' | 'protocol';
	readonly text: string;
}

/**
 * `delivered`: the broker has it, nothing more. `unrouted`: it has it and nobody listens (reason 16).
 * `tooLarge`: nothing was sent. `unknown`: no answer in time, or the link was lost.
 */
export type PublishOutcome = 'delivered' | 'unrouted' | 'denied' | 'tooLarge' | 'unknown';

export type HearOutcome = { readonly granted: false } | { readonly granted: true; readonly end: () => void };

export interface LinkEvents {
	/** Connected and subscribed. Messages of a resumed session may come earlier. */
	onUp(abilities: LinkAbilities): void;
	/** Called exactly once, whether the link ever came up or not, unless `close` was called before. */
	onDown(problem: LinkProblem): void;
	/** The broker gets its acknowledgement when this returns or its promise settles. Must not throw or reject. */
	onMessage(message: IncomingMessage): void | Promise<void>;
}

/** One connection to a broker, from the first packet to the last; never re-used. */
export interface Link {
	publish(message: OutgoingMessage): Promise<PublishOutcome>;
	/** Subscribes beside what the link hears already. A broker may grant what it never delivers. */
	hear(filter: string): Promise<HearOutcome>;
	/** Leaves politely (no will is sent) and keeps the session at the broker; never rejects. */
	close(): Promise<void>;
}

/** Starts connecting; every way it can end comes through `events`. */
export type OpenLink = (options: LinkOptions, events: LinkEvents) => Link;
