import type { OperatorsParts } from './operators-deps.ts';

export type SeatRefusal =
	| { readonly result: 'seatsTaken'; readonly used: number; readonly available: number }
	/** The product licence has run out: nobody is activated. */
	| { readonly result: 'seatsStopped' };

/** Whether what was changed fits the licence. Who was active before stays so, also where there are too many. */
export function withinSeats(
	{ store, seats }: Pick<OperatorsParts, 'store' | 'seats'>,
	takenBefore: number,
): SeatRefusal | undefined {
	const taken = store.operators.seatsTaken();
	if (seats === undefined || taken <= takenBefore) return undefined;
	const { available, stopped } = seats();
	if (stopped) return { result: 'seatsStopped' };
	return taken > available ? { result: 'seatsTaken', used: takenBefore, available } : undefined;
}
