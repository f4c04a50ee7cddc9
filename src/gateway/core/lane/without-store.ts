import type { Lane } from '../site.ts';

/** What the lane does when nothing can be recorded: unless it is set, an entry refuses and an exit opens (DOMAIN.md, life of a lane 4). */
export function opensWithoutStore({ kind, rules }: Lane): boolean {
	return rules.onStoreFailure === undefined ? kind === 'exit' : rules.onStoreFailure === 'open';
}
