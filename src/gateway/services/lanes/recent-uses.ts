import type { LastUseFact } from '../../core/access/facts.ts';
import { LIMITS } from '../../core/limits.ts';
import { textHash } from '../../core/text-hash.ts';
import type { Step } from './lane-engine.ts';
import { directionOf } from './load-facts.ts';

/** Where each credential passed last, in memory: a copied one shows within seconds, and a restart may forget it. */
export interface RecentUses {
	last(credentialId: string): LastUseFact | undefined;
	onCommitted(steps: readonly Step[]): void;
}

export function createRecentUses(): RecentUses {
	/** By the hash of the credential's id; of two with one hash the last is kept. */
	const uses = new Map<number, LastUseFact>();
	return {
		last(credentialId) {
			const use = uses.get(textHash(credentialId));
			return use?.credentialId === credentialId ? use : undefined;
		},
		onCommitted(steps) {
			for (const { lane, input, result } of steps) {
				for (const effect of result.store) {
					if (effect.type !== 'pass' || effect.credentialId === null) continue;
					const { credentialId, from, to } = effect;
					const hash = textHash(credentialId);
					uses.delete(hash);
					uses.set(hash, {
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
