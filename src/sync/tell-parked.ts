import { LIMITS } from '../gateway/core/limits.ts';
import type { DirectoryUpdates } from '../gateway/services/directory/directory-updates.ts';
import type { SiteLink } from './site-link.ts';

/** Tells central which rows of a stream are of no use here: all there are, so what it was told before is no more. */
export function tellParked(
	directory: Pick<DirectoryUpdates, 'streams' | 'parkedRows'>,
	link: Pick<SiteLink, 'send'>,
	name: string,
): void {
	const place = directory.streams().find(({ stream }) => stream === name);
	if (place === undefined || place.centralEpoch === null) return;
	const { stream, centralEpoch, parked } = place;
	const rows = directory.parkedRows(stream).map((row) => ({
		...row,
		problem: row.problem.slice(0, LIMITS.reasonLength),
	}));
	link.send('up/request', 'nack', { stream, centralEpoch, total: parked, rows });
}
