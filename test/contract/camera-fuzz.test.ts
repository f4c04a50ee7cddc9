import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import snapshot from '../fixtures/json-cameras/platerecognizer-snapshot.json' with { type: 'json' };
import { createDriverBench } from '../support/push-camera.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { cameraBodies, cameraEntry, pushDrivers, stillDrivers, subscriptionDrivers } from './every-driver.ts';
import { createFuzzChunks } from './fuzz-bytes.ts';
import { FUZZ, flood } from './fuzz-flood.ts';

/** As CodeProject.AI answers. */
const ENGINE_ANSWER = {
	...{ success: true, code: 200, inferenceMs: 61 },
	predictions: [
		{ label: 'Plate: 1ABC234', plate: '1ABC234', confidence: 0.91, x_min: 10, y_min: 20, x_max: 110, y_max: 50 },
	],
};

describe.each(pushDrivers().map((driver) => ({ driver })))(
	`$driver.kind under ${FUZZ.bytes} bytes of anything, seed ${FUZZ.seed}`,
	({ driver }) => {
		test(
			'N9 answers every push, decodes it, and keeps nothing of it',
			async () => {
				const corpus = cameraBodies(driver);
				const next = createFuzzChunks(
					FUZZ.seed,
					corpus.map(({ body }) => body),
				);
				const bench = createDriverBench(createVirtualClock());
				const receiver = driver.createReceiver(bench.deps, driver.config.parse(cameraEntry(driver)));
				const random = createSeededRandom(FUZZ.seed);
				await flood(next, (body) => {
					const { contentType } = random.pick(corpus);
					const headers = new Map([['content-type', contentType]]);
					const reply = receiver.handle({ method: 'POST', headers, body, remoteAddress: '10.0.0.21' });
					expect(reply.status).toBeLessThan(500);
					for (const line of driver.decode(body, contentType)) expect(line.offset).toBeGreaterThanOrEqual(0);
					for (const kept of [bench.observations, bench.statuses, bench.inputs, bench.log.lines]) kept.length = 0;
				});
			},
			FUZZ.testMs,
		);
	},
);

describe.each(subscriptionDrivers().map((driver) => ({ driver })))(
	`$driver.kind under ${FUZZ.bytes} bytes of anything, seed ${FUZZ.seed}`,
	({ driver }) => {
		test(
			'N9 hears every message, decodes it, and keeps nothing of it',
			async () => {
				const config = driver.config.parse(cameraEntry(driver));
				const camera = driver.createSimulator(config);
				const read = {
					plate: '1ABC234',
					confidence: 0.9,
					eventId: 'e1',
					at: new Date(0),
					direction: 'leaving',
				} as const;
				const topics = camera.plate(read).map(({ topic }) => topic);
				const next = createFuzzChunks(
					FUZZ.seed,
					cameraBodies(driver).map(({ body }) => body),
				);
				const bench = createDriverBench(createVirtualClock());
				const { events } = driver.createReceiver(bench.deps, config);
				const random = createSeededRandom(FUZZ.seed);
				await flood(next, (payload) => {
					events.onMessage({
						topic: random.pick(topics),
						payload: Buffer.from(payload),
						retained: random.next() < 0.2,
					});
					for (const line of driver.decode(payload)) expect(line.offset).toBeGreaterThanOrEqual(0);
					for (const kept of [bench.observations, bench.statuses, bench.inputs, bench.log.lines]) kept.length = 0;
				});
			},
			FUZZ.testMs,
		);
	},
);

describe.each(stillDrivers().map((driver) => ({ driver })))(
	`$driver.kind under ${FUZZ.bytes} bytes of anything, seed ${FUZZ.seed}`,
	({ driver }) => {
		test(
			'N9 decodes every answer of an engine, and keeps nothing of it',
			async () => {
				const answers = [snapshot, ENGINE_ANSWER].map((answer) => new TextEncoder().encode(JSON.stringify(answer)));
				const next = createFuzzChunks(FUZZ.seed, answers);
				await flood(next, (answer) => {
					for (const line of driver.decode(answer)) expect(line.offset).toBeGreaterThanOrEqual(0);
				});
			},
			FUZZ.testMs,
		);
	},
);
