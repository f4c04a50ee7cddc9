import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import { createSystemClock } from '../../../../src/system-clock.ts';
import { aReadWith, createTestEvidence } from '../../../support/evidence-bench.ts';
import { noiseJpeg } from '../../../support/images.ts';
import { openTempStore, tempDir } from '../../../support/temp-store.ts';

test('I15: a thousand pictures stay within their limits, and nothing that decides waits for them', async () => {
	const clock = createSystemClock();
	const store = openTempStore(tempDir(), clock.nowMs);
	const settings = { maxImages: 60, maxBytes: 40_000_000 };
	const site = createTestEvidence({ store, clock, settings });
	onTestFinished(() => site.stop());
	const picture = await noiseJpeg(320, 240);
	const lag = monitorEventLoopDelay({ resolution: 5 });
	lag.enable();
	let most = { images: 0, bytes: 0 };
	for (let n = 0; n < 1_000; n += 1) {
		// Each is another picture: its end is not its own.
		site.source.seen(aReadWith([Buffer.concat([picture, Buffer.from(`${n}`)])], { id: `read-${n}` }));
		site.source.onCommitted([]);
		if (n % 50 === 49) await site.settled();
		const { images, bytes } = site.evidence.status();
		most = { images: Math.max(most.images, images), bytes: Math.max(most.bytes, bytes) };
	}
	await site.settled();
	lag.disable();
	await expect.poll(() => site.evidence.status().images, { timeout: 30_000 }).toBeGreaterThan(0);
	expect(most.images).toBeLessThanOrEqual(settings.maxImages);
	expect(most.bytes).toBeLessThanOrEqual(settings.maxBytes);
	// Commits and the removal of what is old are short: a decision that comes meanwhile waits for one of them at most.
	const halfMs = lag.percentile(50) / 1e6;
	expect(halfMs).toBeLessThan(LIMITS.vendDeadlineMs / 10);
	const { refused } = site.evidence.status();
	expect(Object.keys(refused).filter((reason) => reason !== 'noRoom' && reason !== 'busy')).toEqual([]);
});
