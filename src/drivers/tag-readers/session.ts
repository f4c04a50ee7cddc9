import type { DeviceState } from '../../gateway/core/device.ts';
import { isFrameError } from '../frame-search.ts';
import type { FrameError } from '../framer.ts';
import type { LineFormatting, ReaderSettings, Request, TagRead, Taken } from './dialect.ts';
import { TOO_MANY_TAGS } from './flood.ts';
import { createMember, type Member } from './member.ts';

const FAILURES_TO_OFFLINE = 3;
/** A dead reader costs the others of its line its whole time-out: it is asked rarely. */
const OFFLINE_RETRY_MS = 1_000;
/** After a missed answer: what comes late must not be taken for the next one. */
const SETTLE_MS = 50;
/** One request holds a shared line for this long at most, however much the reader has to say. */
const LONGEST_TURN_MS = 2_000;

const LINE_NOT_UNDERSTOOD = 'what comes at this port is not understood; check the driver, baud, parity and wiring';
const NO_ANSWER = 'it does not answer; check its power, wiring, address, baud and that it is set to answer requests';

/** Times are monotonic ms. */
export type SessionInput =
	/** The line is open: begin. */
	| { readonly type: 'opened'; readonly nowMs: number }
	| { readonly type: 'closed'; readonly problem: string; readonly nowMs: number }
	| { readonly type: 'bytes'; readonly chunk: Uint8Array; readonly nowMs: number }
	/** The moment `wakeAtMs` named has come. */
	| { readonly type: 'tick'; readonly nowMs: number };

export type SessionEffect<Read = TagRead> =
	| { readonly type: 'send'; readonly bytes: Uint8Array }
	| { readonly type: 'read'; readonly reader: number; readonly read: Read }
	| { readonly type: 'rejected'; readonly reader: number; readonly why: string }
	| { readonly type: 'condition'; readonly reader: number };

interface Flight<Frame, Read> {
	readonly member: Member<Frame, Read>;
	readonly request: Request;
	dueMs: number;
	readonly endMs: number;
}

/** All readers of one line: one request at a time, turns in the order of the last one. Pure: time is input. */
export interface ReaderSession<Frame, Read = TagRead> {
	readonly members: readonly Member<Frame, Read>[];
	step(input: SessionInput): readonly SessionEffect<Read>[];
	/** When to step with `tick`; undefined: nothing is planned. */
	wakeAtMs(): number | undefined;
}

export function createReaderSession<Frame extends { readonly kind: string }, Read = TagRead>(
	{ search, gapMs, notUnderstood = LINE_NOT_UNDERSTOOD }: LineFormatting<Frame>,
	readers: readonly ReaderSettings<Frame, Read>[],
): ReaderSession<Frame, Read> {
	const members = readers.map(createMember);
	let effects: SessionEffect<Read>[] = [];
	let isOpen = false;
	let opens = 0;
	let flight: Flight<Frame, Read> | undefined;
	let quietUntilMs = 0;
	let lastByteMs = 0;

	function step(input: SessionInput): readonly SessionEffect<Read>[] {
		effects = [];
		switch (input.type) {
			case 'opened':
				begin(input.nowMs);
				break;
			case 'closed':
				end(input.problem);
				break;
			case 'bytes':
				if (isOpen) receive(input.chunk, input.nowMs);
				break;
			case 'tick':
				if (isOpen) lookAtTime(input.nowMs);
				break;
		}
		if (isOpen) takeTurn(input.nowMs);
		return effects;
	}

	function begin(nowMs: number): void {
		isOpen = true;
		opens += 1;
		flight = undefined;
		quietUntilMs = nowMs;
		search.reset();
		for (const member of members) {
			if (opens > 1) member.statistics.reconnects += 1;
			member.dueMs = nowMs;
			member.repeats.forget();
			startAnew(member);
			if (member.dialect.isReady()) judge(member);
		}
	}

	function startAnew(member: Member<Frame, Read>): void {
		member.failures = 0;
		member.noise.forget();
		// What it sees when it is back is news; a reader that never answers may still say its tags.
		if (member.state !== 'offline') member.repeats.forget();
		member.dialect.restart();
	}

	function end(problem: string): void {
		isOpen = false;
		flight = undefined;
		for (const member of members) become(member, 'offline', problem);
	}

	function receive(chunk: Uint8Array, nowMs: number): void {
		lastByteMs = nowMs;
		for (const { item } of search.push(chunk)) take(item, nowMs);
	}

	function lookAtTime(nowMs: number): void {
		if (search.partial() && nowMs >= lastByteMs + gapMs) for (const { item } of search.timeout()) take(item, nowMs);
		if (flight !== undefined && nowMs >= Math.min(flight.dueMs, flight.endMs)) endFlight(flight, nowMs);
		for (const member of members) {
			const isOver = [member.noise, member.flood].map((trouble) => trouble.look(nowMs));
			if (isOver.includes(true)) judge(member);
		}
	}

	function take(item: Frame | FrameError, nowMs: number): void {
		if (isFrameError(item)) noteError(nowMs);
		else takeFrame(item, nowMs);
	}

	function noteError(nowMs: number): void {
		for (const member of members) {
			member.statistics.frameErrors += 1;
			member.noise.error(nowMs);
			judge(member);
		}
	}

	function takeFrame(frame: Frame, nowMs: number): void {
		const asked = flight?.member.dialect.owns(frame) === true ? flight : undefined;
		const member = asked?.member ?? members.find(({ dialect }) => dialect.owns(frame));
		for (const other of members) other.noise.frame();
		if (member === undefined) {
			for (const other of members) other.statistics.strayFrames += 1;
			return;
		}
		member.statistics.frames += 1;
		const taken = member.dialect.take(frame, asked !== undefined);
		// What a reader says besides keeps no question waiting: it may speak and answer nothing.
		if (taken.answers !== undefined && asked !== undefined) {
			member.failures = 0;
			asked.dueMs = nowMs + asked.request.timeoutMs;
			if (taken.answers === 'end') finish(asked, nowMs);
		}
		heard(member, nowMs);
		carryOut(member, taken, nowMs);
	}

	function carryOut(member: Member<Frame, Read>, { reads = [], rejected, isStray }: Taken<Read>, nowMs: number): void {
		if (isStray) member.statistics.strayFrames += 1;
		if (rejected !== undefined) reject(member, rejected);
		for (const read of reads) tell(member, read, nowMs);
	}

	function heard(member: Member<Frame, Read>, nowMs: number): void {
		member.lastSeenMs = nowMs;
		judge(member);
	}

	function reject(member: Member<Frame, Read>, why: string): void {
		member.statistics.rejectedReads += 1;
		effects.push({ type: 'rejected', reader: members.indexOf(member), why });
	}

	function tell(member: Member<Frame, Read>, read: Read, nowMs: number): void {
		const kind = member.repeats.take(member.keyOf(read), nowMs);
		const isFlood = kind === 'new' && !member.flood.admits(nowMs);
		member.statistics[isFlood ? 'floodedReads' : kind === 'repeated' ? 'repeatedReads' : 'reads'] += 1;
		if (isFlood) judge(member);
		else if (kind !== 'repeated') effects.push({ type: 'read', reader: members.indexOf(member), read });
	}

	function finish({ member, request }: Flight<Frame, Read>, nowMs: number): void {
		flight = undefined;
		member.dueMs = nowMs + request.pauseMs;
	}

	/** No answer, or one that was cut off: a reader that goes on and on is none that fails. */
	function endFlight(ended: Flight<Frame, Read>, nowMs: number): void {
		const { member, request } = ended;
		const goesOn = nowMs < ended.dueMs;
		finish(ended, nowMs);
		quietUntilMs = nowMs + SETTLE_MS;
		if (goesOn) return;
		if (request.optional) {
			member.dialect.unanswered();
			return;
		}
		member.statistics.timeouts += 1;
		member.failures += 1;
		if (member.failures < FAILURES_TO_OFFLINE) return;
		const problem = member.noise.isRecent() ? notUnderstood : NO_ANSWER;
		startAnew(member);
		become(member, 'offline', problem);
		member.dueMs = nowMs + OFFLINE_RETRY_MS;
	}

	/** Its state by what was last heard of it. */
	function judge(member: Member<Frame, Read>): void {
		const { dialect } = member;
		if (!dialect.isReady()) return;
		// A reader that is asked shows by its answers whether it is understood.
		const garbled = dialect.next() === undefined && flight?.member !== member && member.noise.isFault();
		const fault = garbled ? notUnderstood : (dialect.fault() ?? (member.flood.isFault() ? TOO_MANY_TAGS : undefined));
		become(member, fault === undefined ? 'online' : 'faulted', fault);
	}

	function become(member: Member<Frame, Read>, state: DeviceState, problem: string | undefined): void {
		if (member.state === state && member.problem === problem) return;
		member.state = state;
		member.problem = problem;
		effects.push({ type: 'condition', reader: members.indexOf(member) });
	}

	function takeTurn(nowMs: number): void {
		if (flight !== undefined || nowMs < quietUntilMs) return;
		let next: Member<Frame, Read> | undefined;
		for (const member of members) {
			if (member.dueMs > nowMs || member.dialect.next() === undefined) continue;
			if (next === undefined || member.servedMs < next.servedMs) next = member;
		}
		const request = next?.dialect.next();
		if (next === undefined || request === undefined) return;
		next.servedMs = nowMs;
		const endMs = members.length > 1 ? nowMs + LONGEST_TURN_MS : Number.POSITIVE_INFINITY;
		flight = { member: next, request, dueMs: nowMs + request.timeoutMs, endMs };
		effects.push({ type: 'send', bytes: request.bytes });
	}

	function wakeAtMs(): number | undefined {
		if (!isOpen) return undefined;
		const moments = members.flatMap(({ noise, flood }) => [noise.wakeAtMs(), flood.wakeAtMs()]);
		if (search.partial()) moments.push(lastByteMs + gapMs);
		if (flight !== undefined) moments.push(Math.min(flight.dueMs, flight.endMs));
		else {
			for (const { dialect, dueMs } of members)
				if (dialect.next() !== undefined) moments.push(Math.max(dueMs, quietUntilMs));
		}
		const earliestMs = Math.min(...moments);
		return Number.isFinite(earliestMs) ? earliestMs : undefined;
	}

	return { members, step, wakeAtMs };
}
