import { expect } from 'vitest';
import type { Site } from '../../src/gateway/core/site.ts';
import type { DirectoryChange } from '../../src/gateway/services/directory/directory-edits.ts';
import { aLane } from './access-facts.ts';
import { type HttpSite, jsonPost, SITE } from './http-site.ts';
import type { MadeLogin } from './logins-without-passwords.ts';

/** A lane into each; the relay board `boom-1` serves both. */
export const TWO_PARKS: Site = {
	...SITE,
	parks: [...SITE.parks, { id: 'P2', name: 'South' }],
	areas: [...SITE.areas, { id: 'B1', name: 'South deck', parkId: 'P2', capacity: 20 }],
	lanes: [...SITE.lanes, aLane({ id: 'M1', name: 'South entry', to: 'B1', readers: ['reader-2'], cameras: ['cam-2'] })],
};

const ALWAYS = { state: 'active', validFromMs: null, validToMs: null } as const;

function aTenant(id: string, name: string, plate: string, areaId: string, groupIds: readonly string[]) {
	const holder = { id, kind: 'person', name, email: null, status: 'active', groupIds };
	const credential = { ...ALWAYS, id: `${id}-plate`, holderId: id, kind: 'plate', value: plate, label: null };
	const right = { ...ALWAYS, id: `${id}-right`, holderId: id, specificationId: `free-${areaId}` };
	return [
		{ op: 'create', table: 'holders', row: holder },
		{ op: 'create', table: 'credentials', row: credential },
		{ op: 'create', table: 'assignedRights', row: right },
	] as const;
}

const specification = (areaId: string) =>
	({
		op: 'create',
		table: 'rightSpecifications',
		row: { id: `free-${areaId}`, name: areaId, strategy: 'firstCome', areaIds: [areaId], scheduleId: null },
	}) as const;

/** Nick may park in the north; Sam in the south, and is one of the group `tenants`. */
export function settleTwoParks({ services }: Pick<HttpSite, 'services'>): void {
	const changes: readonly DirectoryChange[] = [
		{ op: 'create', table: 'groups', row: { id: 'tenants', name: 'Tenants', kind: 'tenant' } },
		specification('A1'),
		specification('B1'),
		...aTenant('nick', 'Nick North', '1NOR111', 'A1', []),
		...aTenant('sam', 'Sam South', '1SOU111', 'B1', ['tenants']),
	];
	const made = services.edits.edit(changes, { operatorId: null });
	expect(made, JSON.stringify(made)).toMatchObject({ result: 'done' });
}

/** Asks the API as somebody. */
export function askedOf({ request }: Pick<HttpSite, 'request'>) {
	const get = (path: string, { cookie }: MadeLogin) => request(`/api/v1/${path}`, { headers: { cookie } });
	return {
		get,
		send: (path: string, body: unknown, { cookie, csrf }: MadeLogin, method = 'POST') =>
			request(`/api/v1/${path}`, { ...jsonPost(body, { cookie, 'x-csrf-token': csrf }), method }),
		async itemsOf<T>(path: string, login: MadeLogin): Promise<readonly T[]> {
			const answer = await get(path, login);
			expect(answer.status, `${path} ${await answer.clone().text()}`).toBe(200);
			return ((await answer.json()) as { items: readonly T[] }).items;
		},
	};
}

/** The body of a problem, without the id that was asked for and what differs from request to request. */
export async function problemOf(answer: Response, id: string): Promise<object> {
	return { ...(JSON.parse((await answer.text()).replaceAll(id, 'ID')) as object), requestId: '' };
}
