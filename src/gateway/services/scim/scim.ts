import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { ScimListPage, ScimListQuery } from '../../core/scim/scim-list.ts';
import type { ScimModel } from '../../core/scim/scim-schema.ts';
import type { OperatorGroups } from '../operators/operator-groups.ts';
import type { OperatorsParts } from '../operators/operators-deps.ts';
import { createScimGroups, type ScimGroups } from './scim-groups.ts';
import type { ScimResource } from './scim-resource.ts';
import { createScimUsers, type ScimUsers } from './scim-users.ts';

/** What the console tells of the last request. */
export interface ScimRequest {
	readonly atMs: number;
	readonly method: string;
	/** Without what it says in the place of ids. */
	readonly route: string;
	readonly status: number;
	readonly detail: string | null;
}

/** Operators and their groups as identity providers manage them (RFC 7643 and 7644). */
export interface Scim {
	readonly users: ScimUsers;
	readonly groups: ScimGroups;
	/** A page, with how many there are in all. */
	list(
		query: ScimListQuery,
		withMembers: boolean,
	): Promise<{ readonly total: number; readonly resources: readonly ScimResource[] }>;
	/** What was asked since the start. */
	readonly activity: {
		/** One was answered. */
		asked(request: Omit<ScimRequest, 'atMs'>): void;
		last(): { readonly request: ScimRequest | null; readonly error: ScimRequest | null };
	};
}

export type ScimListing = (query: ScimListQuery) => Promise<ScimListPage>;

export function createScim(parts: OperatorsParts, groupsOfOperators: OperatorGroups): Scim {
	const users = createScimUsers(parts);
	const groups = createScimGroups(parts, groupsOfOperators);
	const page: ScimListing = parts.findScim ?? (async (query) => parts.store.scim.page(query));
	const one = (model: ScimModel['name'], id: string, withMembers: boolean) =>
		model === 'User' ? users.get(id) : groups.get(id, withMembers);
	return {
		users,
		groups,
		async list(query, withMembers) {
			const { total, ids } = await page(query);
			const resources: ScimResource[] = [];
			let members = 0;
			for (const id of ids) {
				const resource = one(query.model, id, withMembers);
				// Who was removed in the meantime is left out.
				if (resource === undefined) continue;
				members += listLength(resource.attributes['members']);
				// A page may be shorter than was asked for: the next begins behind it.
				if (resources.length > 0 && members > LIMITS.scimMembersListed) break;
				resources.push(resource);
			}
			return { total, resources };
		},
		activity: createActivity(parts.clock),
	};
}

const listLength = (value: unknown) => (Array.isArray(value) ? value.length : 0);

function createActivity(clock: Pick<Clock, 'nowMs'>): Scim['activity'] {
	let request: ScimRequest | null = null;
	let error: ScimRequest | null = null;
	return {
		asked(asked) {
			request = { ...asked, atMs: clock.nowMs() };
			if (asked.status >= 400) error = request;
		},
		last: () => ({ request, error }),
	};
}
