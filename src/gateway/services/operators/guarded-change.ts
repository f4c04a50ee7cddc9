import type { OperatorsParts } from './operators-deps.ts';
import { type SeatRefusal, withinSeats } from './seats.ts';

/** Thrown inside a transaction: nothing of it is kept, and its answer is given. */
export class Refused<T> extends Error {
	readonly answer: T;

	constructor(answer: T) {
		super('refused');
		this.answer = answer;
	}
}

/** Runs a transaction that may refuse itself. */
export function refusable<T>(transaction: <R>(run: () => R) => R, run: () => T): T {
	try {
		return transaction(run);
	} catch (error) {
		// Whoever throws it inside `run` gives an answer of its type.
		if (error instanceof Refused) return error.answer as T;
		throw error;
	}
}

export type GuardRefusal = { readonly result: 'lastAdministrator' } | SeatRefusal;

/**
 * The one way to change who operators are and what they may do: in one transaction, or a part of one, which is undone when it would
 * leave the site without an administrator, or take more seats than are licensed. Another program that writes
 * meanwhile waits, and finds the change.
 */
export function guardedChange<T>(parts: OperatorsParts, run: () => T): T | GuardRefusal {
	const { operators, attempt } = parts.store;
	const answer = refusable<T | GuardRefusal>(attempt, () => {
		const hadAdministrator = operators.administratorCount() > 0;
		const seats = operators.seatsTaken();
		const done = run();
		if (hadAdministrator && operators.administratorCount() === 0) throw new Refused({ result: 'lastAdministrator' });
		const full = withinSeats(parts, seats);
		if (full !== undefined) throw new Refused(full);
		return done;
	});
	parts.accessChanged();
	parts.journalGrew();
	return answer;
}
