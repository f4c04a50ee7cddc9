import { GatewayError } from '../../core/gateway-error.ts';
import type { ImportAnswer, ImportRefusal, ImportStage, ImportState } from './imports.ts';

/** At these nothing of it was made, or nothing is left of what was: the file can be read once more. */
export const READ_AGAIN: ReadonlySet<ImportStage> = new Set(['previewed', 'unreadable', 'stale', 'rolledBack']);

/** With nothing done, unless said. */
export function importState(stage: ImportStage, atMs: number, change: Partial<ImportState> = {}): ImportState {
	return { stage, atMs, operatorId: null, done: 0, total: 0, problems: [], problemCount: 0, ...change };
}

/** Throws NOT_FOUND. */
export function noImport(id: string): never {
	throw new GatewayError('NOT_FOUND', `There is no import ${id}.`);
}

export function refused(problem: ImportRefusal): ImportAnswer {
	return { result: 'refused', problem };
}
