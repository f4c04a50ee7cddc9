import type { AccessFacts, CredentialMatch } from '../../src/gateway/core/access/facts.ts';
import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import { isVehiclePresent, readsToDecide } from '../../src/gateway/core/lane/collect-reads.ts';
import type { ActEffect, StoreEffect } from '../../src/gateway/core/lane/lane-effect.ts';
import type { LaneInput, LoopName } from '../../src/gateway/core/lane/lane-input.ts';
import type { LaneMode } from '../../src/gateway/core/lane/lane-mode.ts';
import { type CollectedRead, idleLane, type LaneState, laneDeadline } from '../../src/gateway/core/lane/lane-state.ts';
import { directionFor, orientLane, orientState } from '../../src/gateway/core/lane/orient-lane.ts';
import { stepLane } from '../../src/gateway/core/lane/step-lane.ts';
import type { Lane } from '../../src/gateway/core/site.ts';
import { aCredential, anna, aRight, facts, TUESDAY_10H } from './access-facts.ts';

type Untimed<T> = T extends LaneInput ? Omit<T, 'id' | 'atMs' | 'monotonicMs'> : never;

export interface LaneBenchOptions {
	readonly lane: Lane;
	/** Values that are Anna's and open; everything else is unknown. */
	readonly known?: readonly string[];
	/** Values that are Bob's. */
	readonly others?: readonly string[];
	readonly factsChange?: Partial<AccessFacts>;
	readonly storeFailed?: boolean;
}

/** One lane with time, facts and a log in words; no store, no devices. */
export function createLaneBench({
	lane,
	known = ['TAG', '1ABC234', '123456'],
	others = [],
	factsChange = {},
	storeFailed = false,
}: LaneBenchOptions) {
	let state: LaneState = idleLane(TUESDAY_10H);
	let nowMs = 0;
	let nextId = 1;
	const log: string[] = [];
	const steps: { store: readonly StoreEffect[]; act: readonly ActEffect[] }[] = [];
	let lastVendId = 'none';

	function input(untimed: Untimed<LaneInput>): void {
		const timed = { ...untimed, id: `i${nextId++}`, atMs: TUESDAY_10H + nowMs, monotonicMs: nowMs } as LaneInput;
		const reads = readsToDecide(state, timed, lane);
		const access = reads === null ? null : accessFacts(reads, directionFor(state, timed, lane));
		const result = stepLane(state, timed, { lane, access, holderName: null, storeFailed });
		state = result.state;
		steps.push({ store: result.store, act: result.act });
		for (const effect of result.store) log.push(inWords(effect));
		for (const effect of result.act) {
			if (effect.type === 'vend') lastVendId = effect.vendId;
			if (effect.type !== 'show') log.push(actInWords(effect));
		}
	}

	function accessFacts(reads: readonly CollectedRead[], direction: LaneState['direction']): AccessFacts {
		const [way, seen] = [orientLane(lane, direction), orientState(state, direction)];
		const base = facts(way.kind === 'exit' ? { direction: 'exit', areas: [] } : {});
		return {
			...base,
			atMs: TUESDAY_10H + nowMs,
			rights: [aRight()],
			presented: reads.map((read) => ({ ...read, match: matchOf(read) })),
			...factsChange,
			lane: {
				...base.lane,
				identify: lane.identify,
				rules: lane.rules,
				hasArmingLoop: way.loops.arming !== undefined,
				vehiclePresent: isVehiclePresent(seen, way),
				closed: state.mode.kind === 'closedToAll' ? 'closed' : state.mode.kind === 'lockdown' ? 'lockdown' : 'open',
				fire: state.fire === true,
				wrongWay: state.wrongWay?.at === 'arming',
				from: way.from,
			},
		};
	}

	function matchOf({ kind, value }: CollectedRead): CredentialMatch {
		if (others.includes(value)) {
			const credential = aCredential({ id: `bob-${kind}`, holderId: 'bob', kind, value });
			return { how: 'exact', credential, holder: { ...anna, id: 'bob', name: 'Bob' } };
		}
		if (!known.includes(value)) return { how: 'none' };
		return { how: 'exact', credential: aCredential({ id: `anna-${kind}`, kind, value }), holder: anna };
	}

	const observation = { deviceId: 'reader-1', atMs: 0 };
	const bench = {
		state: () => state,
		log: () => log,
		steps: () => steps,
		/** Forgets the log so far. */
		clear() {
			log.length = 0;
			return bench;
		},
		input,
		loop(loop: LoopName, active: boolean | null) {
			input({ type: 'loop', loop, active });
			return bench;
		},
		tag(tag = 'TAG') {
			input({
				type: 'observation',
				observation: { ...observation, kind: 'tag', id: `o${nextId}`, tag, monotonicMs: nowMs },
			});
			return bench;
		},
		/** Digits at the reader's keypad. */
		pin(pin = '123456') {
			const read = { ...observation, kind: 'pin', id: `o${nextId}`, pin, monotonicMs: nowMs } as const;
			input({ type: 'observation', observation: read });
			return bench;
		},
		/** A tag at one of the readers for vehicles from behind. */
		tagBehind(tag = 'TAG') {
			const read = { ...observation, deviceId: 'reader-back' };
			input({ type: 'observation', observation: { ...read, kind: 'tag', id: `o${nextId}`, tag, monotonicMs: nowMs } });
			return bench;
		},
		plate(plate = '1ABC234', confidence = 0.95, historical = false) {
			const read = { plate, confidence, historical, direction: 'approaching', dedupeKey: `d${nextId}` } as const;
			input({
				type: 'observation',
				observation: { ...observation, ...read, kind: 'plate', id: `o${nextId}`, monotonicMs: nowMs },
			});
			return bench;
		},
		vended(result: 'done' | 'failed' | 'expired' | 'unknown' = 'done', vendId = lastVendId) {
			const outcome = result === 'failed' || result === 'unknown' ? { result, problem: 'no answer' } : { result };
			input({ type: 'vendOutcome', vendId, outcome });
			return bench;
		},
		limit(limit: 'open' | 'closed', active: boolean | null) {
			input({ type: 'limit', limit, active });
			return bench;
		},
		fire(active: boolean | null) {
			input({ type: 'fire', active });
			return bench;
		},
		/** An operator's change, as the service plans it. */
		mode(kind: LaneMode['kind'], forMs: number | null = null) {
			const owner = { ownerId: 'op', reason: 'because', sinceMs: TUESDAY_10H + nowMs, confirmed: true };
			const untilMs = forMs === null ? null : TUESDAY_10H + nowMs + forMs;
			input({ type: 'mode', mode: kind === 'normal' ? { kind } : { kind, untilMs, ...owner }, operatorId: 'op' });
			return bench;
		},
		held(result: 'done' | 'failed' | 'unknown' = 'done', on = true) {
			input({ type: 'holdOutcome', on, outcome: result === 'done' ? { result } : { result, problem: 'no answer' } });
			return bench;
		},
		barrierBack() {
			input({ type: 'barrierBack' });
			return bench;
		},
		remoteVend() {
			input({ type: 'remoteVend', operatorId: 'op', reason: 'delivery' });
			return bench;
		},
		/** Lets time pass; deadlines on the way are met. */
		wait(ms: number) {
			const until = nowMs + ms;
			for (let due = laneDeadline(state); due !== null && due <= until; due = laneDeadline(state)) {
				nowMs = Math.max(nowMs, due);
				input({ type: 'timeout' });
			}
			nowMs = until;
			return bench;
		},
		/** Goes to the next deadline and meets it; nothing happens when none is set. */
		nextTimeout() {
			const due = laneDeadline(state);
			if (due === null) return bench;
			nowMs = Math.max(nowMs, due);
			input({ type: 'timeout' });
			return bench;
		},
		/** Over all three loops, as a car does. */
		driveThrough() {
			bench.loop('safety', true).wait(500).loop('arming', false).wait(500);
			return bench.loop('closing', true).wait(500).loop('safety', false).wait(500).loop('closing', false);
		},
	};
	// Loops tell their first level when their device starts.
	for (const loop of ['arming', 'safety', 'closing'] as const)
		if (lane.loops[loop] !== undefined) bench.loop(loop, false);
	return bench.clear();
}

export type LaneBench = ReturnType<typeof createLaneBench>;

function inWords(effect: StoreEffect): string {
	switch (effect.type) {
		case 'record':
			return entryInWords(effect.entry);
		case 'reserve':
			return `reserve ${effect.areaIds.join('+')}`.trimEnd();
		case 'release':
			return 'release';
		case 'setMode':
			return `mode ${effect.mode.kind}`;
		case 'pass':
			return effect.vendId === null ? 'pass anonymous' : `pass ${effect.holderId ?? 'unknown'}`;
	}
}

function actInWords(effect: ActEffect): string {
	switch (effect.type) {
		case 'vend':
			return 'vend';
		case 'hold':
			return effect.on ? 'hold on' : 'hold off';
		case 'vendRefused':
			return `vend refused: ${effect.because}`;
		case 'show':
			return `show ${effect.feedback}`;
	}
}

function entryInWords(entry: JournalEntry): string {
	switch (entry.type) {
		case 'decision':
			return entry.decision.headline === null ? 'granted' : `refused ${entry.decision.headline}`;
		case 'vend':
			return entry.outcome === 'requested' ? 'vend requested' : `vend ${entry.outcome.result}`;
		case 'passage':
			return `passage ${entry.certainty}`;
		case 'lane':
			return entry.event;
		case 'stay':
			return entry.event;
		case 'device':
		case 'edit':
		case 'evidence':
		case 'gap':
		case 'audit':
			return entry.type;
	}
}
