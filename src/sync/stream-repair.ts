import type { VerifyAnswer } from '../gateway/core/directory-change.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import type { Body } from './envelope.ts';

/** How long an answer may take before it is asked for again. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Requests without a whole answer in a row before the repair is given up for now. */
const MAX_TRIES = 3;

/** Rows of a stream that are not central's being found and replaced, some buckets at a time. */
export interface RepairState {
	readonly stream: string;
	/** `verifying`: the directory reads its rows; `asking`: central is asked; `mending`: the directory writes. */
	readonly phase: 'verifying' | 'asking' | 'mending';
	/** What central was asked with. */
	readonly asked: Body<'digestRequest'> | null;
	readonly parts: readonly RowsAnswer[];
	readonly retryAtMs: number;
	readonly tries: number;
	readonly done: RepairReport;
}

export interface RepairReport {
	readonly stream: string;
	/** Rows that were put right. */
	readonly rows: number;
	/** Rows that the disk, or somebody, had changed. */
	readonly damaged: number;
}

type RowsAnswer = Extract<Body<'digestAnswer'>, { answer: 'rows' }>;
type Verified = Omit<Extract<VerifyAnswer, { result: 'verified' }>, 'result'>;

export type RepairInput =
	| { readonly kind: 'verified'; readonly stream: string; readonly found: Verified }
	| { readonly kind: 'digestAnswer'; readonly answer: Body<'digestAnswer'> }
	| {
			readonly kind: 'mended';
			readonly stream: string;
			readonly rev: number;
			readonly root: string;
			readonly sums: Uint8Array;
			readonly parked: number;
			readonly changed: number;
	  }
	/** `beyondRepair`: only a snapshot helps. */
	| { readonly kind: 'repairFailed'; readonly stream: string; readonly beyondRepair: boolean };

export type RepairTask =
	/** `verified` or `repairFailed` follows. */
	| { readonly do: 'verifyStream'; readonly stream: string }
	/** `mended` or `repairFailed` follows. */
	| { readonly do: 'mendStream'; readonly answer: readonly RowsAnswer[] };

export type RepairOutput =
	| RepairTask
	| {
			readonly do: 'request';
			readonly request: { readonly type: 'digestRequest'; readonly body: Body<'digestRequest'> };
	  };

export interface RepairStep {
	readonly repair: RepairState;
	readonly outputs: readonly RepairOutput[];
	/** Set: it is over. */
	readonly end?: { readonly result: 'clean' | 'mended' | 'failed' | 'beyondRepair' };
}

/** Where the stream stands, as far as a repair looks at it. */
export interface RepairedStream {
	readonly rev: number;
	readonly differs: boolean;
}

export function startRepair(stream: string): RepairStep {
	const done = { stream, rows: 0, damaged: 0 };
	const repair = { stream, phase: 'verifying', asked: null, parts: [], retryAtMs: 0, tries: 0, done } as const;
	return { repair, outputs: [{ do: 'verifyStream', stream }] };
}

export function repairDeadlineMs({ phase, retryAtMs }: RepairState): number | undefined {
	return phase === 'asking' ? retryAtMs : undefined;
}

/** @param of after what the input says of it was taken over. @param requestId of the next request. */
export function stepRepair(
	repair: RepairState,
	input: RepairInput | { readonly kind: 'tick' | 'up' },
	of: RepairedStream,
	requestId: string,
	nowMs: number,
): RepairStep {
	switch (input.kind) {
		case 'verified':
			return takeVerified(repair, input, of, requestId, nowMs);
		case 'digestAnswer':
			return takeAnswer(repair, input.answer, of, nowMs);
		case 'mended':
			return takeMended(repair, input, requestId, nowMs);
		case 'repairFailed':
			if (input.stream !== repair.stream || repair.phase === 'asking') return keep(repair);
			return end(repair, input.beyondRepair ? 'beyondRepair' : 'failed');
		case 'up':
			return repair.phase === 'asking' ? askAgain({ ...repair, tries: 0 }, nowMs) : keep(repair);
		case 'tick':
			return tick(repair, nowMs);
	}
}

function takeVerified(
	repair: RepairState,
	{ stream, found: { damaged, centralEpoch, rev, sums } }: Extract<RepairInput, { kind: 'verified' }>,
	of: RepairedStream,
	requestId: string,
	nowMs: number,
): RepairStep {
	if (repair.phase !== 'verifying' || stream !== repair.stream) return keep(repair);
	const found = { ...repair, done: { ...repair.done, damaged } };
	// Nothing is wrong as far as can be known: it was only looked at.
	if (damaged === 0 && !of.differs) return end(found, 'clean');
	return ask(found, { requestId, stream, centralEpoch, rev, sums: toBase64(sums) }, nowMs);
}

function takeMended(
	repair: RepairState,
	{ stream, changed, rev, sums }: Extract<RepairInput, { kind: 'mended' }>,
	requestId: string,
	nowMs: number,
): RepairStep {
	if (repair.phase !== 'mending' || stream !== repair.stream || repair.asked === null) return keep(repair);
	const mended = { ...repair, done: { ...repair.done, rows: repair.done.rows + changed } };
	const [first] = repair.parts;
	if (first === undefined || first.differing <= first.buckets.length) return end(mended, 'mended');
	return ask(mended, { ...repair.asked, requestId, rev, sums: toBase64(sums) }, nowMs);
}

function tick(repair: RepairState, nowMs: number): RepairStep {
	if (repair.phase !== 'asking' || nowMs < repair.retryAtMs) return keep(repair);
	const tries = repair.tries + 1;
	return tries >= MAX_TRIES ? end(repair, 'failed') : askAgain({ ...repair, tries }, nowMs);
}

/** What came whole is put in place as soon as our rev is where the rows are of: what is newer here is known to the directory. */
export function mendWhenReached(repair: RepairState, of: RepairedStream): RepairStep {
	const [first] = repair.parts;
	const isWhole = first !== undefined && repair.parts.length === first.parts;
	if (repair.phase !== 'asking' || !isWhole || first.rev > of.rev) return keep(repair);
	return { repair: { ...repair, phase: 'mending' }, outputs: [{ do: 'mendStream', answer: repair.parts }] };
}

function takeAnswer(repair: RepairState, answer: Body<'digestAnswer'>, of: RepairedStream, nowMs: number): RepairStep {
	const { asked } = repair;
	if (repair.phase !== 'asking' || answer.requestId !== asked?.requestId) return keep(repair);
	if (answer.answer === 'same') return end(repair, 'clean');
	if (answer.answer === 'snapshot') return end(repair, 'beyondRepair');
	if (answer.centralEpoch !== asked.centralEpoch || answer.rev < asked.rev) return keep(repair);
	const isKnown = repair.parts.some(({ part }) => part === answer.part);
	// Central makes each answer at one moment: parts of another are of an answer to the same request sent twice.
	const sameAnswer = repair.parts.filter(({ rev, parts }) => rev === answer.rev && parts === answer.parts);
	if (isKnown && sameAnswer.length === repair.parts.length) return keep(repair);
	const parts = [...sameAnswer, answer].slice(0, LIMITS.mendedRows);
	return mendWhenReached({ ...repair, parts, retryAtMs: nowMs + ANSWER_TIMEOUT_MS }, of);
}

function ask(repair: RepairState, asked: Body<'digestRequest'>, nowMs: number): RepairStep {
	return askAgain({ ...repair, phase: 'asking', asked, tries: 0 }, nowMs);
}

function askAgain(repair: RepairState, nowMs: number): RepairStep {
	const { asked } = repair;
	if (asked === null) return keep(repair);
	return {
		repair: { ...repair, parts: [], retryAtMs: nowMs + ANSWER_TIMEOUT_MS },
		outputs: [{ do: 'request', request: { type: 'digestRequest', body: asked } }],
	};
}

function end(repair: RepairState, result: NonNullable<RepairStep['end']>['result']): RepairStep {
	return { repair, outputs: [], end: { result } };
}

function keep(repair: RepairState): RepairStep {
	return { repair, outputs: [] };
}

function toBase64(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('base64');
}
