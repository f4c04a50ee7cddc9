import { TCP } from '../ports/tcp-port.ts';
import type { GuardPolicy } from './dialect.ts';

/** Over TCP nothing outlives the gateway: a guard that is required would refuse every pulse. */
export function hasGuard(board: {
	readonly port: string;
	readonly guard: GuardPolicy;
	readonly outputs: Readonly<Record<string, number>>;
}): boolean {
	return !board.port.startsWith(TCP) || board.guard !== 'required' || Object.keys(board.outputs).length === 0;
}

export const NO_GUARD_OVER_TCP = {
	path: ['guard'],
	error:
		'a pulse that software ends has no guard over TCP: take a board that ends it (flash), or write guard: preferred',
};
