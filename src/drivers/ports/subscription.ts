/** A broker on which something tells its events; it is not the one that central is reached by. */
export interface SubscriptionSettings {
	/** `mqtt://host:1883` or `mqtts://host:8883`. */
	readonly url: string;
	readonly username?: string | undefined;
	readonly password?: string | undefined;
	/** PEM of the authority; undefined: the system's. */
	readonly ca?: string | undefined;
	readonly topics: readonly string[];
}

export interface TopicMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	/** The broker kept it: it says what was, not what happens. */
	readonly retained: boolean;
}

export interface SubscriptionEvents {
	/** Connected and subscribed, again after each loss. */
	onUp(): void;
	/** Lost, or not to be had; it is tried again. */
	onDown(problem: string): void;
	onMessage(message: TopicMessage): void;
}

export interface Subscription {
	/** Resolves within about a second. */
	close(): Promise<void>;
}

/**
 * Hears a broker's topics and stays connected; nothing that was said in between is delivered afterwards.
 *
 * @param name of the device, for the broker's log.
 */
export type OpenSubscription = (
	name: string,
	settings: SubscriptionSettings,
	events: SubscriptionEvents,
) => Subscription;
