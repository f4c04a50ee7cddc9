import type { Reach } from './decide-permission.ts';
import type { Places, Scope, Territory } from './scope.ts';

/** Rows of the directory that a list may show: those in `given` that touch nothing of `denied`. Plain data. */
export interface RowScope {
	/** All rows are given. */
	readonly whole: boolean;
	readonly given: ScopedIds;
	readonly denied: ScopedIds;
}

/** Scopes by their kinds. */
export interface ScopedIds {
	/** `table/key`. */
	readonly records: readonly string[];
	readonly groupIds: readonly string[];
	readonly bundleIds: readonly string[];
	readonly territories: readonly Territory[];
}

/** undefined: all rows. */
export function rowScopeOf(reach: Reach, places: Pick<Places, 'territory'>): RowScope | undefined {
	if (reach === 'everything') return undefined;
	const { given, denied } = reach === 'nothing' ? { given: [], denied: [] } : reach;
	return {
		whole: given.some(({ kind }) => kind === 'site'),
		given: idsOf(given, places),
		denied: idsOf(denied, places),
	};
}

function idsOf(scopes: readonly Scope[], places: Pick<Places, 'territory'>): ScopedIds {
	const named = (kind: Scope['kind']) =>
		scopes.flatMap((scope) => (scope.kind === kind && 'id' in scope ? scope.id : []));
	return {
		records: named('record'),
		groupIds: named('group'),
		bundleIds: named('bundle'),
		territories: scopes
			.filter(({ kind }) => kind === 'park' || kind === 'area')
			.map((scope) => places.territory(scope)),
	};
}
