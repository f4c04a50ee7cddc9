import type { AreaRun, SiteRunReport } from '../api/cli/simulate-handlers.ts';
import { areaChain } from '../gateway/core/area-chain.ts';
import type { Site } from '../gateway/core/site.ts';
import { openSiteStore, type SiteStore } from '../gateway/store/site-store.ts';
import { createLog } from '../log.ts';
import type { Central } from '../sync/central/central.ts';

const READ_AT_ONCE = 500;

type Looked = Pick<SiteRunReport, 'decisions' | 'passages' | 'occupancy' | 'reservations' | 'events'>;

interface LookedAt {
	readonly dir: string;
	readonly site: Site;
	readonly central: Pick<Central, 'histories' | 'events'>;
}

/** What has not come to rest while the gateway runs, in words. */
export function stillOpen({ dir, site, central }: LookedAt): readonly string[] {
	using opened = openReadOnly(dir);
	const { occupancy, journal } = opened.store;
	const held = occupancy.reservations().length;
	const behind = journal.lastSeq() - storedAt(central, site.id);
	return [
		...(held === 0 ? [] : [`places are held for ${held} vehicles`]),
		...(behind <= 0 ? [] : [`${behind} events have not reached central`]),
	];
}

function openReadOnly(dir: string): Disposable & { readonly store: SiteStore } {
	const log = createLog({ level: 'error', format: 'text', write: () => undefined });
	const store = openSiteStore({ dir, nowMs: Date.now, log, readOnly: true });
	return { store, [Symbol.dispose]: () => store.close() };
}

/** What a site's store holds once its gateway has stopped, beside where vehicles really are.
 *
 * @param parkedIn areas in which vehicles stand, one entry for each
 */
export function lookAtSite({
	dir,
	site,
	central,
	parkedIn,
}: LookedAt & { readonly parkedIn: readonly string[] }): Looked {
	using opened = openReadOnly(dir);
	const { store } = opened;
	const truth = countIn(site, parkedIn);
	const freePasses = countIn(
		site,
		openStays(store).flatMap(({ counted, areaId }) => (counted ? [] : [areaId])),
	);
	const occupancy = [...site.parks, ...site.areas].map(({ id: area }): AreaRun => {
		const { occupied } = store.occupancy.counter(area);
		const [placeless, inside] = [freePasses.get(area) ?? 0, truth.get(area) ?? 0];
		return { area, occupied, placeless, inside, equal: occupied + placeless === inside };
	});
	return {
		...{ ...readJournal(store), occupancy, reservations: store.occupancy.reservations().length },
		events: { written: store.journal.lastSeq(), atCentral: storedAt(central, site.id) },
	};
}

/** For each counter how many of these stand in what it counts. */
function countIn(site: Site, areaIds: readonly string[]): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const { areaId } of areaIds.flatMap((id) => areaChain(site, id)))
		counts.set(areaId, (counts.get(areaId) ?? 0) + 1);
	return counts;
}

function openStays({ parkingSessions }: Pick<SiteStore, 'parkingSessions'>) {
	const stays = [];
	for (;;) {
		const page = parkingSessions.listOpen({ limit: READ_AT_ONCE, offset: stays.length });
		stays.push(...page);
		if (page.length < READ_AT_ONCE) return stays;
	}
}

function readJournal({ journal }: Pick<SiteStore, 'journal'>): Pick<Looked, 'decisions' | 'passages'> {
	const decisions = new Map<string, number>();
	let passages = 0;
	for (let seq = 0; ; ) {
		const rows = journal.after(seq, READ_AT_ONCE);
		const last = rows.at(-1);
		if (last === undefined) return { decisions: Object.fromEntries(decisions), passages };
		for (const { entry } of rows) {
			if (entry?.type === 'passage') passages += 1;
			if (entry?.type !== 'decision') continue;
			const { outcome, headline } = entry.decision;
			const name = headline ?? outcome;
			decisions.set(name, (decisions.get(name) ?? 0) + 1);
		}
		seq = last.seq;
	}
}

/** Events that central has without a gap. */
function storedAt({ histories, events }: Pick<Central, 'histories' | 'events'>, site: string): number {
	let stored = 0;
	for (const gatewayEpoch of histories(site)) {
		for (let seq = 0; ; ) {
			const page = events(site, gatewayEpoch, seq, READ_AT_ONCE);
			stored += page.length;
			const last = page.at(-1);
			if (last === undefined) break;
			seq = last.seq;
		}
	}
	return stored;
}
