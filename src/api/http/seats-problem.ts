import type { SeatRefusal } from '../../gateway/services/operators/seats.ts';
import type { HttpContext } from './login-context.ts';
import { problem } from './problem.ts';

/** No operator more is let in: what the licence says, in figures. */
export function seatsProblem(c: HttpContext, refusal: SeatRefusal): Response {
	if (refusal.result === 'seatsTaken') {
		const { used, available } = refusal;
		const detail = `${used} of ${available} operators are active; deactivate another, or ask the vendor for more seats.`;
		return problem(c, { status: 409, code: 'CONFLICT', because: 'seatsTaken', detail });
	}
	const detail = 'The product licence has run out: nobody is activated any more. Install a new one.';
	return problem(c, { status: 409, code: 'CONFLICT', because: 'licenceEnded', detail });
}
