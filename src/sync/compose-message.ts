import type { ClockTrust } from '../gateway/core/clock.ts';
import { type Body, type Message, type MessageType, PROTOCOL_VERSION } from './envelope.ts';
import type { OutgoingMessage } from './link.ts';
import { encodeMessage } from './message-codec.ts';
import { CHANNELS, type Channel } from './topics.ts';

/** The envelope's fields beside type and body. */
export interface MessageHead {
	readonly id: string;
	readonly site: string | null;
	readonly gatewayEpoch: string | null;
	readonly link: string | null;
	readonly ts: number;
	readonly clock: ClockTrust;
}

/** A message as it goes on its topic, delivered the way its channel is. */
export function composeMessage<T extends MessageType>(
	to: { readonly topic: string; readonly channel: Channel },
	type: T,
	body: Body<T>,
	head: MessageHead,
): OutgoingMessage {
	// `type` and `body` belong together by the signature; the union can't be followed through the generic.
	const { payload, contentType } = encodeMessage({ v: PROTOCOL_VERSION, type, ...head, body } as Message);
	return deliverOn(to, payload, contentType);
}

/** The same for a payload that was encoded before. */
export function deliverOn(
	to: { readonly topic: string; readonly channel: Channel },
	payload: Uint8Array,
	contentType: string,
): OutgoingMessage {
	return { topic: to.topic, payload, contentType, ...CHANNELS[to.channel] };
}
