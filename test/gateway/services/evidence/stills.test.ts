import { describe, expect, it } from 'vitest';
import type { EvidenceImage, Observation, TagObservation } from '../../../../src/gateway/core/observation.ts';
import type { Lane } from '../../../../src/gateway/core/site.ts';
import { createReadFollower, type DecidedRead } from '../../../../src/gateway/services/evidence/follow-reads.ts';
import { createStills, type Still } from '../../../../src/gateway/services/evidence/stills.ts';
import { aLane } from '../../../support/access-facts.ts';
import { createTestEvidence } from '../../../support/evidence-bench.ts';
import { solidJpeg } from '../../../support/images.ts';
import { annasRows, createSiteBench } from '../../../support/site-bench.ts';
import { openTempStore, tempDir } from '../../../support/temp-store.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const image = (name: string): EvidenceImage => ({ role: 'still', contentType: 'image/jpeg', bytes: solidJpeg(name) });

function aTag(change: Partial<TagObservation> = {}): TagObservation {
	return { kind: 'tag', id: 'read-1', deviceId: 'reader-1', atMs: 0, monotonicMs: 0, tag: 'A1', ...change };
}

/** Lanes whose cameras are played here: what each was asked is kept. */
function createBench(...lanes: readonly Partial<Lane>[]) {
	const clock = createVirtualClock();
	const asked: string[] = [];
	const stills = createStills({
		clock,
		lanes: lanes.map((lane) => aLane({ stills: ['usb-1'], ...lane })),
		camera: (id) => ({
			still() {
				asked.push(`still ${id}`);
				return Promise.resolve(id === 'broken' ? undefined : image(id));
			},
			vehicleCame() {
				asked.push(`came ${id}`);
				return () => void asked.push(`left ${id}`);
			},
		}),
	});
	const input = (name: string, active: boolean) =>
		stills.onInput({ deviceId: 'boom-1', input: name, active, atMs: 0, monotonicMs: clock.monotonicMs() });
	return { clock, asked, stills, input };
}

describe('D stills of who shows a tag', () => {
	it('are taken by the cameras of the lanes that its reader stands at, and by no others', async () => {
		const { stills, asked } = createBench(
			{ stills: ['usb-1', 'broken'] },
			{ id: 'L2', readers: ['reader-2'], stills: ['usb-2'] },
		);
		expect(await stills.of(aTag())?.()).toEqual([{ deviceId: 'usb-1', image: image('usb-1') }]);
		expect(asked).toEqual(['still usb-1', 'still broken']);
		expect(stills.of(aTag({ deviceId: 'reader-3' }))).toBeUndefined();
	});

	it('are of the lane that the antenna looks at', () => {
		const { stills } = createBench({ antennas: { 'reader-1': [1] } });
		expect(stills.of(aTag({ antenna: 2 }))).toBeUndefined();
		expect(stills.of(aTag({ antenna: 1 }))).toBeDefined();
	});

	it('are not taken again while the tag stays, however often it is told', () => {
		const { clock, stills } = createBench({});
		expect(stills.of(aTag())).toBeDefined();
		for (let seconds = 0; seconds < 3_600; seconds += 20) {
			clock.advance(20_000);
			expect(stills.of(aTag())).toBeUndefined();
		}
		expect(stills.of(aTag({ tag: 'B2' }))).toBeDefined();
		clock.advance(31_000);
		expect(stills.of(aTag())).toBeDefined();
	});

	it('are wanted of no plate and of no PIN', () => {
		const { stills } = createBench({});
		const pin: Observation = { kind: 'pin', id: 'p', deviceId: 'reader-1', atMs: 0, monotonicMs: 0, pin: '1234' };
		expect(stills.of(pin)).toBeUndefined();
	});
});

describe('D plates are looked for when a vehicle comes', () => {
	it('onto the arming loop, until it left it', () => {
		const { asked, input } = createBench({});
		for (const name of ['safety', 'closing']) input(name, true);
		expect(asked).toEqual([]);
		input('arming', true);
		expect(asked).toEqual(['came usb-1']);
		input('arming', false);
		expect(asked).toEqual(['came usb-1', 'left usb-1']);
	});

	it('and from the other side of a reversible lane onto the loop there, by the cameras there', () => {
		const { asked, input, stills } = createBench({
			kind: 'reversible',
			back: { readers: ['reader-9'], cameras: [], stills: ['usb-9'] },
		});
		input('closing', true);
		expect(asked).toEqual(['came usb-9']);
		expect(stills.of(aTag({ deviceId: 'reader-9' }))).toBeDefined();
	});
});

it('I15: a still that comes after the decision on its tag stands with that decision', async () => {
	const told: DecidedRead[] = [];
	const follow = createReadFollower((read) => told.push(read));
	const bench = await createSiteBench({ onCommitted: follow });
	const store = openTempStore(tempDir(), bench.clock.nowMs);
	const site = createTestEvidence({ store, clock: bench.clock });
	try {
		await bench.give(annasRows());
		bench.input('arming', true);
		let give: (stills: readonly Still[]) => void = () => undefined;
		const taken = new Promise<readonly Still[]>((resolve) => {
			give = resolve;
		});
		const now = { atMs: bench.clock.nowMs(), monotonicMs: bench.clock.monotonicMs() };
		const read = aTag({ ...now, evidence: [] });
		bench.service.events.onObservation(read);
		site.source.seen(read, () => taken);
		bench.clock.advance(1);
		await bench.settle();
		const decision = bench.journal().find((entry) => entry.type === 'decision');
		expect(told.at(-1)).toEqual({ observationId: 'read-1', laneId: 'L1', decisionId: decision?.id });
		bench.clock.advance(1_000);
		expect(store.evidence.usage().images).toBe(0);
		give([{ deviceId: 'usb-1', image: image('late') }]);
		await taken;
		await new Promise((resolve) => setImmediate(resolve));
		await site.settled();
		bench.clock.advance(6_000);
		expect(site.evidence.list({ state: 'kept', limit: 10 }).items).toMatchObject([
			{ reads: [{ observationId: 'read-1', role: 'still', deviceId: 'usb-1' }] },
		]);
	} finally {
		await site.stop();
		await bench.close();
	}
});

it('I15: a still that never comes, or fails, holds nothing up', async () => {
	const clock = createVirtualClock();
	const store = openTempStore(tempDir(), clock.nowMs);
	const site = createTestEvidence({ store, clock });
	site.source.seen(aTag(), () => Promise.reject(new Error('no camera')));
	site.source.seen(aTag({ id: 'read-2' }), () => Promise.resolve([]));
	for (let read = 0; read < 400; read += 1)
		site.source.seen(aTag({ id: `r${read}` }), () => new Promise(() => undefined));
	await site.settled();
	clock.advance(60_000);
	expect(site.evidence.status()).toMatchObject({ images: 0, refused: { busy: 400 - 128 + 2 } });
	await site.stop();
});
