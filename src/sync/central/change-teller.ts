import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Body, StreamHead } from '../envelope.ts';
import type { CentralSqlite } from './central-database.ts';
import type { StreamStore } from './stream-store.ts';

/** How often the database is asked whether another central has changed something. */
const LOOK_EVERY_MS = 250;

type Delta = Body<'delta'>;

/** Tells sites what changed, each change once and in order, whichever central made it. */
export interface ChangeTeller {
	/** Something may have changed; `made`: by us, just now. */
	look(made?: Delta): void;
	/** Every head was told: what comes after it is to be told. */
	heads(heads: readonly StreamHead[]): void;
	end(): void;
}

export function createChangeTeller(deps: {
	readonly db: CentralSqlite;
	readonly clock: Clock;
	readonly streams: Pick<StreamStore, 'heads' | 'deltas'>;
	/** Sites hear of changes from this central. */
	readonly leads: () => boolean;
	readonly onDelta: (delta: Delta, heads: readonly StreamHead[]) => void;
	/** Heads moved without deltas to tell: sites ask for what they miss. */
	readonly onMoved: (heads: readonly StreamHead[]) => void;
}): ChangeTeller {
	const { db, clock, streams } = deps;
	const told = new Map<string, number>();
	let seen = version();
	let cancel: Cancel = () => undefined;

	/** Another number after each commit of another connection. */
	function version(): number {
		return Number(db.pragma('data_version', { simple: true }));
	}

	/** Those that were not told, if they are few enough. */
	function untold({ stream, rev, floor }: StreamHead, made: Delta | undefined): readonly Delta[] {
		const from = told.get(stream) ?? rev;
		if (made !== undefined && made.stream === stream && made.from === from && made.to === rev) return [made];
		const isFew = rev - from <= LIMITS.deltasPerAnswer * LIMITS.deltaOps;
		if (from >= rev || from < floor || !isFew) return [];
		return streams.deltas(stream, from, LIMITS.deltasPerAnswer).map((delta) => ({ ...delta, more: false }));
	}

	function look(made?: Delta): void {
		const heads = streams.heads();
		let isTold = false;
		for (const head of heads) {
			const deltas = deps.leads() ? untold(head, made) : [];
			for (const delta of deltas) deps.onDelta(delta, heads);
			isTold ||= deltas.length > 0;
			told.set(head.stream, head.rev);
		}
		if (!isTold) deps.onMoved(heads);
	}

	function watch(): void {
		cancel = clock.after(LOOK_EVERY_MS, () => {
			const now = version();
			if (now !== seen) {
				seen = now;
				look();
			}
			watch();
		});
	}

	watch();
	return {
		look,
		heads(heads) {
			for (const { stream, rev } of heads) told.set(stream, rev);
		},
		end: () => cancel(),
	};
}
