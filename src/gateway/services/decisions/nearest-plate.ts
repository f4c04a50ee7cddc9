import type { Credential } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import { normalisePlate, plateNeighbours } from '../../core/plate.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';

/** A known plate one edit away from what was read. */
export interface PlateHint {
	readonly plate: string;
	readonly holderId: string;
	readonly holderName: string | null;
}

const SLICE = 50;

/** What an unknown plate may have been, for people who look at a refusal; at most LIMITS.plateHints, looked up in slices. */
export async function nearestPlates(
	directory: Pick<DirectoryReader, 'credential' | 'holder'>,
	read: string,
): Promise<readonly PlateHint[]> {
	const plate = normalisePlate(read);
	if (plate === undefined) return [];
	const found: Credential[] = [];
	const neighbours = plateNeighbours(plate);
	for (let at = 0; at < neighbours.length && found.length < LIMITS.plateHints; at += SLICE) {
		for (const neighbour of neighbours.slice(at, at + SLICE)) {
			const credential = directory.credential('plate', neighbour);
			if (credential !== undefined && found.length < LIMITS.plateHints) found.push(credential);
		}
		await new Promise(setImmediate);
	}
	return found.map(({ value, holderId }) => ({
		plate: value,
		holderId,
		holderName: directory.holder(holderId)?.name ?? null,
	}));
}
