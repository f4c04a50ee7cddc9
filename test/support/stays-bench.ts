import type { DirectoryTable } from '../../src/gateway/core/directory.ts';
import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { startWatchingStays } from '../../src/gateway/services/stays/watch-stays.ts';
import { aLane } from './access-facts.ts';
import { createSiteBench, usualSite } from './site-bench.ts';

type Row = { readonly table: DirectoryTable; readonly id: string; readonly [field: string]: unknown };

const input = (deviceId: string, name: string) => ({ deviceId, input: name });
const loops = (deviceId: string) => ({
	arming: input(deviceId, 'arming'),
	safety: input(deviceId, 'safety'),
	closing: input(deviceId, 'closing'),
});

/** Two ways in, one out, and one from the deck to another. */
export function stayingSite(capacity = 10, change: Partial<Site> = {}): Site {
	const [entry, exit] = usualSite.lanes;
	if (entry === undefined || exit === undefined) throw new Error('the usual site has an entry and an exit');
	const barrier = (deviceId: string) => ({ deviceId, output: 'open', pulseMs: 500 });
	const second = { id: 'L3', readers: ['reader-3'], cameras: [], barrier: barrier('boom-3'), loops: loops('boom-3') };
	const further = { id: 'L4', readers: ['reader-4'], cameras: [], barrier: barrier('boom-4'), loops: loops('boom-4') };
	return {
		...usualSite,
		areas: [
			{ id: 'A1', name: 'Deck', parkId: 'P1', capacity, spaces: [{ id: 'space-1', name: '1' }] },
			{ id: 'B1', name: 'Roof', parkId: 'P1', capacity: 2 },
		],
		lanes: [entry, exit, aLane(second), aLane({ ...further, from: 'A1', to: 'B1' })],
		...change,
	};
}

/** Somebody with a tag of their own name and a right by a specification. */
export function person(id: string, specificationId: string, right: object = {}, holder: object = {}): readonly Row[] {
	const ALWAYS = { validFromMs: null, validToMs: null };
	return [
		{ table: 'holders', id, kind: 'person', name: id, email: null, status: 'active', ...holder },
		tagOf(id),
		{
			...{ table: 'assignedRights', id: `${id}-right`, holderId: id, specificationId, state: 'active', ...ALWAYS },
			...right,
		},
	];
}

export function tagOf(holderId: string, value = holderId.toUpperCase()): Row {
	const row = { holderId, kind: 'tag', value, label: null, state: 'active', validFromMs: null, validToMs: null };
	return { table: 'credentials', id: `tag-${value}`, ...row };
}

export function specification(id: string, strategy: string, limits: object = {}): Row {
	return { table: 'rightSpecifications', id, name: id, strategy, areaIds: [], scheduleId: null, ...limits };
}

/** A site on its real store, with the watch over stays. */
export async function createStaysBench(
	options: { site?: Site; dir?: string; atMs?: number } = {},
): Promise<StaysBench> {
	const site = options.site ?? stayingSite();
	const bench = await createSiteBench({ ...options, site });
	let ids = 0;
	const watch = startWatchingStays({
		...{ site, store: bench.store, directory: bench.directory.reader, clock: bench.clock, log: bench.log },
		newId: () => `watch-${bench.clock.nowMs()}-${ids++}`,
		clockTrust: () => 'synced',
		changed: () => undefined,
		journalGrew: () => undefined,
	});
	for (const boom of ['boom-1', 'boom-2', 'boom-3', 'boom-4']) {
		for (const loop of ['arming', 'safety', 'closing']) bench.input(loop, false, boom);
	}
	const own: StaysBench = {
		...bench,
		watch,
		/** Comes to a lane and shows a tag; the pulse is answered. */
		async present(tag: string, lane = 1) {
			bench.input('arming', true, `boom-${lane}`);
			bench.tag(tag, `reader-${lane}`);
			await bench.settle();
			return own.lastDecision();
		},
		async pass(tag: string, lane = 1) {
			const decision = await own.present(tag, lane);
			if (decision === 'in') bench.driveThrough(`boom-${lane}`);
			else own.turnBack(lane);
			await bench.settle();
			// Past what is taken for the same vehicle or one that follows.
			bench.clock.advance(40_000);
			return decision;
		},
		turnBack(lane = 1) {
			bench.input('arming', false, `boom-${lane}`);
			bench.clock.advance(40_000);
		},
		/** `in`, or why not. */
		lastDecision() {
			const last = bench.journal().findLast((entry) => entry.type === 'decision');
			return last?.decision.headline ?? (last === undefined ? 'nothing' : 'in');
		},
		stayEvents: () => bench.journal().flatMap((entry: JournalEntry) => (entry.type === 'stay' ? [entry.event] : [])),
		ledger: (rightId: string) =>
			bench.store.wallets
				.lines(rightId, 100)
				.toReversed()
				.map(({ kind, amount }) => `${kind} ${amount}`),
		balance: (rightId: string) => bench.store.wallets.state(rightId).balance,
		/** Killed, and started again on the same files `laterMs` on. */
		async reopen(laterMs = 60_000): Promise<StaysBench> {
			watch.stop();
			const atMs = bench.clock.nowMs();
			await bench.crash();
			return createStaysBench({ site, dir: bench.dir, atMs: atMs + laterMs });
		},
		async end() {
			watch.stop();
			await bench.close();
		},
	};
	return own;
}

type SiteBench = Awaited<ReturnType<typeof createSiteBench>>;

export interface StaysBench extends SiteBench {
	readonly watch: ReturnType<typeof startWatchingStays>;
	present(tag: string, lane?: number): Promise<string>;
	pass(tag: string, lane?: number): Promise<string>;
	turnBack(lane?: number): void;
	lastDecision(): string;
	stayEvents(): readonly string[];
	ledger(rightId: string): readonly string[];
	balance(rightId: string): number;
	reopen(laterMs?: number): Promise<StaysBench>;
	end(): Promise<void>;
}
