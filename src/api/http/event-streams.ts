import { streamSSE } from 'hono/streaming';
import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Access } from '../../gateway/core/permission/access.ts';
import type { Feed, FeedEvent } from '../../gateway/services/feed.ts';
import type { LoginSession } from '../../gateway/services/operators.ts';
import { personalView } from '../../gateway/services/privacy/personal-view.ts';
import type { HttpContext } from './login-context.ts';
import type { SeesPersonalData } from './personal-view-of.ts';
import type { Presenter } from './present.ts';
import { countersSeenBy, laneAt, type Sight } from './seen-in-parts.ts';

export interface EventStreamsDeps {
	readonly feed: Feed;
	readonly presenter: Presenter;
	readonly clock: Clock;
	readonly seesPersonalData: SeesPersonalData;
	readonly sight: Pick<Sight, 'device'>;
	/** Changes when a login may have come to see more or less. */
	readonly accessVersion: () => number;
}

/** The pages that listen to live events. */
export interface EventStreams {
	/** Server-sent events (WHATWG HTML 9.2); `event` is the type, `data` the JSON. Throws TOO_MANY. */
	open(c: HttpContext): Response;
	/** Ends all of them, so that the server can stop. */
	close(): void;
}

/** How long a browser waits before it connects again, ms. */
const RECONNECT_MS = 2_000;

type Line = { readonly event: FeedEvent['type']; readonly data: string } | 'heartbeat';

export function createEventStreams(deps: EventStreamsDeps): EventStreams {
	const { feed, presenter, clock, accessVersion } = deps;
	const queues = new Set<LineQueue>();

	/** What the listener may see is looked up anew when somebody's may have changed, and at each beat. */
	function listen(queue: LineQueue, loginAgain: () => LoginSession | undefined) {
		let version: number | undefined;
		let login: LoginSession | undefined;
		const lookUp = () => {
			version = accessVersion();
			login = loginAgain();
			return login !== undefined;
		};
		const unsubscribe = feed.subscribe((event) => {
			if (version !== accessVersion()) lookUp();
			const seen = login && seenOf(event, login.access, deps.sight);
			if (login === undefined || seen === undefined) return;
			queue.push({ event: event.type, data: dataOf(seen, login) });
		});
		return { lookUp, unsubscribe };
	}

	function dataOf(event: FeedEvent, login: LoginSession): string {
		const viewAt = (laneId: string) => personalView(deps.seesPersonalData(login, laneAt(laneId)));
		switch (event.type) {
			case 'lane':
				return JSON.stringify(presenter.present(viewAt(event.lane.id).lane(event.lane)));
			case 'decision':
				return JSON.stringify(presenter.present(viewAt(event.decision.laneId).summary(event.decision)));
			case 'occupancy':
				return JSON.stringify(presenter.present({ items: event.areas }));
			case 'device':
				return JSON.stringify(presenter.present(event.device));
			case 'activity':
				return JSON.stringify(presenter.present(event.done));
		}
	}

	return {
		open(c) {
			if (queues.size >= LIMITS.eventStreams) {
				throw new GatewayError('TOO_MANY', `${LIMITS.eventStreams} pages already listen; close some of them.`);
			}
			if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
			// Subscribed before the answer starts: what is published from now on is told.
			const queue = createLineQueue();
			queues.add(queue);
			const { lookUp, unsubscribe } = listen(queue, c.get('loginAgain'));
			const stopHeartbeat = repeat(clock, LIMITS.eventHeartbeatMs, () => {
				if (lookUp()) queue.push('heartbeat');
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

/** What of an event its listener may see; undefined: nothing. */
function seenOf(event: FeedEvent, access: Access, sight: Pick<Sight, 'device'>): FeedEvent | undefined {
	switch (event.type) {
		case 'lane':
			return access.may('lanes:read', laneAt(event.lane.id)) ? event : undefined;
		case 'decision':
			return access.may('decisions:read', laneAt(event.decision.laneId)) ? event : undefined;
		case 'occupancy':
			if (!access.mayInParts('occupancy:read')) return undefined;
			return { type: 'occupancy', areas: countersSeenBy(access, event.areas) };
		case 'device':
			return sight.device(access, event.device.id) ? event : undefined;
		case 'activity':
			return access.may('activity:read') ? event : undefined;
	}
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
