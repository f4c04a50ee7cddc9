import { z } from 'zod';
import { LIMITS } from '../../gateway/core/limits.ts';

/** Plates are nobody's business here: so much of one tells two vehicles of one moment apart, and whose it is to nobody. */
const CHECKS = 256;
/** Of either list: with the rest they fit into LIMITS.deviceMemoryCharacters. */
const MOST_TOLD = 80;
const MOST_NAMES = 20;

/** How far a camera's own list was read, over restarts. */
export interface CatchUpPlace {
	/** `YYYYMMDDHHMMSSmmmm` of the last entry. */
	readonly cursor: string;
	/** Of the last entries: the camera is asked from that time on, and tells them again. */
	readonly names: readonly string[];
	/** What pushes told since, newest last. */
	readonly told: readonly ToldPush[];
}

export interface ToldPush {
	/** The camera's clock read as if it were UTC. */
	readonly localMs: number;
	/** See `plateCheck`. */
	readonly check: number;
}

const placeSchema = z.object({
	cursor: z.string().regex(/^\d{18}$/),
	names: z.array(z.string().max(64)).max(MOST_NAMES),
	told: z.array(z.tuple([z.int(), z.int()])).max(MOST_TOLD),
});

export function encodePlace({ cursor, names, told }: CatchUpPlace): string {
	return JSON.stringify({
		...{ cursor, names: names.slice(-MOST_NAMES) },
		told: told.slice(-MOST_TOLD).map(({ localMs, check }) => [Math.round(localMs), check]),
	});
}

/** undefined: there is none, or it can't be read. */
export function parsePlace(text: string | undefined): CatchUpPlace | undefined {
	if (text === undefined || text.length > LIMITS.deviceMemoryCharacters) return undefined;
	try {
		const { success, data } = placeSchema.safeParse(JSON.parse(text));
		return success ? { ...data, told: data.told.map(([localMs, check]) => ({ localMs, check })) } : undefined;
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

export function plateCheck(plate: string): number {
	let check = 0;
	for (const character of plate) check = (31 * check + (character.codePointAt(0) ?? 0)) % CHECKS;
	return check;
}
