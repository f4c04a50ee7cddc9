import type { Clock } from '../../core/clock.ts';
import {
	conflictOfKinds,
	isLicenceKind,
	isUnlocked,
	LICENCE_KIND_NAMES,
	type LicenceKind,
	seatsOfKind,
} from '../../core/licence/licence-kinds.ts';
import { type FoundOperator, type OperatorQuery, searchWords } from '../../store/operator-search.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { etagOf } from '../directory/row-etag.ts';
import { countLicenceDay } from './licence-days.ts';
import type { LicenceStanding } from './licence-standing.ts';

/** One kind, and how many have it. */
export interface KindUse {
	readonly kind: LicenceKind;
	readonly used: number;
	readonly available: number;
	/** false: the product licence does not have what it is about, so that it unlocks nothing. */
	readonly isUnlocked: boolean;
}

/** An operator with the kinds of licence that they have. */
export interface LicensedOperator {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	/** null: never. */
	readonly lastLoginAtMs: number | null;
	readonly grants: readonly { readonly kind: LicenceKind; readonly sinceMs: number }[];
	/** Of the grants: the same for the same ones. */
	readonly etag: string;
}

export interface LicensedOperatorsQuery {
	/** Beginnings of last name, first name or e-mail. */
	readonly q: string;
	readonly kind: LicenceKind | null;
	/** Only who has a licence for that many days at least, and did not sign in for as long; null: whoever. */
	readonly unusedDays?: number | null;
	/** Id of the last one of the page before; null: from the first on. */
	readonly after: string | null;
	readonly limit: number;
}

export interface LicensedOperators {
	readonly items: readonly LicensedOperator[];
	/** To ask for the next page after; null: nobody follows. */
	readonly next: string | null;
}

export type GrantAnswer =
	| { readonly result: 'changed' | 'same' | 'changedMeanwhile'; readonly operator: LicensedOperator }
	| { readonly result: 'unknown' }
	| GrantRefusal;

/** Why kinds can't be given; nothing was changed. */
export type GrantRefusal =
	| { readonly result: 'full'; readonly kind: LicenceKind; readonly used: number; readonly available: number }
	/** Whoever has this kind never signs in, so that they can have no other. */
	| { readonly result: 'excludes'; readonly kind: LicenceKind }
	/** An administrator would be shut out. */
	| { readonly result: 'administrator'; readonly kind: LicenceKind }
	/** Nothing is activated any more: the product licence has run out. */
	| { readonly result: 'stopped' };

/** Kinds of licence that operators have (FEATURES I2–I15): given and taken by hand, each within its seats. */
export interface LicenceGrants {
	kinds(): readonly KindUse[];
	/** By name; at once. Among very many, a short word takes a tenth of a second: for commands, and for a kind that few have. */
	page(query: LicensedOperatorsQuery): LicensedOperators;
	/** The same, beside the event loop. */
	search(query: LicensedOperatorsQuery): Promise<LicensedOperators>;
	operator(operatorId: string): LicensedOperator | undefined;
	/** All kinds that they have from now on, in one durable transaction. `ifMatch`: only while they still are as read. */
	set(
		operatorId: string,
		kinds: readonly LicenceKind[],
		by: { readonly operatorId: string | null; readonly ifMatch?: (etag: string) => boolean },
	): GrantAnswer;
	/** What counts now: asked with every request, so that a change acts on the next one. */
	kindsOf(operatorId: string): readonly LicenceKind[];
}

export interface LicenceGrantsDeps {
	readonly store: Pick<
		SiteStore,
		'licenceGrants' | 'licences' | 'operators' | 'operatorSearch' | 'journal' | 'transaction'
	>;
	readonly licensing: { standing(): Pick<LicenceStanding, 'licence' | 'term'> };
	readonly clock: Pick<Clock, 'nowMs'>;
	/** Of the site: days are its own. */
	readonly timeZone: string;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	/** Looks operators up on another thread; here unless given. */
	readonly findOperators?: (query: OperatorQuery) => Promise<readonly FoundOperator[]>;
}

const DAY_MS = 86_400_000;

export function createLicenceGrants(deps: LicenceGrantsDeps): LicenceGrants {
	const { store, licensing, clock } = deps;
	const { licenceGrants } = store;

	const grantsOf = (operatorId: string) =>
		licenceGrants
			.grantsOf(operatorId)
			.flatMap(({ kind, sinceMs }) => (isLicenceKind(kind) ? [{ kind, sinceMs }] : []))
			.toSorted((a, b) => LICENCE_KIND_NAMES.indexOf(a.kind) - LICENCE_KIND_NAMES.indexOf(b.kind));

	function withGrants({ id, name, email, lastLoginAtMs }: FoundOperator): LicensedOperator {
		const grants = grantsOf(id);
		const etag = etagOf({ id, grants: grants.map(({ kind, sinceMs }) => `${kind} ${sinceMs}`) });
		return { id, name, email, lastLoginAtMs, grants, etag };
	}

	/** One more than a page, to know whether others follow. */
	function asked({ q, kind, unusedDays = null, after, limit }: LicensedOperatorsQuery): OperatorQuery {
		const unusedSinceMs = unusedDays === null ? null : clock.nowMs() - unusedDays * DAY_MS;
		return { words: searchWords(q), kind, unusedSinceMs, after, limit: limit + 1 };
	}

	function pageOf({ limit }: LicensedOperatorsQuery, found: readonly FoundOperator[]): LicensedOperators {
		const last = found.length > limit ? found[limit - 1] : undefined;
		return { items: found.slice(0, limit).map(withGrants), next: last?.id ?? null };
	}

	function operator(operatorId: string): LicensedOperator | undefined {
		const row = store.operators.operatorById(operatorId);
		return row === undefined ? undefined : withGrants(row);
	}

	/** Why these can't be given, before anything is written. */
	function refusal(
		operatorId: string,
		kinds: readonly LicenceKind[],
		given: readonly LicenceKind[],
	): GrantRefusal | undefined {
		const { licence, term } = licensing.standing();
		if (given.length > 0 && term.stopped.includes('activations')) return { result: 'stopped' };
		const alone = conflictOfKinds(kinds);
		if (alone !== undefined) return { result: 'excludes', kind: alone };
		const [only] = kinds;
		const isAdministrator = store.operators.rolesOf(operatorId).some(({ roleId }) => roleId === 'administrator');
		if (only === 'serviceResource' && isAdministrator) return { result: 'administrator', kind: only };
		const uses = licenceGrants.uses();
		for (const kind of given) {
			const used = uses.get(kind) ?? 0;
			const available = seatsOfKind({ licence }, kind);
			if (used >= available) return { result: 'full', kind, used, available };
		}
		return undefined;
	}

	function write(operatorId: string, kind: LicenceKind, isGiven: boolean, by: string | null): void {
		const atMs = clock.nowMs();
		if (isGiven) licenceGrants.give({ operatorId, kind, sinceMs: atMs });
		else licenceGrants.take(operatorId, kind);
		countLicenceDay(licenceGrants, deps.timeZone, { kind, atMs, isGiven, used: licenceGrants.uses().get(kind) ?? 0 });
		const what = isGiven ? 'kindGiven' : 'kindTaken';
		store.licences.addChange({ atMs, what, subject: operatorId, kind, operatorId: by });
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs, operatorId: by } as const;
		store.journal.append({ ...entry, action: what, target: operatorId, detail: { kind } });
	}

	return {
		kinds() {
			const { licence } = licensing.standing();
			const uses = licenceGrants.uses();
			return LICENCE_KIND_NAMES.map((kind) => ({
				...{ kind, used: uses.get(kind) ?? 0, available: seatsOfKind({ licence }, kind) },
				isUnlocked: isUnlocked({ licence }, kind),
			}));
		},
		page: (query) => pageOf(query, store.operatorSearch.page(asked(query))),
		async search(query) {
			const { findOperators } = deps;
			if (findOperators === undefined) return pageOf(query, store.operatorSearch.page(asked(query)));
			return pageOf(query, await findOperators(asked(query)));
		},
		operator,
		set(operatorId, kinds, { operatorId: by, ifMatch }) {
			const answer = store.transaction((): GrantAnswer => {
				const present = operator(operatorId);
				if (present === undefined) return { result: 'unknown' };
				if (ifMatch?.(present.etag) === false) return { result: 'changedMeanwhile', operator: present };
				const had = present.grants.map(({ kind }) => kind);
				const given = LICENCE_KIND_NAMES.filter((kind) => kinds.includes(kind) && !had.includes(kind));
				const taken = had.filter((kind) => !kinds.includes(kind));
				if (given.length + taken.length === 0) return { result: 'same', operator: present };
				const refused = refusal(operatorId, kinds, given);
				if (refused !== undefined) return refused;
				for (const kind of taken) write(operatorId, kind, false, by);
				for (const kind of given) write(operatorId, kind, true, by);
				return { result: 'changed', operator: withGrants(present) };
			});
			if (answer.result === 'changed') deps.journalGrew();
			return answer;
		},
		kindsOf(operatorId) {
			const grants = grantsOf(operatorId);
			if (grants.length === 0) return [];
			const { licence } = licensing.standing();
			return grants.flatMap(({ kind }) => (isUnlocked({ licence }, kind) ? kind : []));
		},
	};
}
