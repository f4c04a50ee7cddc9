import { decideAccess } from '../../core/access/decide-access.ts';
import type { Decision } from '../../core/access/decision.ts';
import type { AccessFacts } from '../../core/access/facts.ts';
import { codeName } from '../../core/directory/code-text.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { type LaneMode, NORMAL, restoredMode } from '../../core/lane/lane-mode.ts';
import { type CollectedRead, idleLane } from '../../core/lane/lane-state.ts';
import { orientLane } from '../../core/lane/orient-lane.ts';
import { normalisePlate } from '../../core/plate.ts';
import type { Lane, Site } from '../../core/site.ts';
import { parseTag } from '../../core/tag.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { LoadedFacts } from '../lanes/lane-engine.ts';
import type { FactsLoader } from '../lanes/load-facts.ts';

/** Somebody at a lane at a time: a plate or tag as it would be read, or a holder with what they carry. */
export interface WhatIfQuestion {
	readonly laneId: string;
	readonly who:
		| { readonly kind: 'tag'; readonly value: string }
		| { readonly kind: 'plate'; readonly value: string }
		| { readonly kind: 'holder'; readonly holderId: string };
	/** UTC epoch ms; occupancy, bookings, presence and what operators made of the lane are those of now. */
	readonly atMs: number;
	/** Of a reversible lane. */
	readonly direction?: 'forward' | 'back';
}

export interface WhatIfAnswer {
	readonly decision: Decision;
	readonly facts: AccessFacts;
	readonly holderName: string | null;
}

export interface WhatIf {
	/** Decides without opening, holding or writing anything. Throws NOT_FOUND for an unknown lane or holder, INVALID_REQUEST for text that is no tag or plate. */
	check(question: WhatIfQuestion): WhatIfAnswer;
}

export function createWhatIf(deps: {
	readonly site: Site;
	readonly directory: DirectoryReader;
	readonly loadFacts: FactsLoader;
	/** Held open, closed or in lockdown now. */
	readonly modeOf: (laneId: string) => LaneMode;
}): WhatIf {
	const { site, directory } = deps;
	return {
		check({ laneId, who, atMs, direction = 'forward' }) {
			const wired = site.lanes.find(({ id }) => id === laneId);
			if (wired === undefined) {
				const known = site.lanes.map(({ id }) => id).join(', ');
				throw new GatewayError('NOT_FOUND', `there is no lane ${laneId}; there are ${known}`);
			}
			const lane = orientLane(wired, direction);
			const idle = idleLane(atMs);
			const mode = modeAt(deps.modeOf(laneId), atMs);
			const present = { ...idle, mode, loops: { ...idle.loops, arming: true } };
			const candidates = readsOf(who, lane).map((reads) => answer(deps.loadFacts(lane, present, reads, atMs)));
			const [first] = candidates;
			if (first === undefined) throw new GatewayError('NOT_FOUND', 'this holder has no tag, plate or PIN');
			return candidates.find(({ decision }) => decision.outcome === 'granted') ?? first;
		},
	};

	/** What could be read: each credential of a holder by itself, and together for lanes that ask for several; a plate by each camera. */
	function readsOf(who: WhatIfQuestion['who'], lane: Lane): readonly (readonly CollectedRead[])[] {
		const tagRead = (value: string) => readOf('tag', value, lane.readers[0]);
		const cameras = lane.cameras.length === 0 ? [undefined] : lane.cameras;
		const plateReads = (value: string) => cameras.map((camera) => readOf('plate', value, camera));
		if (who.kind === 'tag') return [[tagRead(parsed(parseTag(who.value), who.value, 'a tag'))]];
		if (who.kind === 'plate') {
			return plateReads(parsed(normalisePlate(who.value), who.value, 'a plate')).map((read) => [read]);
		}
		if (directory.holder(who.holderId) === undefined) {
			throw new GatewayError('NOT_FOUND', `there is no holder ${who.holderId}`);
		}
		const own = directory.credentialsOf(who.holderId);
		const tags = own.filter(({ kind }) => kind === 'tag').map(({ value }) => tagRead(value));
		const plates = own.filter(({ kind }) => kind === 'plate').flatMap(({ value }) => plateReads(value));
		const pins = own.filter(({ kind }) => kind === 'pin').map(({ value }) => readOf('pin', value, lane.readers[0]));
		const alone = [...tags, ...plates, ...pins].map((read) => [read]);
		const withPin = tags.flatMap((tag) => pins.map((pin) => [tag, pin]));
		const held = lane.rules.pin === 'withTag' ? withPin : [...tags, ...pins].map((read) => [read]);
		const pairs = held.flatMap((reads) => plates.map((plate) => [...reads, plate]));
		return [...alone, ...withPin, ...pairs].slice(0, 32);
	}
}

/** A mode that is over by then, or had not begun, says nothing. */
function modeAt(mode: LaneMode, atMs: number): LaneMode {
	return mode.kind !== 'normal' && mode.sinceMs > atMs ? NORMAL : restoredMode(mode, atMs);
}

function answer({ access, holderName }: LoadedFacts): WhatIfAnswer {
	return { decision: decideAccess(access), facts: access, holderName };
}

/** By a device of the lane: what is licensed of its cameras counts as it would there. */
function readOf(kind: CollectedRead['kind'], value: string, deviceId = 'what-if'): CollectedRead {
	const shown = { observationId: 'what-if', deviceId, confidence: 1, reads: 1, firstMonotonicMs: 0 };
	return { kind, value, label: kind === 'pin' ? codeName('pin', value) : value, ...shown };
}

function parsed(value: string | undefined, text: string, what: string): string {
	if (value !== undefined) return value;
	throw new GatewayError('INVALID_REQUEST', `${JSON.stringify(text)} is not ${what}`);
}
