import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import type { Heading, LoopVisit } from '../../src/simulation/lane-track.ts';
import type { VehicleEnd } from '../../src/simulation/vehicle.ts';

/** World time: virtual, never restarts. */
export type AtMs = number;

/** A row of the journal, at the moment it was on the disk. */
export interface Committed {
	readonly atMs: AtMs;
	/** Which life of the gateway wrote it, from 1. */
	readonly life: number;
	readonly seq: number;
	readonly entry: JournalEntry;
}

/** A request to open, as its bytes left the gateway. */
export interface WirePulse {
	readonly atMs: AtMs;
	readonly life: number;
	readonly laneId: string;
}

/** A time in which the gateway could not see a lane, and why. */
export interface BlindTime {
	readonly fromMs: AtMs;
	readonly toMs: AtMs;
	readonly because: string;
}

/** One vehicle's way through one lane, as it really was. */
export interface Crossing {
	readonly carId: string;
	readonly laneId: string;
	readonly heading: Heading;
	readonly end: VehicleEnd;
	readonly manner: string;
	readonly fromMs: AtMs;
	readonly toMs: AtMs;
	readonly visits: readonly LoopVisit[];
	/** Holders of what was shown for it, also borrowed cards. */
	readonly holderIds: readonly string[];
	/** It came while the lane was still busy with a vehicle before. */
	readonly metBusyLane: boolean;
	/** When the arm's contact first closed for it; null: never. */
	readonly openedMs: AtMs | null;
}

/** Everything at rest: what the gateway counts, and where the vehicles really are. */
export interface Settled {
	readonly atMs: AtMs;
	readonly counters: readonly { readonly areaId: string; readonly occupied: number }[];
	/** Places still held. */
	readonly reservations: number;
	readonly stays: readonly { readonly holderId: string | null; readonly areaId: string }[];
	readonly cars: readonly { readonly id: string; readonly where: string }[];
}

/** An invariant that did not hold. */
export interface Violation {
	readonly invariant: string;
	readonly atMs: AtMs;
	readonly problem: string;
}

/** Everything that was seen of one run. */
export interface Records {
	readonly journal: Committed[];
	readonly pulses: WirePulse[];
	readonly crossings: Crossing[];
	/** Cards and plates shown where nobody stood. */
	readonly waved: { readonly atMs: AtMs; readonly laneId: string; readonly holderId: string }[];
	readonly settled: Settled[];
	readonly violations: Violation[];
	/** Lines for people, in world time. */
	readonly log: { readonly atMs: AtMs; readonly text: string }[];
	/** How often what happened. */
	readonly counts: Map<string, number>;
}

export function createRecords(): Records {
	return { journal: [], pulses: [], crossings: [], waved: [], settled: [], violations: [], log: [], counts: new Map() };
}

export function count(records: Records, what: string, times = 1): void {
	records.counts.set(what, (records.counts.get(what) ?? 0) + times);
}
