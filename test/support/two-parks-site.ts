import { createConsole } from '../../src/api/console/console.tsx';
import { CSRF_FIELD } from '../../src/api/http/login-context.ts';
import type { DirectoryTable } from '../../src/gateway/core/directory.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import type { AnyRow } from '../../src/gateway/services/directory/directory-edits.ts';
import { aLane } from './access-facts.ts';
import { createHttpSite, type HttpSite, jsonPost, SITE } from './http-site.ts';
import { type MadeLogin, makeLogin } from './logins-without-passwords.ts';

export const TWO_PARKS: Site = {
	...SITE,
	parks: [...SITE.parks, { id: 'P2', name: 'South' }],
	areas: [...SITE.areas, { id: 'B1', name: 'South deck', parkId: 'P2', capacity: 20 }],
	lanes: [...SITE.lanes, aLane({ id: 'L2', name: 'South entry', to: 'B1', readers: ['reader-2'], cameras: ['cam-2'] })],
};

/** API and console of a site with two parks, for whoever has a part of it. */
export interface TwoParks {
	readonly site: HttpSite;
	readonly admin: MadeLogin;
	/** Somebody with a role, administrator unless told otherwise, for one scope. */
	at(scope: string, role?: string): MadeLogin;
	get(path: string, login: MadeLogin): Promise<Response>;
	send(method: string, path: string, body: unknown, login: MadeLogin): Promise<Response>;
	/** As a browser sends it. */
	form(path: string, fields: Readonly<Record<string, string>>, login: MadeLogin): Promise<Response>;
	/** What a page, or an answer, says; it must be there. */
	text(path: string, login: MadeLogin): Promise<string>;
	/** Puts rows into the directory as nobody's own edits. */
	fill(rows: readonly (readonly [DirectoryTable, AnyRow])[]): void;
	close(): void;
}

export function createTwoParks(): TwoParks {
	const site = createHttpSite(
		{},
		(deps) =>
			createConsole({
				...deps,
				site: TWO_PARKS,
				people: {
					find: (text, limit) => site.services.people.find(text, limit),
					holder: (holderId) => site.services.people.holder(holderId),
					nearestPlates: (read) => site.services.people.nearestPlates(read),
					operatorName: (operatorId) => site.services.people.operatorName(operatorId),
				},
				clockTrust: () => 'synced',
				confirmClock: () => undefined,
				assetUrl: (name) => `/assets/x/${name}`,
			}),
		TWO_PARKS,
	);
	const get = (path: string, { cookie }: MadeLogin) => site.request(path, { headers: { cookie } });
	return {
		site,
		admin: makeLogin(site.bench, { role: 'administrator' }),
		at: (scope, role = 'administrator') => makeLogin(site.bench, { role, scope }),
		get,
		send: (method, path, body, { cookie, csrf }) =>
			site.request(path, { ...jsonPost(body, { cookie, 'x-csrf-token': csrf }), method }),
		form: (path, fields, { cookie, csrf }) =>
			site.request(path, {
				method: 'POST',
				headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
				body: new URLSearchParams({ ...fields, [CSRF_FIELD]: csrf }).toString(),
			}),
		async text(path, login) {
			const answer = await get(path, login);
			const text = await answer.text();
			if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text.slice(0, 500)}`);
			return text;
		},
		fill(rows) {
			const changes = rows.map(([table, row]) => ({ op: 'create', table, row }) as const);
			const answer = site.services.edits.edit(changes, { operatorId: null });
			if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
		},
		close: () => site.close(),
	};
}

const ALWAYS = { validFromMs: null, validToMs: null, state: 'active' };
const PERSON = { kind: 'person', status: 'active', email: null };

/** Nora books in the north, Sven in the south; Gina belongs to a tenant and books in both. */
export const BOOKING_PEOPLE: readonly (readonly [DirectoryTable, AnyRow])[] = [
	['groups', { id: 'tenant', name: 'Tenant', kind: 'tenant' }],
	['groups', { id: 'fleet', name: 'Fleet', kind: 'sharing' }],
	...(['north', 'south', 'both'] as const).map((id): readonly [DirectoryTable, AnyRow] => [
		'rightSpecifications',
		{
			...{ id, name: `Place ${id}`, strategy: 'booking', scheduleId: null },
			areaIds: { north: ['A1'], south: ['B1'], both: ['A1', 'B1'] }[id],
		},
	]),
	['bundles', { id: 'scheme', name: 'Scheme', tag: 'scheme', specificationIds: ['south'] }],
	['holders', { ...PERSON, id: 'nora', name: 'Nora Peeters' }],
	['holders', { ...PERSON, id: 'sven', name: 'Sven Maes', groupIds: ['fleet'] }],
	['holders', { ...PERSON, id: 'gina', name: 'Gina Claes', groupIds: ['tenant'] }],
	['holders', { ...PERSON, id: 'van', kind: 'vehicle', name: 'South van', sharingGroupId: 'fleet' }],
	['assignedRights', { ...ALWAYS, id: 'r-nora', holderId: 'nora', specificationId: 'north' }],
	['assignedRights', { ...ALWAYS, id: 'r-sven', holderId: 'sven', specificationId: 'south' }],
	['assignedRights', { ...ALWAYS, id: 'r-gina', holderId: 'gina', specificationId: 'both' }],
	['assignedRights', { ...ALWAYS, id: 'r-van', holderId: 'van', specificationId: 'south' }],
];
