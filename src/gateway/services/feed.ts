import type { DeviceStatus } from '../core/device.ts';
import type { DecisionSummary } from './access-log.ts';
import type { ActivityStep } from './activity/audit-log.ts';
import type { LaneView } from './lanes/lane-view.ts';
import type { AreaOccupancy } from './occupancy.ts';

/** What pages show live; sent only after it was committed. */
export type FeedEvent =
	| { readonly type: 'lane'; readonly lane: LaneView }
	| { readonly type: 'decision'; readonly decision: DecisionSummary }
	| { readonly type: 'occupancy'; readonly areas: readonly AreaOccupancy[] }
	| { readonly type: 'device'; readonly device: DeviceStatus }
	| { readonly type: 'activity'; readonly done: ActivityStep };

export interface Feed {
	publish(event: FeedEvent): void;
	/** @returns ends the subscription. A listener that throws is removed and logged. */
	subscribe(listener: (event: FeedEvent) => void): () => void;
	/** False: whoever publishes may spare itself the work. */
	isHeard(): boolean;
}

export function createFeed(onListenerError: (error: unknown) => void): Feed {
	const listeners = new Set<(event: FeedEvent) => void>();
	return {
		publish(event) {
			for (const listener of listeners) {
				try {
					listener(event);
				} catch (error) {
					listeners.delete(listener);
					onListenerError(error);
				}
			}
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		isHeard: () => listeners.size > 0,
	};
}
