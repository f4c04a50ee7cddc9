import type { FrameError } from '../framer.ts';
import type { OsdpFrame } from './frame.ts';
import { createOsdpFramer } from './framer.ts';
import { createLateReplies, type LateReplies } from './late-replies.ts';
import type { PdSession } from './session.ts';
import type { SessionEffect, SessionInput } from './session-state.ts';

const BUS_TIMING = {
	/** A frame that began may end this much later, no more: a babbling device is not waited for. */
	replyTailMs: 150,
	/** A process that was busy looks at its clock before its ports: what has come meanwhile is given this long to be read … */
	lateMs: 20,
	graceMs: 20,
	/** … so often. */
	graces: 5,
	/** Silence inside a frame after which it is given up; USB converters pause up to 16 ms. */
	byteGapMs: 50,
	/** After a reader failed to answer, the proven ones have the line alone this long. */
	unprovenPauseMs: 600,
	/** A reader that failed so often in a row is looked for this seldom while others work, so that they keep their rate. */
	quickLooks: 4,
	slowLookMs: 3_000,
	/** Between the end of a reply and the next command, so that the reader's driver lets go of the line. */
	turnaroundCharacters: 2,
	/** Handing bytes to the port takes longer than this, so shorter turn-rounds need no wait. */
	handOverMs: 0.5,
} as const;

/** Start, 8 data and stop bit. */
const BITS_PER_BYTE = 10;

/** What one reader's session does, said with the reader's place on the bus. */
export type BusEffect = { readonly reader: number } & SessionEffect;

export interface BusCounters {
	frameErrors: number;
	/** Our own commands, sent back by a converter. */
	echoes: number;
	/** Frames of no reader that is awaited. */
	strayFrames: number;
	/** Answers that came after they were given up. */
	lateReplies: number;
}

/**
 * Shares one RS-485 line among readers: one command in flight, and turns in the order of the last one.
 * Pulses go first. A reader that does not answer gets a turn now and then, so that it costs the others
 * at most one reply time-out in unprovenPauseMs. Pure: time is input.
 */
export interface Bus {
	open(nowMs: number): readonly BusEffect[];
	close(problem: string, nowMs: number): readonly BusEffect[];
	receive(chunk: Uint8Array, nowMs: number): readonly BusEffect[];
	/** Looks at deadlines and gives the next turn; at most one `send` is among the effects. */
	tick(nowMs: number): readonly BusEffect[];
	/** An input for one reader: work, showing, or that its bytes were not sent. */
	give(reader: number, input: SessionInput): readonly BusEffect[];
	/** When `tick` is wanted at the latest. */
	wakeMs(): number;
	/** The line has another rate from now on: every conversation begins anew. */
	setBaud(baud: number, nowMs: number): readonly BusEffect[];
	readonly counters: Readonly<BusCounters>;
}

interface Flight {
	readonly reader: number;
	deadlineMs: number;
	damaged: boolean;
	graces: number;
}

interface BusState {
	readonly sessions: readonly PdSession[];
	/** By reader: when it last had the line. */
	readonly servedMs: number[];
	readonly counters: BusCounters;
	byteMs: number;
	flight: Flight | undefined;
	/** Nothing is sent before. */
	freeMs: number;
	lastByteMs: number;
	unprovenNotBeforeMs: number;
	/** By reader: turns in a row without an answer while it was away, and when the next may come. */
	readonly looks: number[];
	readonly lookAgainMs: number[];
	turnsSinceLeisure: number;
	readonly late: LateReplies;
}

export function createBus(sessions: readonly PdSession[], baud: number): Bus {
	const framer = createOsdpFramer();
	const b: BusState = {
		sessions,
		servedMs: sessions.map(() => Number.NEGATIVE_INFINITY),
		counters: { frameErrors: 0, echoes: 0, strayFrames: 0, lateReplies: 0 },
		byteMs: byteMsAt(baud),
		flight: undefined,
		freeMs: 0,
		lastByteMs: Number.NEGATIVE_INFINITY,
		unprovenNotBeforeMs: 0,
		looks: sessions.map(() => 0),
		lookAgainMs: sessions.map(() => 0),
		turnsSinceLeisure: 0,
		late: createLateReplies(sessions.length),
	};
	const stepAll = (input: SessionInput): BusEffect[] => sessions.flatMap((_, reader) => step(b, reader, input));
	return {
		counters: b.counters,
		open(nowMs) {
			framer.reset();
			b.flight = undefined;
			b.freeMs = nowMs;
			b.unprovenNotBeforeMs = nowMs;
			for (const reader of sessions.keys()) forgetLooks(b, reader);
			b.late.forget();
			return stepAll({ type: 'opened', nowMs });
		},
		close(problem, nowMs) {
			b.flight = undefined;
			return stepAll({ type: 'closed', problem, nowMs });
		},
		receive(chunk, nowMs) {
			b.lastByteMs = nowMs;
			return framer.push(chunk).flatMap((item) => takeItem(b, item, nowMs));
		},
		tick(nowMs) {
			const effects = stepAll({ type: 'tick', nowMs });
			if (framer.partial() && nowMs >= b.lastByteMs + BUS_TIMING.byteGapMs) {
				effects.push(...framer.timeout().flatMap((item) => takeItem(b, item, nowMs)));
			}
			if (b.flight !== undefined && isGivenUp(b, b.flight, framer.partial(), nowMs)) {
				const { reader, damaged } = b.flight;
				b.flight = undefined;
				b.late.gaveUp(reader, nowMs);
				b.freeMs = nowMs;
				if (b.sessions[reader]?.standing() === 'unproven') pauseLooking(b, reader, nowMs);
				effects.push(...step(b, reader, { type: 'noReply', damaged: damaged || framer.partial(), nowMs }));
			}
			if (b.flight === undefined && nowMs >= b.freeMs) {
				const turn = giveTurn(b, nowMs);
				if (b.flight !== undefined) framer.reset();
				effects.push(...turn);
			}
			return effects;
		},
		give: (reader, input) => step(b, reader, input),
		wakeMs: () => wakeMs(b, framer.partial()),
		setBaud(rate, nowMs) {
			b.byteMs = byteMsAt(rate);
			framer.reset();
			b.flight = undefined;
			b.freeMs = nowMs;
			b.unprovenNotBeforeMs = nowMs;
			for (const reader of sessions.keys()) forgetLooks(b, reader);
			return stepAll({ type: 'opened', nowMs });
		},
	};
}

function isGivenUp(b: BusState, flight: Flight, partial: boolean, nowMs: number): boolean {
	const endMs = flightEndMs(b, flight, partial);
	// What began and was given up ends a wait that it had made longer: that is no delay of ours.
	const lateMs = nowMs - Math.max(endMs, b.lastByteMs + BUS_TIMING.byteGapMs);
	if (lateMs <= BUS_TIMING.lateMs || flight.graces === BUS_TIMING.graces) return nowMs >= endMs;
	flight.graces += 1;
	flight.deadlineMs = nowMs + BUS_TIMING.graceMs;
	return false;
}

/** Back-off: a reader that is away must not eat the line of the others. */
function pauseLooking(b: BusState, reader: number, nowMs: number): void {
	const looks = (b.looks[reader] ?? 0) + 1;
	b.looks[reader] = looks;
	b.lookAgainMs[reader] = looks > BUS_TIMING.quickLooks ? nowMs + BUS_TIMING.slowLookMs : nowMs;
	b.unprovenNotBeforeMs = nowMs + BUS_TIMING.unprovenPauseMs;
}

function forgetLooks(b: BusState, reader: number): void {
	b.looks[reader] = 0;
	b.lookAgainMs[reader] = 0;
}

function byteMsAt(baud: number): number {
	return (BITS_PER_BYTE * 1000) / baud;
}

function step(b: BusState, reader: number, input: SessionInput): BusEffect[] {
	const session = b.sessions[reader];
	if (session === undefined) return [];
	const wasAway = session.standing() === 'unproven';
	const effects = session.step(input).map((effect) => ({ reader, ...effect }));
	if (wasAway && session.standing() !== 'unproven') forgetLooks(b, reader);
	// Answered, or begun anew: the line is free once its driver has let go.
	if (b.flight?.reader === reader && !session.waiting()) {
		b.flight = undefined;
		const turnaroundMs = BUS_TIMING.turnaroundCharacters * b.byteMs;
		b.freeMs = turnaroundMs > BUS_TIMING.handOverMs ? input.nowMs + turnaroundMs : input.nowMs;
	}
	return effects;
}

function takeItem(b: BusState, item: OsdpFrame | FrameError, nowMs: number): BusEffect[] {
	if (item.kind === 'frameError') {
		b.counters.frameErrors += 1;
		if (b.flight !== undefined) b.flight.damaged = true;
		return [];
	}
	if (!item.reply) {
		b.counters.echoes += 1;
		return [];
	}
	const { flight } = b;
	if (flight === undefined || b.sessions[flight.reader]?.address() !== item.address) {
		return takeStray(b, item, nowMs);
	}
	return step(b, flight.reader, { type: 'reply', frame: item, nowMs });
}

function takeStray(b: BusState, { address }: OsdpFrame, nowMs: number): BusEffect[] {
	const reader = b.sessions.findIndex((session) => session.address() === address);
	const isLate = b.late.came(reader, nowMs);
	b.counters[isLate ? 'lateReplies' : 'strayFrames'] += 1;
	return isLate ? step(b, reader, { type: 'late', nowMs }) : [];
}

function giveTurn(b: BusState, nowMs: number): BusEffect[] {
	const reader = nextReader(b, nowMs);
	if (reader === undefined) return [];
	// On a crowded line one turn of a round may be longer than a poll.
	const crowded = b.sessions.some((session, other) => other !== reader && nowMs >= session.dueMs());
	const leisure = !crowded || b.turnsSinceLeisure >= b.sessions.length;
	b.turnsSinceLeisure = leisure ? 0 : b.turnsSinceLeisure + 1;
	const effects = step(b, reader, { type: 'turn', leisure, nowMs });
	const sent = effects.find((effect) => effect.type === 'send');
	// A reader that is owed a poll keeps its place in the round.
	if (sent?.type !== 'send' || !sent.pollOwed) b.servedMs[reader] = nowMs;
	if (sent?.type === 'send') {
		const onWireMs = sent.bytes.length * b.byteMs;
		b.flight = { reader, deadlineMs: nowMs + onWireMs + b.late.replyMs(reader), damaged: false, graces: 0 };
	}
	return effects;
}

function nextReader(b: BusState, nowMs: number): number | undefined {
	const due = b.sessions.map((session) => nowMs >= session.dueMs());
	return (
		longestUnserved(b, (session, reader) => due[reader] === true && session.standing() === 'urgent') ??
		longestUnserved(
			b,
			(session, reader) =>
				due[reader] === true && session.standing() === 'unproven' && nowMs >= lookNotBeforeMs(b, reader),
		) ??
		longestUnserved(b, (session, reader) => due[reader] === true && session.standing() !== 'unproven')
	);
}

/** While nobody works nobody is kept waiting. */
function lookNotBeforeMs(b: BusState, reader: number): number {
	if (b.sessions.every((session) => session.standing() === 'unproven')) return 0;
	return Math.max(b.unprovenNotBeforeMs, b.lookAgainMs[reader] ?? 0);
}

function longestUnserved(b: BusState, fits: (session: PdSession, reader: number) => boolean): number | undefined {
	let longest: number | undefined;
	for (const [reader, session] of b.sessions.entries()) {
		if (!fits(session, reader)) continue;
		const servedMs = b.servedMs[reader] ?? 0;
		if (longest === undefined || servedMs < (b.servedMs[longest] ?? 0)) longest = reader;
	}
	return longest;
}

/** A reply that has begun may end, within bounds. */
function flightEndMs(b: BusState, flight: Flight, partial: boolean): number {
	if (!partial) return flight.deadlineMs;
	const tailEndMs = Math.min(b.lastByteMs + BUS_TIMING.byteGapMs, flight.deadlineMs + BUS_TIMING.replyTailMs);
	return Math.max(flight.deadlineMs, tailEndMs);
}

function wakeMs(b: BusState, partial: boolean): number {
	let earliestMs = partial ? b.lastByteMs + BUS_TIMING.byteGapMs : Number.POSITIVE_INFINITY;
	if (b.flight !== undefined) earliestMs = Math.min(earliestMs, flightEndMs(b, b.flight, partial));
	for (const [reader, session] of b.sessions.entries()) {
		earliestMs = Math.min(earliestMs, session.deadlineMs());
		if (b.flight !== undefined) continue;
		const pauseEndMs = session.standing() === 'unproven' ? lookNotBeforeMs(b, reader) : b.freeMs;
		earliestMs = Math.min(earliestMs, Math.max(b.freeMs, pauseEndMs, session.dueMs()));
	}
	return earliestMs;
}
