import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PortDriver } from '../../src/drivers/driver.ts';
import { createLinkBench, type LinkBench } from '../support/link-bench.ts';
import type { SerialDriverCase } from './serial-driver-cases.ts';

/** A card is told this long after it was shown, at most: a poll, and a reader that looks a few times a second. */
const TOLD_WITHIN_MS = 1_000;
/** Longer than any reader takes one card for the same presentation. */
const GONE_MS = 10_000;

const chance = fc.double({ min: 0, max: 0.4, noNaN: true });
const damage = fc.record({ drop: chance, truncate: chance, corrupt: chance, duplicate: chance, noise: chance });

/** What every driver that reads cards does with one. */
export function cardContract(
	driver: PortDriver,
	device: SerialDriverCase & { readonly card: NonNullable<SerialDriverCase['card']> },
): void {
	const { entries, card } = device;

	async function online(seed?: number): Promise<LinkBench & { readonly reader: string }> {
		const bench = createLinkBench(driver, entries, { seed: seed ?? 1 });
		await bench.start();
		await bench.clock.advanceAsync(device.onlineWithinMs);
		return { ...bench, reader: bench.link.devices[0]?.id ?? '' };
	}

	const tags = (bench: LinkBench) => bench.observations.map((read) => (read.kind === 'tag' ? read.tag : read.kind));

	describe(`card contract: ${driver.kind}`, () => {
		test('N9 tells a card shown to its simulator: the canonical tag, who read it, when, and the bytes', async () => {
			const bench = await online();
			expect(bench.device(bench.reader).status().capabilities).toContain('reads tags');
			const shownMs = bench.clock.nowMs();
			bench.stimulate(bench.reader, card.stimulus);
			await bench.clock.advanceAsync(TOLD_WITHIN_MS);
			const [read] = bench.observations;
			expect(read).toMatchObject({ kind: 'tag', tag: card.tag, deviceId: bench.reader });
			expect(read?.kind === 'tag' && read.raw).toMatch(/^([0-9a-f]{2})+$/);
			expect(read?.atMs).toBeGreaterThanOrEqual(shownMs);
			expect(read?.monotonicMs).toBeLessThanOrEqual(bench.clock.monotonicMs());
		});

		test('tells it again when it is shown again', async () => {
			const bench = await online();
			for (let shown = 0; shown < 3; shown++) {
				bench.stimulate(bench.reader, card.stimulus);
				await bench.clock.advanceAsync(GONE_MS);
			}
			expect(new Set(tags(bench))).toEqual(new Set([card.tag]));
			expect(new Set(bench.observations.map(({ id }) => id)).size).toBeGreaterThanOrEqual(3);
		});

		test('N9 decodes what its simulator says into the same card', async () => {
			const bench = await online();
			bench.stimulate(bench.reader, card.stimulus);
			await bench.clock.advanceAsync(TOLD_WITHIN_MS);
			const lines = [...driver.decode(Buffer.concat(bench.heard))];
			expect(lines.some(({ kind }) => kind === 'frame')).toBe(true);
			expect(lines.filter(({ kind }) => kind === 'observation')).toContainEqual(
				expect.objectContaining({ tag: card.tag }),
			);
		});

		test('tells the same whatever the chunks its bytes come in', async () => {
			const whole = await online();
			whole.stimulate(whole.reader, card.stimulus);
			await whole.clock.advanceAsync(TOLD_WITHIN_MS);
			expect(tags(whole)).toContain(card.tag);
			const split = await online();
			split.wire.setFaults({ split: 1 });
			split.stimulate(split.reader, card.stimulus);
			await split.clock.advanceAsync(TOLD_WITHIN_MS);
			expect(tags(split)).toContain(card.tag);
		});

		if (card.unchecked === undefined) {
			test('makes no other card of damaged bytes, and reads on when the line is whole again', async () => {
				await fc.assert(
					fc.asyncProperty(damage, fc.integer(), async (faults, seed) => {
						const bench = await online(seed);
						bench.wire.setFaults(faults);
						for (let shown = 0; shown < 5; shown++) {
							bench.stimulate(bench.reader, card.stimulus);
							await bench.clock.advanceAsync(700);
						}
						bench.wire.setFaults({});
						await bench.clock.advanceAsync((device.offlineWithinMs ?? 0) + device.backWithinMs + GONE_MS);
						const before = bench.observations.length;
						bench.stimulate(bench.reader, card.stimulus);
						await bench.clock.advanceAsync(TOLD_WITHIN_MS);
						expect(bench.observations.length).toBeGreaterThan(before);
						expect(new Set(tags(bench))).toEqual(new Set([card.tag]));
					}),
					{ numRuns: 8 },
				);
			});
		}
	});
}
