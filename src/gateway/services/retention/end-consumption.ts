import { limitsOf } from '../../core/access/specification-limits.ts';
import { LIMITS } from '../../core/limits.ts';
import { usePeriodAt } from '../../core/use-period.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { DatedUse } from '../../store/personal-consumption.ts';
import type { RetentionDeps } from './retention.ts';

/** What a night ended of it. */
export interface EndedConsumption {
	readonly erased: number;
	readonly held: number;
}

/**
 * Ends what consumption tells of whereabouts: uses of rights keep counting in their period without a day, lines of
 * wallets become their sum, what became of bookings goes. Each goes on where the last night came to.
 */
export function createConsumptionRetention(
	deps: RetentionDeps,
	endMs: () => number,
): (signal: AbortSignal) => Promise<EndedConsumption> {
	const { store, directory, clock, holds } = deps;
	const { personalConsumption, settings } = store;
	const some: number = LIMITS.retentionSlice;

	function keptUntil(name: string): number {
		return Number(settings.get(`retention.${name}`) ?? 0);
	}

	/** Slices of what is dated, from where the last night came to; those that a hold keeps are passed over. */
	async function endDated<Row extends { readonly atMs: number }>(
		name: string,
		signal: AbortSignal,
		read: (fromMs: number, limit: number) => readonly Row[],
		end: (row: Row) => void,
	): Promise<EndedConsumption> {
		const { stay: isHeld } = holds.kept();
		let [erased, held] = [0, 0];
		for (let fromMs = keptUntil(name); !signal.aborted; ) {
			const rows = read(fromMs, some);
			const over = rows.filter(({ atMs }) => !isHeld({ decisionId: null, openedAtMs: atMs, closedAtMs: atMs }));
			const lastMs = rows.at(-1)?.atMs ?? fromMs;
			store.transaction(() => {
				for (const row of over) end(row);
				settings.set(`retention.${name}`, String(lastMs));
			});
			erased += over.length;
			held += rows.length - over.length;
			if (rows.length < some) break;
			// Only held ones are left of this moment: on to the next.
			fromMs = over.length === 0 && lastMs === fromMs ? lastMs + 1 : lastMs;
			await deps.rest();
		}
		return { erased, held };
	}

	/** Where a use counts from now on; null: nowhere. */
	function periodOf({ rightId, atMs }: DatedUse): number | null {
		const right = directory.row('assignedRights', rightId);
		const specification = right && directory.row('rightSpecifications', right.specificationId);
		if (right === undefined || specification === undefined) return null;
		const { usePeriod } = limitsOf(specification);
		const { startMs, endMs: overMs } = usePeriodAt(usePeriod, atMs, deps.timeZone, right);
		// A right may be valid for longer again.
		const isOver = usePeriod !== 'validity' && overMs !== null && overMs <= clock.nowMs();
		return isOver ? null : (startMs ?? 0);
	}

	return async (signal) => {
		const toMs = endMs();
		const uses = await endDated(
			'uses',
			signal,
			(fromMs, limit) => personalConsumption.usesBetween(fromMs, toMs, limit),
			(use) =>
				personalConsumption.blurUse(
					use,
					directory.read(() => periodOf(use)),
				),
		);
		const lines = await endDated(
			'ledger',
			signal,
			(fromMs, limit) => personalConsumption.linesBetween(fromMs, toMs, limit),
			// Up to its own moment: later ones may be held.
			({ rightId, atMs }) => personalConsumption.carry(rightId, atMs + 1),
		);
		let others = store.transaction(() => personalConsumption.forgetOthers(toMs));
		for (let gone = some; gone === some && !signal.aborted; others += gone) {
			await deps.rest();
			gone = store.transaction(() => personalConsumption.forgetBookings(toMs, some));
		}
		return { erased: uses.erased + lines.erased + others, held: uses.held + lines.held };
	};
}

export type ConsumptionDirectory = Pick<DirectoryReader, 'read' | 'row'>;
