import type { LastUseFact } from '../../core/access/facts.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Step } from './lane-engine.ts';
import { directionOf } from './load-facts.ts';

/** Where each credential passed last, in memory: a copied one shows within seconds, and a restart may forget it. */
export interface RecentUses {
	last(credentialId: string): LastUseFact | undefined;
	onCommitted(steps: readonly Step[]): void;
}

export function createRecentUses(): RecentUses {
	const uses = new Map<string, LastUseFact>();
	return {
		last: (credentialId) => uses.get(credentialId),
		onCommitted(steps) {
			for (const { lane, input, result } of steps) {
				for (const effect of result.store) {
					if (effect.type !== 'pass' || effect.credentialId === null) continue;
					const { credentialId, from, to } = effect;
					uses.delete(credentialId);
					uses.set(credentialId, {
						credentialId,
						laneId: lane.id,
						direction: directionOf({ ...lane, from, to }),
						atMs: input.atMs,
					});
				}
			}
			for (const oldest of uses.keys()) {
				if (uses.size <= LIMITS.recentUses) break;
				uses.delete(oldest);
			}
		},
	};
}
