import { isLicenceKind, type LicenceKind } from '../../core/licence/licence-kinds.ts';
import { LIMITS } from '../../core/limits.ts';
import { clashesOf, type PlannedTime } from '../../core/maintenance/intervention.ts';
import type { InterventionTargets } from '../../store/intervention-list.ts';
import type { InterventionRow } from '../../store/intervention-rows.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { LicenceGrants } from '../licensing/licence-grants.ts';

/** `resource`: is put on interventions and never signs in; `staff`: plans them too; `former`: no new work is given to them. */
export type RosterRole = 'resource' | 'mechanic' | 'staff' | 'former';

/** Somebody whom work can be given to. */
export interface RosterPerson {
	readonly id: string;
	readonly name: string;
	readonly role: RosterRole;
}

export interface RosterEntry extends Pick<InterventionRow, 'number' | 'title' | 'status' | 'priority' | 'target'> {
	readonly plan: PlannedTime;
	/** The person has something else at the same time. */
	readonly clashes: boolean;
}

export interface RosterLine {
	readonly person: RosterPerson;
	/** Earliest first. */
	readonly entries: readonly RosterEntry[];
}

export interface RosterView {
	/** Everybody whom work can be given to, by name, and who has any in that time. */
	readonly lines: readonly RosterLine[];
	/** Planned, and nobody was put on it. */
	readonly unassigned: readonly RosterEntry[];
	/** There is more than was looked at. */
	readonly isCut: boolean;
}

export interface Roster {
	/** By name; at most LIMITS.rosterPeople. */
	people(): readonly RosterPerson[];
	/** undefined: no work can be given to them. */
	person(operatorId: string): RosterPerson | undefined;
	/**
	 * Who does what in [fromMs, toMs).
	 * @param targets only work on these, and only who has some: who has none may have it elsewhere; absent: all of the site.
	 */
	view(fromMs: number, toMs: number, targets?: InterventionTargets): RosterView;
}

export interface RosterDeps {
	readonly store: Pick<SiteStore, 'operators' | 'interventions'>;
	readonly licenceGrants: Pick<LicenceGrants, 'page' | 'kindsOf'>;
}

const ROLE_OF_KIND = {
	serviceResource: 'resource',
	serviceMechanic: 'mechanic',
	serviceStandard: 'staff',
} as const satisfies Partial<Record<LicenceKind, RosterRole>>;
const KINDS = Object.keys(ROLE_OF_KIND).filter(isLicenceKind) as readonly (keyof typeof ROLE_OF_KIND)[];
/** Whose built-in roles are about the equipment. */
const STAFF_ROLES = ['technician', 'administrator'] as const;

export function createRoster({ store: { operators, interventions }, licenceGrants }: RosterDeps): Roster {
	function roleOf({ id, state }: Pick<OperatorRow, 'id' | 'state'>): RosterRole | undefined {
		if (state === 'inactive') return undefined;
		const kinds = licenceGrants.kindsOf(id);
		const kind = KINDS.find((one) => kinds.includes(one));
		if (kind !== undefined) return ROLE_OF_KIND[kind];
		const roles = operators.rolesOf(id).map(({ roleId }) => roleId);
		return STAFF_ROLES.some((role) => roles.includes(role)) ? 'staff' : undefined;
	}

	function person(operatorId: string): RosterPerson | undefined {
		const row = operators.operatorById(operatorId);
		const role = row && roleOf(row);
		return row === undefined || role === undefined ? undefined : { id: row.id, name: row.name, role };
	}

	function people(): readonly RosterPerson[] {
		const limit = LIMITS.rosterPeople;
		const ids = new Set([
			...KINDS.flatMap((kind) => licenceGrants.page({ q: '', kind, after: null, limit }).items.map(({ id }) => id)),
			...STAFF_ROLES.flatMap((roleId) => operators.operatorsInRole(roleId, limit)),
		]);
		return [...ids]
			.flatMap((id) => person(id) ?? [])
			.toSorted(byName)
			.slice(0, limit);
	}

	/** Who is no longer on the roster keeps a line while they have work. */
	function former(operatorId: string): RosterPerson {
		return { id: operatorId, name: operators.operatorById(operatorId)?.name ?? operatorId, role: 'former' };
	}

	return {
		people,
		person,
		view(fromMs, toMs, targets) {
			const rows = interventions.plannedWithin(fromMs, toMs, LIMITS.rosterInterventions + 1, targets);
			const planned = rows.slice(0, LIMITS.rosterInterventions).flatMap(({ plan, people: who, ...row }) => {
				const { number, title, status, priority, target } = row;
				return plan === null ? [] : [{ plan, who, number, title, status, priority, target }];
			});
			const listed = people();
			const known = new Set(listed.map(({ id }) => id));
			const others = [...new Set(planned.flatMap(({ who }) => who))].filter((id) => !known.has(id)).map(former);
			const lines = [...listed, ...others.toSorted(byName)].map((one) => {
				const own = planned.filter(({ who }) => who.includes(one.id));
				// What is done was no clash.
				const clashes = clashesOf(own.filter(({ status }) => status !== 'done'));
				return { person: one, entries: own.map((entry) => shown(entry, clashes.has(entry))) };
			});
			return {
				lines: targets === undefined ? lines : lines.filter(({ entries }) => entries.length > 0),
				unassigned: planned.filter(({ who }) => who.length === 0).map((entry) => shown(entry, false)),
				isCut: rows.length > LIMITS.rosterInterventions,
			};
		},
	};
}

function shown({ who: _, ...entry }: Omit<RosterEntry, 'clashes'> & { readonly who: unknown }, clashes: boolean) {
	return { ...entry, clashes };
}

function byName(a: RosterPerson, b: RosterPerson): number {
	return a.name.localeCompare(b.name, 'en') || a.id.localeCompare(b.id, 'en');
}
