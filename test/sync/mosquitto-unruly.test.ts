import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import type { VendRequest } from '../../src/gateway/services/lanes/lane-view.ts';
import { holder, plate, put } from '../support/directory-bench.ts';
import { checkLedger, effectsOf } from '../support/event-ledger.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { createUnrulyWire, type UnrulyWire, type WireManner } from '../support/unruly-wire.ts';

/** `npm run soak` asks for other ones, and for more. */
const SEED = Number(process.env['PARKGATE_UNRULY_SEED'] ?? 1);
const ROUNDS = Number(process.env['PARKGATE_UNRULY_ROUNDS'] ?? 30);
const ROUND_MS = 400;

const MANNERS: readonly Partial<WireManner>[] = [
	{ delayMs: 60 },
	{ bytesPerS: 40_000 },
	{ delayMs: 20, losesAck: 0.05 },
	{ delayMs: 20, losesPublish: 0.05 },
	{ losesAck: 0.03, losesPublish: 0.03, bytesPerS: 200_000, delayMs: 10 },
];

/** A real Mosquitto; gateway and central each reach it over a way that delays, throttles, loses and cuts. */
describe('Must hold: duplicated, reordered and lost messages in both directions', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	async function startWire(seed: number): Promise<UnrulyWire> {
		const wire = await createUnrulyWire(mosquitto.port, seed);
		ends.push(() => wire.end());
		return wire;
	}
	const over = (wire: UnrulyWire) => ({ url: `mqtt://127.0.0.1:${wire.port}` });

	it(
		'acked ⊆ stored, seq without a gap, each effect exactly once, central’s rows at the site, no command twice',
		async () => {
			const random = createSeededRandom(SEED);
			const [ofSite, ofCentral] = [await startWire(SEED), await startWire(SEED + 1)];
			const central = createTestCentral({ broker: over(ofCentral) });
			ends.push(() => central.end());
			const vends: VendRequest[] = [];
			const site = createSyncSite({ broker: over(ofSite), lanes: lanesThatNote(vends) });
			ends.push(() => site.end());
			central.change('people', [put('holders', holder('anna'))]);
			central.start();
			site.sync.start();

			const isStored = () => {
				const { gatewayEpoch, ackedSeq } = newestEpoch(site);
				return ackedSeq === 0 || central.events('site-1', gatewayEpoch, ackedSeq - 1, 1)[0]?.seq === ackedSeq;
			};
			const ids: string[] = [];
			const asked: Promise<{ readonly outcome: string }>[] = [];
			const wires = [ofSite, ofCentral];
			const isBadEnough = () =>
				wires.every(({ counts }) => counts.lostAcks > 0 && counts.lostPublishes > 0) && ofSite.counts.repeated > 0;
			for (let round = 0; round < ROUNDS || (!isBadEnough() && round < 10 * ROUNDS); round += 1) {
				for (const wire of wires) wire.be(random.pick(MANNERS));
				ids.push(...site.append(random.between(1, 120)));
				const keys = Array.from({ length: random.between(1, 40) }, () => `c${random.between(1, 300)}`);
				central.change(
					'access',
					[...new Set(keys)].map((key) => put('credentials', plate(key, `1${key.toUpperCase()}R${round}`))),
				);
				central.change('people', [put('holders', holder('anna', { name: `Anna ${round}` }))]);
				if (site.directory.reader.holder('anna') !== undefined) proposeHolder(site, round);
				asked.push(central.command('site-1', { op: 'vend', target: 'L1', reason: `round ${round}`, by: 'Anna' }));
				if (round === Math.floor(ROUNDS / 2)) {
					await mosquitto.kill();
					await mosquitto.start();
				}
				for (let look = 0; look < 8; look += 1) {
					await new Promise((resolve) => setTimeout(resolve, ROUND_MS / 8));
					expect(isStored()).toBe(true);
				}
			}
			ofSite.be({});
			ofCentral.be({});
			await until('all acknowledged', () => site.outbox.waiting() === 0 && !site.store.localEdits.any(), 150_000);
			await until('central’s rows', () => rootsOf(site.updates.streams()) === rootsOf(central.heads()), 60_000);

			expect(checkLedger(site.outbox, central, 'site-1')).toEqual([]);
			const effects = effectsOf(central, 'site-1');
			expect(effects.filter((id) => ids.includes(id))).toEqual(ids);
			expect(new Set(effects).size).toBe(effects.length);
			// A way that broke between leaves an answer unknown; it never makes a barrier open twice or unasked.
			const acted = vends.map(({ reason }) => reason);
			expect(new Set(acted).size).toBe(acted.length);
			const done = (await Promise.all(asked)).filter(({ outcome }) => outcome === 'done');
			expect(done.length).toBeLessThanOrEqual(acted.length);
			expect(isBadEnough()).toBe(true);
			const after = await central.command('site-1', { op: 'vend', target: 'L1', reason: 'all is well', by: 'Anna' });
			expect(after).toMatchObject({ outcome: 'done' });
			expect(site.sync.status()).toMatchObject({ connected: true, problem: null });
		},
		240_000 + ROUNDS * 2_000,
	);
});

type Site = ReturnType<typeof createSyncSite>;

function newestEpoch(site: Site) {
	const newest = site.outbox.epochs().at(-1);
	if (newest === undefined) throw new Error('there is no history');
	return newest;
}

function lanesThatNote(vends: VendRequest[]) {
	return {
		get: (id: string) => (id === 'L1' ? ({ id } as never) : undefined),
		async vend(request: VendRequest) {
			vends.push(request);
			return { result: 'opened', vendId: `v${vends.length}` } as const;
		},
		changeMode: async () => ({ result: 'refused', because: 'noHoldOutput' }) as const,
	};
}

function proposeHolder(site: Site, round: number): void {
	const made = site.edits.edit([{ op: 'create', table: 'holders', row: holder(`guest-${round}`) }], {
		operatorId: 'op-1',
	});
	expect(made.result).toBe('done');
}

function rootsOf(streams: readonly { readonly stream: string; readonly rev: number; readonly root: string | null }[]) {
	return streams
		.map(({ stream, rev, root }) => `${stream} ${rev} ${rev === 0 ? 'empty' : root}`)
		.toSorted()
		.join();
}
