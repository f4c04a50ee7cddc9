import type { Clock } from '../../gateway/core/clock.ts';
import type { PlateSize } from './camera-event.ts';
import type { PlacedTime } from './camera-time.ts';

/** Vehicles the share of misreads and the size of plates are taken over. */
const VEHICLES = 100;

/**
 * What tells a technician that a camera stands wrong, is dirty or has the wrong time: its clock against
 * ours, how many vehicles it could not read, and how large plates are in its picture.
 */
export function createCameraHealth(clock: Pick<Clock, 'nowMs'>) {
	const misreads: boolean[] = [];
	const sizes: PlateSize[] = [];
	let clockOffsetMs: number | undefined;
	const remember = <Item>(list: Item[], item: Item) => {
		list.push(item);
		if (list.length > VEHICLES) list.shift();
	};
	return {
		/** One vehicle, read or not. */
		vehicle(read: { readonly isRead: boolean; readonly size?: PlateSize | undefined }): void {
			remember(misreads, !read.isRead);
			if (read.size !== undefined) remember(sizes, read.size);
		},
		/** Of a live event only: a buffered one tells an old time. */
		time(placed: PlacedTime | undefined): void {
			if (placed !== undefined) clockOffsetMs = placed.ms - clock.nowMs();
		},
		/** `clockOffsetMs`: camera's clock minus ours. `misreadPercent`, `plateWidthPx`, `plateHeightPx`: over the last vehicles. */
		measure(): Readonly<Record<string, number>> {
			const misread = misreads.filter(Boolean).length;
			return {
				...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
				...(misreads.length === 0 ? {} : { misreadPercent: Math.round((100 * misread) / misreads.length) }),
				...(sizes.length === 0
					? {}
					: {
							plateWidthPx: median(sizes.map(({ widthPx }) => widthPx)),
							plateHeightPx: median(sizes.map(({ heightPx }) => heightPx)),
						}),
			};
		},
	};
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}
