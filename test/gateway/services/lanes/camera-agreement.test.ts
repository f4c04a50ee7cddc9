import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Lane } from '../../../../src/gateway/core/site.ts';
import { aLane } from '../../../support/access-facts.ts';
import { annasRows, createSiteBench, usualSite } from '../../../support/site-bench.ts';

const plateOf = (holderId: string, value: string) => ({
	...{ table: 'credentials', id: `${holderId}-plate`, holderId, kind: 'plate', value, label: null },
	...{ state: 'active', validFromMs: null, validToMs: null },
});

describe("a camera's plates beside the tags of the same vehicles", () => {
	let bench: Awaited<ReturnType<typeof createSiteBench>>;
	let reads = 0;

	beforeEach(async () => {
		const usual = aLane();
		const rules = { ...usual.rules, onMismatch: 'refuse' as const };
		const lane: Lane = { ...usual, identify: 'both', cameras: ['cam-1'], rules };
		bench = await createSiteBench({ site: { ...usualSite, lanes: [lane] } });
		await bench.give([
			...annasRows(),
			plateOf('anna', '1ABC230'),
			{ table: 'holders', id: 'bert', kind: 'person', name: 'Bert', email: null, status: 'active' },
			plateOf('bert', '1XYZ999'),
		]);
		bench.input('arming', false);
	});
	afterEach(() => bench.close());

	/** A vehicle comes with Anna's tag and this plate, and leaves the loop again. */
	async function comes(plate: string): Promise<void> {
		bench.input('arming', true);
		const now = { atMs: bench.clock.nowMs(), monotonicMs: bench.clock.monotonicMs() };
		const id = `plate-${++reads}`;
		const said = { direction: 'approaching', confidence: 0.95, historical: false, dedupeKey: id } as const;
		bench.service.events.onObservation({ kind: 'plate', id, deviceId: 'cam-1', plate, ...said, ...now });
		bench.clock.advance(100);
		bench.tag('A1');
		await bench.clock.advanceAsync(2_000);
		bench.input('arming', false);
		await bench.clock.advanceAsync(60_000);
	}

	const figures = () => bench.service.cameraAgreements().get('cam-1');

	test('are told by percent: somebody else’s, and read only nearly', async () => {
		expect(figures()).toBeUndefined();
		await comes('1ABC230');
		expect(figures()).toEqual({ nearlyReadPercent: 0, tagMismatchPercent: 0 });
		await comes('1ABC23O');
		await comes('1XYZ999');
		await comes('1ABC230');
		expect(figures()).toEqual({ nearlyReadPercent: 25, tagMismatchPercent: 25 });
	});

	test('say nothing of plates nobody has', async () => {
		await comes('9QQQ111');
		expect(figures()).toBeUndefined();
	});
});
