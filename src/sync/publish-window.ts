import type { OutgoingMessage, PublishOutcome } from './link.ts';

/** Sends in order and no more at a time than the broker takes unacknowledged; one more would end the connection (MQTT 5, 3.3.4). */
export interface PublishWindow {
	publish(message: OutgoingMessage, receiveMaximum: number): Promise<PublishOutcome>;
}

export function createPublishWindow(send: (message: OutgoingMessage) => Promise<PublishOutcome>): PublishWindow {
	const waiting: { readonly message: OutgoingMessage; readonly resolve: (outcome: PublishOutcome) => void }[] = [];
	let inFlight = 0;

	function sendWaiting(receiveMaximum: number): void {
		while (inFlight < receiveMaximum) {
			const next = waiting.shift();
			if (next === undefined) return;
			inFlight += 1;
			void send(next.message).then((outcome) => {
				inFlight -= 1;
				next.resolve(outcome);
				sendWaiting(receiveMaximum);
			});
		}
	}

	return {
		publish: (message, receiveMaximum) =>
			new Promise((resolve) => {
				waiting.push({ message, resolve });
				sendWaiting(receiveMaximum);
			}),
	};
}
