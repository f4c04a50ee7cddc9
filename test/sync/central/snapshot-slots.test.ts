import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createSeededRandom } from '../../../src/gateway/core/seeded-random.ts';
import { createSnapshotSlots } from '../../../src/sync/central/snapshot-slots.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

function slots() {
	const clock = createVirtualClock();
	return { clock, ...createSnapshotSlots({ clock, random: createSeededRandom(1).next }) };
}

describe('N11: sites that ask for snapshots at once', () => {
	it('are served a bounded number at a time; the others are told when to ask again', () => {
		const { admit, clock } = slots();
		const first = Array.from({ length: LIMITS.snapshotsServed }, (_, n) => admit(`s${n}`));
		expect(first.every((waitMs) => waitMs === 0)).toBe(true);
		expect(admit('late')).toBeGreaterThan(0);
		for (let second = 0; second < 60; second += 1) {
			clock.advance(1_000);
			expect(admit('s0')).toBe(0);
		}
		// Those that asked for nothing for a while are gone.
		expect(admit('late')).toBe(0);
	});

	it('have their place until shortly after the last chunk', () => {
		const { admit, leaving, clock } = slots();
		for (let n = 0; n < LIMITS.snapshotsServed; n += 1) admit(`s${n}`);
		leaving('s3');
		expect(admit('late')).toBeGreaterThan(0);
		clock.advance(1_000);
		expect(admit('late')).toBe(0);
	});

	it('are all served in the end, spread out, when a thousand come at once', () => {
		const { admit, leaving, clock } = slots();
		const pending = new Map(Array.from({ length: 1_000 }, (_, n) => [`s${n}`, 0]));
		let most = 0;
		let asked = 0;
		for (let nowMs = 0; pending.size > 0 && nowMs < 3_600_000; nowMs += 500) {
			let now = 0;
			for (const [site, atMs] of pending) {
				if (atMs > nowMs) continue;
				asked += 1;
				now += 1;
				const waitMs = admit(site);
				if (waitMs > 0) pending.set(site, nowMs + waitMs);
				else {
					pending.delete(site);
					leaving(site);
				}
			}
			if (nowMs > 0) most = Math.max(most, now);
			clock.advance(500);
		}
		expect(pending.size).toBe(0);
		expect(most).toBeLessThan(200);
		expect(asked).toBeLessThan(20_000);
	});
});
