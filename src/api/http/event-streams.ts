import { streamSSE } from 'hono/streaming';
import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { type Permission, roleMay } from '../../gateway/core/permission.ts';
import type { Feed, FeedEvent } from '../../gateway/services/feed.ts';
import type { PersonalView } from '../../gateway/services/privacy/personal-view.ts';
import { type HttpContext, requireLogin } from './login-context.ts';
import type { PersonalViewOf } from './personal-view-of.ts';
import type { Presenter } from './present.ts';

export interface EventStreamsDeps {
	readonly feed: Feed;
	readonly presenter: Presenter;
	readonly clock: Clock;
	readonly viewOf: PersonalViewOf;
	/** Whether the login of this token still stands; looking does not keep it from going idle. */
	readonly loginStands: (token: string) => boolean;
}

/** The pages that listen to live events. */
export interface EventStreams {
	/** Server-sent events (WHATWG HTML 9.2); `event` is the type, `data` the JSON. Throws TOO_MANY. */
	open(c: HttpContext, token: string): Response;
	/** Ends all of them, so that the server can stop. */
	close(): void;
}

/** What each event shows, and so who may see it. */
const NEEDED: Readonly<Record<FeedEvent['type'], Permission>> = {
	lane: 'lanes:read',
	decision: 'decisions:read',
	occupancy: 'occupancy:read',
	device: 'devices:read',
};

/** How long a browser waits before it connects again, ms. */
const RECONNECT_MS = 2_000;

type Line = { readonly event: FeedEvent['type']; readonly data: string } | 'heartbeat';

export function createEventStreams({ feed, presenter, clock, viewOf, loginStands }: EventStreamsDeps): EventStreams {
	const queues = new Set<LineQueue>();

	function feedInto(queue: LineQueue, role: Parameters<typeof roleMay>[0], view: PersonalView): () => void {
		return feed.subscribe((event) => {
			if (roleMay(role, NEEDED[event.type])) queue.push({ event: event.type, data: dataOf(event, view) });
		});
	}

	function dataOf(event: FeedEvent, view: PersonalView): string {
		switch (event.type) {
			case 'lane':
				return JSON.stringify(presenter.present(view.lane(event.lane)));
			case 'decision':
				return JSON.stringify(presenter.present(view.summary(event.decision)));
			case 'occupancy':
				return JSON.stringify(presenter.present({ items: event.areas }));
			case 'device':
				return JSON.stringify(presenter.present(event.device));
		}
	}

	return {
		open(c, token) {
			const { role } = requireLogin(c).operator;
			if (queues.size >= LIMITS.eventStreams) {
				throw new GatewayError('TOO_MANY', `${LIMITS.eventStreams} pages already listen; close some of them.`);
			}
			if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
			// Subscribed before the answer starts: what is published from now on is told.
			const queue = createLineQueue();
			queues.add(queue);
			const unsubscribe = feedInto(queue, role, viewOf(c));
			const stopHeartbeat = repeat(clock, LIMITS.eventHeartbeatMs, () => {
				if (loginStands(token)) queue.push('heartbeat');
				else queue.end();
			});
			return streamSSE(c, async (stream) => {
				stream.onAbort(queue.end);
				queue.onOverflow(() => {
					stream.abort();
					c.env?.outgoing?.destroy();
				});
				try {
					// Proxies and browsers show a stream as open once its first bytes came.
					await stream.write(`retry: ${RECONNECT_MS}\n\n`);
					for await (const line of queue.lines) {
						if (line === 'heartbeat') await stream.write(': still here\n\n');
						else await stream.writeSSE(line);
					}
				} finally {
					stopHeartbeat();
					unsubscribe();
					queues.delete(queue);
				}
			});
		},
		close() {
			for (const queue of queues) queue.end();
		},
	};
}

interface LineQueue {
	readonly lines: AsyncIterable<Line>;
	/** A queue that nobody empties ends: the page is too slow, and connects again for the present state. */
	push(line: Line): void;
	onOverflow(run: () => void): void;
	end(): void;
}

function createLineQueue(): LineQueue {
	const waiting: Line[] = [];
	let ended = false;
	let wake = () => {};
	let overflow = () => {};
	const end = () => {
		ended = true;
		wake();
	};
	async function* read(): AsyncGenerator<Line> {
		while (!ended) {
			const line = waiting.shift();
			if (line !== undefined) yield line;
			else {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
		}
	}
	return {
		lines: read(),
		push(line) {
			if (ended) return;
			if (waiting.length < LIMITS.eventsWaiting) {
				waiting.push(line);
				wake();
			} else {
				end();
				overflow();
			}
		},
		onOverflow(run) {
			overflow = run;
		},
		end,
	};
}

function repeat(clock: Clock, everyMs: number, run: () => void): Cancel {
	let cancel: Cancel = () => {};
	const plan = () => {
		cancel = clock.after(everyMs, () => {
			plan();
			run();
		});
	};
	plan();
	return () => cancel();
}
