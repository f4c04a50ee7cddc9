import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../../src/sync/message-codec.ts';
import { createMessageGate } from '../../src/sync/message-gate.ts';
import { createSyncCounters } from '../../src/sync/sync-statistics.ts';
import { centralSubscriptions, gatewaySubscriptions } from '../../src/sync/topics.ts';
import { holder, put } from '../support/directory-bench.ts';
import { anything, type HostileMessage, refusable } from '../support/hostile-messages.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createSyncSimulation } from '../support/sync-simulation.ts';

const SITE = ['acme', 'site-1'] as const;
const incoming = (message: HostileMessage) => ({ ...message, retained: false });
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, count) => all + count, 0);

describe('D: what is no message of the protocol', () => {
	function gate() {
		const counters = createSyncCounters();
		const log = createMemoryLog();
		return { counters, log, gate: createMessageGate({ counters, log, isOurTopic: ({ tenant }) => tenant === 'acme' }) };
	}

	it('is refused for its reason, and counted', () => {
		fc.assert(
			fc.property(refusable(...SITE), (message) => {
				const { counters, gate: door } = gate();
				expect(door.take(incoming(message))).toBeUndefined();
				expect(counters.read().refused).toEqual({ [message.reason]: 1 });
			}),
		);
	});

	it('whatever comes is taken or counted once, never both, never a throw', () => {
		fc.assert(
			fc.property(anything(...SITE, 'epoch-1'), (message) => {
				const { counters, gate: door } = gate();
				const accepted = door.take(incoming(message));
				expect(sum(counters.read().refused)).toBe(accepted === undefined ? 1 : 0);
			}),
		);
	});

	it('fills no log: each reason is told again when it has doubled', () => {
		const { log, gate: door } = gate();
		const [message] = fc.sample(refusable(...SITE), 1);
		for (let time = 0; time < 1_000; time += 1) if (message !== undefined) door.take(incoming(message));
		expect(log.lines.map(({ fields }) => (fields as { count?: number }).count)).toEqual([
			1, 2, 4, 8, 16, 32, 64, 128, 256, 512,
		]);
	});
});

describe('D: gateway and central among hostile messages', () => {
	/** In touch with each other; everything on the wire was heard by a stranger, who also sends. */
	async function start(seed: number) {
		const run = createSyncSimulation(seed);
		const heard: HostileMessage[] = [];
		const nothing = () => undefined;
		const stranger = run.wire.openLink(
			{
				...{ broker: { url: 'mqtt://simulated' }, clientId: 'stranger', willDelayS: 0, sessionExpiryS: 0 },
				subscriptions: () => [
					...gatewaySubscriptions(...SITE, ['people', 'access']),
					...centralSubscriptions('acme', false),
				],
			},
			{ onUp: nothing, onDown: nothing, onMessage: (message) => void heard.push(message) },
		);
		run.central().change('people', [put('holders', holder('anna'))]);
		run.append(5);
		await run.clock.advanceAsync(10_000);
		const send = async ({ topic, payload, contentType = '' }: HostileMessage) => {
			await stranger.publish({ topic, payload, contentType, qos: 1, retain: false });
		};
		const refused = () => ({ site: run.site().statistics().refused, central: run.central().refused() });
		return { ...run, heard, send, refused };
	}

	/** Events still go up, changes still come down, and nothing was lost or doubled. */
	async function worksOn(run: Awaited<ReturnType<typeof start>>): Promise<void> {
		run.append(3);
		run.central().change('people', [put('holders', holder('ben'))]);
		await run.clock.advanceAsync(60_000);
		expect(run.site().status()).toMatchObject({ connected: true, outboxDepth: 0, problem: null });
		expect(
			run
				.central()
				.events('site-1', 'epoch-1', 0, 100)
				.map(({ seq }) => seq),
		).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
		const [people] = run
			.central()
			.heads()
			.filter(({ stream }) => stream === 'people');
		expect(run.directory.streams().find(({ stream }) => stream === 'people')?.rev).toBe(people?.rev);
		expect(run.broken).toEqual([]);
	}

	it('count each that can not be meant, and go on as if there were none', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(refusable(...SITE), { minLength: 20, maxLength: 40 }),
				fc.nat(),
				async (messages, seed) => {
					const run = await start(seed);
					try {
						for (const message of messages) await run.send(message);
						await run.clock.advanceAsync(1_000);
						const { site, central } = run.refused();
						expect(sum(site) + sum(central)).toBeGreaterThanOrEqual(messages.length);
						for (const { reason } of messages) expect({ ...site, ...central }).toHaveProperty(reason);
						await worksOn(run);
					} finally {
						await run.end();
					}
				},
			),
			{ numRuns: 8 },
		);
	}, 180_000);

	it('refuse all that was said before, said again', async () => {
		const run = await start(7);
		try {
			const replay = async () => {
				for (const message of replayed) await run.send(message);
				await run.clock.advanceAsync(1_000);
				return run.refused();
			};
			const replayed = [...run.heard];
			const once = await replay();
			// What came only because the broker had kept it was new when it came without being kept.
			const twice = await replay();
			expect(Object.keys({ ...twice.site, ...twice.central })).toEqual(['replayed']);
			const heardBy = (filters: readonly string[]) =>
				replayed.filter(({ topic, payload, contentType }) => {
					const decoded = decodeMessage(topic, payload, contentType);
					return (
						decoded.ok &&
						decoded.message.type !== 'chunk' &&
						filters.some((filter) => new RegExp(`^${filter.replace('+', '[^/]+')}$`).test(topic))
					);
				}).length;
			expect((twice.site['replayed'] ?? 0) - (once.site['replayed'] ?? 0)).toBe(
				heardBy(gatewaySubscriptions(...SITE, ['people', 'access'])),
			);
			expect((twice.central['replayed'] ?? 0) - (once.central['replayed'] ?? 0)).toBe(
				heardBy(centralSubscriptions('acme', false)),
			);
			await worksOn(run);
		} finally {
			await run.end();
		}
	});

	it('outlive anything at all', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(anything(...SITE, 'epoch-1'), { minLength: 30, maxLength: 60 }),
				fc.nat(),
				async (messages, seed) => {
					const run = await start(seed);
					try {
						for (const message of messages) await run.send(message);
						await run.clock.advanceAsync(120_000);
						expect(run.site().status()).toMatchObject({ configured: true, connected: true });
						expect(run.central().connected()).toBe(true);
					} finally {
						await run.end();
					}
				},
			),
			{ numRuns: 8 },
		);
	}, 180_000);
});
