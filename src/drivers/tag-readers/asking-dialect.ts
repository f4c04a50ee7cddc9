import type { ReaderDialect, Request, Taken } from './dialect.ts';

/**
 * `end`: this frame answers the question whole. `more`: it is part of the answer. `none`: it has nothing to do with it.
 * `restart`: the reader lost what it was told, so that the opening is asked again.
 */
export type Answer = 'end' | 'more' | 'none' | 'restart';

/** Something to ask, and what to learn from the answer. */
export interface Question<Frame> {
	/** The same until it is answered. */
	readonly request: () => Request;
	readonly take: (frame: Frame) => Answer;
	/** Absent: always asked. */
	readonly isNeeded?: () => boolean;
}

/** A reader that is asked who it is and how it is set, and then for its tags again and again. */
export interface Asking<Frame> {
	readonly owns: (frame: Frame) => boolean;
	/** Asked in this order whenever the conversation begins. */
	readonly opening: readonly Question<Frame>[];
	/** Asked ever after; its answer makes the reader ready. */
	readonly inventory: Question<Frame>;
	/** Tags in any frame, whatever was asked. */
	readonly readsOf: (frame: Frame) => Pick<Taken, 'reads' | 'rejected'>;
	/** Nothing is known any more. */
	readonly forget: () => void;
	readonly fault: () => string | undefined;
	readonly identity: () => Readonly<Record<string, string>>;
}

export function createAskingDialect<Frame extends { readonly bytes: Uint8Array }>(
	asking: Asking<Frame>,
): ReaderDialect<Frame> {
	const { owns, opening, inventory, readsOf, forget, fault, identity } = asking;
	let at = 0;
	let isReady = false;

	/** Of the opening the first question that is still needed, else the inventory. */
	function current(): Question<Frame> {
		return opening.slice(at).find(({ isNeeded }) => isNeeded?.() ?? true) ?? inventory;
	}

	function advance(question: Question<Frame>): void {
		const index = opening.indexOf(question);
		if (index !== -1) at = index + 1;
	}

	return {
		owns,
		fault,
		identity,
		isReady: () => isReady,
		restart() {
			at = 0;
			isReady = false;
			forget();
		},
		next: () => current().request(),
		take(frame, isAsked) {
			const question = current();
			// Some converters give back what is sent.
			if (sameBytes(frame.bytes, question.request().bytes)) return { isStray: true };
			const told = readsOf(frame);
			const answer = isAsked ? question.take(frame) : 'none';
			if (answer === 'end') advance(question);
			if (answer === 'restart') at = 0;
			if (answer !== 'none' && question === inventory) isReady = true;
			const isStray = answer === 'none' && told.reads === undefined && told.rejected === undefined;
			if (answer === 'none') return { ...told, isStray };
			return { ...told, answers: answer === 'more' ? 'part' : 'end' };
		},
		unanswered() {
			advance(current());
		},
	};
}

/** Asked, set when it must be, and asked again to see whether it was taken. */
export function readAndSet<Frame>(
	get: Question<Frame>,
	set: Question<Frame>,
	mustSet: () => boolean,
): readonly Question<Frame>[] {
	let wasSet = false;
	return [
		get,
		{
			...set,
			isNeeded: mustSet,
			take(frame) {
				const answer = set.take(frame);
				wasSet = answer === 'end';
				return answer;
			},
		},
		{ ...get, isNeeded: () => wasSet },
	];
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
