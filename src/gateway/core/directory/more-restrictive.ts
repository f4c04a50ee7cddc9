import type { DirectoryRow, DirectoryTable } from '../directory.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * What counts of a row that was changed here and by central, until central has answered: the one that lets in less
 * (SYNC.md, local edits). null: nothing, deleted is the least of all. Other fields are central's.
 */
export function moreRestrictive(table: DirectoryTable, central: Row | null, edited: Row | null): Row | null {
	if (central === null || edited === null) return null;
	switch (table) {
		case 'holders': {
			const both = [central, edited] as unknown as readonly DirectoryRow<'holders'>[];
			const status = HOLDER_STATUSES.find((one) => both.some((row) => row.status === one));
			return { ...central, status };
		}
		case 'credentials':
		case 'assignedRights': {
			const both = [central, edited] as unknown as readonly (Validity & { readonly state: string })[];
			const state = both.find((row) => row.state !== 'active')?.state ?? 'active';
			return { ...central, ...narrower(both), state };
		}
		case 'plannedUses':
			return central['state'] === 'planned' ? { ...central, state: edited['state'] } : central;
		default:
			return central;
	}
}

const HOLDER_STATUSES = ['blocked', 'inactive', 'active'] as const;

interface Validity {
	readonly validFromMs: number | null;
	readonly validToMs: number | null;
}

function narrower(both: readonly Validity[]): Validity {
	const from = both.flatMap(({ validFromMs }) => validFromMs ?? []);
	const to = both.flatMap(({ validToMs }) => validToMs ?? []);
	const validFromMs = from.length === 0 ? null : Math.max(...from);
	const validToMs = to.length === 0 ? null : Math.min(...to);
	// Both ends meet: valid never, and still a row.
	const isNever = validFromMs !== null && validToMs !== null && validToMs <= validFromMs;
	return { validFromMs, validToMs: isNever ? validFromMs + 1 : validToMs };
}
