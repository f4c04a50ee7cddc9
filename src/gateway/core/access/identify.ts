import type { Credential, Holder } from '../directory.ts';
import type { AccessFacts, PresentedFact } from './facts.ts';

/** Who the reads of one identification stand for, by the lane's mode. */
export interface Identification {
	/** The read the decision goes by; null when the lane's mode has none to use. */
	readonly chosen: PresentedFact | null;
	readonly credential: Credential | null;
	/** null although a credential matched: its holder is not in the directory. */
	readonly holder: Holder | null;
	/** A tag and a plate were both matched, to different holders. */
	readonly mismatch: { readonly tagHolderId: string; readonly plateHolderId: string } | null;
	/** Several are asked for and one is missing; a PIN that is not the tag's holder's counts as none. */
	readonly missingFactor: 'tag' | 'plate' | 'pin' | null;
}

export function identify(facts: AccessFacts): Identification {
	const { identify: mode, rules } = facts.lane;
	const plate = mode === 'tagOnly' ? undefined : bestOf(facts, 'plate');
	const own = ownOf(facts);
	// Where a plate alone is enough, half of another way in takes nothing from it.
	const isByPlate = mode === 'either' && own.missing !== null && matched(plate) !== null;
	const tag = isByPlate ? undefined : own.read;
	const tagHolderId = matched(tag)?.credential.holderId;
	const plateHolderId = matched(plate)?.credential.holderId;
	const mismatch =
		tagHolderId !== undefined && plateHolderId !== undefined && tagHolderId !== plateHolderId
			? { tagHolderId, plateHolderId }
			: null;
	const preferred = mismatch !== null && rules.onMismatch === 'usePlate' ? plate : tag;
	const chosen = [preferred, tag, plate].find((read) => matched(read) !== null) ?? preferred ?? plate ?? null;
	const match = matched(chosen);
	return {
		chosen,
		credential: match?.credential ?? null,
		holder: match?.holder ?? null,
		mismatch,
		missingFactor: isByPlate ? null : (own.missing ?? (mode === 'both' ? missing(tag, plate) : null)),
	};
}

/** What the driver holds or knows: a tag or a PIN, or both where the lane asks for them. */
function ownOf(facts: AccessFacts): {
	readonly read: PresentedFact | undefined;
	readonly missing: 'tag' | 'pin' | null;
} {
	const { identify: mode, rules } = facts.lane;
	if (mode === 'plateOnly') return { read: undefined, missing: null };
	const tag = bestOf(facts, 'tag');
	const pin = rules.pin === 'never' ? undefined : bestOf(facts, 'pin');
	if (rules.pin !== 'withTag') {
		return { read: [tag, pin].find((read) => matched(read) !== null) ?? tag ?? pin, missing: null };
	}
	if (tag === undefined) return { read: pin, missing: pin === undefined ? null : 'tag' };
	const holderId = matched(tag)?.credential.holderId;
	const isProved = facts.presented.some(
		(read) => read.kind === 'pin' && holderId !== undefined && matched(read)?.credential.holderId === holderId,
	);
	return { read: tag, missing: isProved ? null : 'pin' };
}

/** The most telling read of a kind: a matched one before a confident one before the first. */
function bestOf(facts: AccessFacts, kind: PresentedFact['kind']): PresentedFact | undefined {
	let best: PresentedFact | undefined;
	for (const read of facts.presented) {
		if (read.kind === kind && (best === undefined || rank(read) > rank(best))) best = read;
	}
	return best;
}

function rank(read: PresentedFact): number {
	const known = matched(read) === null ? 0 : 10;
	return known + read.confidence + (read.match.how === 'exact' ? 2 : 0);
}

function matched(read: PresentedFact | null | undefined) {
	const match = read?.match;
	return match?.how === 'exact' || match?.how === 'confusable' ? match : null;
}

function missing(tag: PresentedFact | undefined, plate: PresentedFact | undefined): 'tag' | 'plate' | null {
	if (tag === undefined) return 'tag';
	return plate === undefined ? 'plate' : null;
}
