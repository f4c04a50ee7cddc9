import { describe, expect, test } from 'vitest';
import { createAccess, grantOfRole } from '../../../../src/gateway/core/permission/access.ts';
import type { Denial, Grant } from '../../../../src/gateway/core/permission/decide-permission.ts';
import { type Place, parseScope } from '../../../../src/gateway/core/permission/scope.ts';
import { isPermission, PERMISSIONS, type Permission, ROLES } from '../../../../src/gateway/core/permission.ts';
import { PLACES } from './two-parks.ts';

/**
 * Two parks: P1 with the deck A1, which encloses A1-vip and A1-staff, and the roof A2; P2 with B1. Lanes lead in and
 * out of A1 (`in`, `out`), between A1 and A1-vip (`vip`), between A1 and A2 (`ramp`), from P1 to P2 (`bridge`), into B1.
 *
 * roles and what else gives (`role @ scope`, `licence: permissions`, `record R: permissions`), denials, what is asked,
 * and the answer: yes, by what; or no, and why.
 */
const TABLE = `
# the built-in roles on the whole site
administrator                              |                         | lanes:vend              | yes: role administrator
administrator                              |                         | operators:write         | yes: role administrator
administrator                              |                         | exits:close             | yes: role administrator
administrator                              |                         | settings:write          | yes: role administrator
administrator                              |                         | personalData:erase      | yes: role administrator
administrator                              |                         | lanes:vend at lane in   | yes: role administrator
administrator                              |                         | lanes:vend at park P2   | yes: role administrator
administrator                              |                         | lanes:vend at lane none | yes: role administrator
technician                                 |                         | devices:test            | yes: role technician
technician                                 |                         | devices:install         | yes: role technician
technician                                 |                         | configuration:write     | yes: role technician
technician                                 |                         | lanes:close             | yes: role technician
technician                                 |                         | exits:close             | no: not granted
technician                                 |                         | operators:read          | no: not granted
technician                                 |                         | operators:write         | no: not granted
technician                                 |                         | licences:write          | no: not granted
technician                                 |                         | holders:write           | no: not granted
technician                                 |                         | personalData:erase      | no: not granted
security                                   |                         | lanes:close             | yes: role security
security                                   |                         | evidence:moderate       | yes: role security
security                                   |                         | retention:hold          | yes: role security
security                                   |                         | visitors:write          | yes: role security
security                                   |                         | presence:reset          | yes: role security
security                                   |                         | exits:close             | no: not granted
security                                   |                         | holders:write           | no: not granted
security                                   |                         | devices:test            | no: not granted
security                                   |                         | operators:read          | no: not granted
security                                   |                         | loginSessions:end       | no: not granted
reception                                  |                         | visitors:write          | yes: role reception
reception                                  |                         | holders:write           | yes: role reception
reception                                  |                         | plannedUses:write       | yes: role reception
reception                                  |                         | decisions:read          | yes: role reception
reception                                  |                         | review:write            | yes: role reception
reception                                  |                         | lanes:vend              | yes: role reception
reception                                  |                         | lanes:close             | no: not granted
reception                                  |                         | devices:read            | no: not granted
reception                                  |                         | groups:write            | no: not granted
reception                                  |                         | roles:write             | no: not granted
support                                    |                         | devices:read            | yes: role support
support                                    |                         | configuration:read      | yes: role support
support                                    |                         | sync:test               | yes: role support
support                                    |                         | decisions:read          | yes: role support
support                                    |                         | lanes:vend              | no: not granted
support                                    |                         | configuration:write     | no: not granted
support                                    |                         | personalData:read       | no: not granted
support                                    |                         | holders:read            | no: not granted
support                                    |                         | operators:read          | no: not granted
user                                       |                         | lanes:read              | no: not granted
user                                       |                         | holders:read            | no: not granted
user                                       |                         | decisions:read          | no: not granted
user                                       |                         | visitors:write          | no: not granted
nobody                                     |                         | lanes:read              | no: not granted
nobody                                     |                         | lanes:read at lane in   | no: not granted
emperor                                    |                         | lanes:read              | no: not granted
emperor @ park:P1                          |                         | lanes:read at park P1   | no: not granted

# several roles: all that any of them gives
reception, technician                      |                         | visitors:write          | yes: role reception
reception, technician                      |                         | devices:test            | yes: role technician
reception, technician                      |                         | lanes:vend              | yes: role reception, role technician
reception, security                        |                         | lanes:close             | yes: role security
reception, user                            |                         | visitors:write          | yes: role reception
support, security                          |                         | personalData:read       | yes: role security
reception, reception @ park:P1             |                         | lanes:vend at park P1   | yes: role reception, role reception
reception, emperor                         |                         | visitors:write          | yes: role reception

# for one park
reception @ park:P1                        |                         | visitors:write          | no: granted elsewhere by role reception
reception @ park:P1                        |                         | visitors:write at park P1 | yes: role reception
reception @ park:P1                        |                         | visitors:write at park P2 | no: granted elsewhere by role reception
reception @ park:P1                        |                         | lanes:vend at lane in   | yes: role reception
reception @ park:P1                        |                         | lanes:vend at lane out  | yes: role reception
reception @ park:P1                        |                         | lanes:vend at lane vip  | yes: role reception
reception @ park:P1                        |                         | lanes:vend at lane ramp | yes: role reception
reception @ park:P1                        |                         | lanes:vend at lane B-in | no: granted elsewhere by role reception
reception @ park:P1                        |                         | lanes:vend at lane bridge | no: granted elsewhere by role reception
reception @ park:P1                        |                         | lanes:vend at lane none | no: granted elsewhere by role reception
reception @ park:P1                        |                         | occupancy:adjust at area A1 | yes: role reception
reception @ park:P1                        |                         | occupancy:adjust at area A1-vip | yes: role reception
reception @ park:P1                        |                         | occupancy:adjust at area A2 | yes: role reception
reception @ park:P1                        |                         | occupancy:adjust at area B1 | no: granted elsewhere by role reception
reception @ park:P1                        |                         | occupancy:adjust at area P1 | yes: role reception
reception @ park:P1                        |                         | occupancy:adjust at area P2 | no: granted elsewhere by role reception
reception @ park:P1                        |                         | devices:read at park P1 | no: not granted
reception @ park:P9                        |                         | lanes:vend at lane in   | no: granted elsewhere by role reception
reception @ park:P9                        |                         | lanes:vend              | no: granted elsewhere by role reception
reception @ park:P1, reception @ park:P2   |                         | lanes:vend at lane in   | yes: role reception
reception @ park:P1, reception @ park:P2   |                         | lanes:vend at lane B-in | yes: role reception
reception @ park:P1, reception @ park:P2   |                         | lanes:vend at lane bridge | no: granted elsewhere by role reception, role reception
reception @ park:P1, reception @ park:P2   |                         | lanes:vend              | no: granted elsewhere by role reception, role reception
reception @ park:P1, security              |                         | lanes:vend at lane B-in | yes: role security
reception @ park:P1, security @ park:P2    |                         | lanes:close at lane in  | no: granted elsewhere by role security
reception @ park:P1, security @ park:P2    |                         | lanes:close at lane B-in | yes: role security
administrator @ park:P1                    |                         | operators:write         | no: granted elsewhere by role administrator
administrator @ park:P1                    |                         | settings:write          | no: granted elsewhere by role administrator
administrator @ park:P1                    |                         | exits:close at lane out | yes: role administrator

# for one area, and what lies within it
security @ area:A1                         |                         | lanes:close at lane in  | yes: role security
security @ area:A1                         |                         | lanes:close at lane out | yes: role security
security @ area:A1                         |                         | lanes:close at lane vip | yes: role security
security @ area:A1                         |                         | lanes:close at lane ramp | no: granted elsewhere by role security
security @ area:A1                         |                         | occupancy:adjust at area A1 | yes: role security
security @ area:A1                         |                         | occupancy:adjust at area A1-vip | yes: role security
security @ area:A1                         |                         | occupancy:adjust at area A2 | no: granted elsewhere by role security
security @ area:A1                         |                         | occupancy:adjust at park P1 | no: granted elsewhere by role security
security @ area:A1-vip                     |                         | occupancy:adjust at area A1-vip | yes: role security
security @ area:A1-vip                     |                         | occupancy:adjust at area A1 | no: granted elsewhere by role security
security @ area:A1-vip                     |                         | lanes:close at lane vip | no: granted elsewhere by role security
security @ area:A1-vip                     |                         | lanes:close at lane in  | no: granted elsewhere by role security
security @ area:A1, security @ area:A2     |                         | lanes:close at lane ramp | no: granted elsewhere by role security, role security
security @ area:B1                         |                         | lanes:vend at lane B-in | yes: role security
security @ area:B1                         |                         | lanes:vend at lane bridge | no: granted elsewhere by role security

# denied, whoever grants it
administrator                              | lanes:vend              | lanes:vend              | no: denied
administrator                              | lanes:vend              | lanes:vend at lane in   | no: denied
administrator                              | lanes:vend              | lanes:hold              | yes: role administrator
administrator                              | lanes:vend @ park:P1    | lanes:vend at lane in   | no: denied
administrator                              | lanes:vend @ park:P1    | lanes:vend at lane ramp | no: denied
administrator                              | lanes:vend @ park:P1    | lanes:vend at lane B-in | yes: role administrator
administrator                              | lanes:vend @ park:P1    | lanes:vend at lane bridge | no: denied
administrator                              | lanes:vend @ park:P1    | lanes:vend at park P2   | yes: role administrator
administrator                              | lanes:vend @ park:P1    | lanes:vend              | no: denied
administrator                              | lanes:vend @ area:A2    | lanes:vend at lane in   | yes: role administrator
administrator                              | lanes:vend @ area:A2    | lanes:vend at lane ramp | no: denied
administrator                              | lanes:vend @ area:A2    | lanes:vend at park P1   | no: denied
administrator                              | lanes:vend @ area:A1    | lanes:vend at lane vip  | no: denied
administrator                              | lanes:vend @ area:A1-vip | lanes:vend at lane vip | no: denied
administrator                              | lanes:vend @ area:A1-vip | lanes:vend at lane in  | yes: role administrator
administrator                              | occupancy:adjust @ area:A1-vip | occupancy:adjust at area A1-vip | no: denied
administrator                              | occupancy:adjust @ area:A1-vip | occupancy:adjust at area A1 | no: denied
administrator                              | occupancy:adjust @ area:A1-vip | occupancy:adjust at area A2 | yes: role administrator
administrator                              | occupancy:adjust @ area:A1 | occupancy:adjust at area A1-vip | no: denied
administrator                              | lanes:vend @ park:P9    | lanes:vend at lane in   | yes: role administrator
administrator                              | lanes:vend @ park:P9    | lanes:vend              | no: denied
administrator, reception                   | visitors:write          | visitors:write          | no: denied
reception @ park:P1                        | lanes:vend @ park:P1    | lanes:vend at lane in   | no: denied
reception @ park:P1                        | lanes:vend @ park:P2    | lanes:vend at lane in   | yes: role reception
reception @ park:P1                        | lanes:vend @ area:A2    | lanes:vend at lane in   | yes: role reception
reception @ park:P1                        | lanes:vend @ area:A2    | lanes:vend at lane ramp | no: denied
reception                                  | lanes:close             | lanes:close             | no: not granted
user                                       | lanes:vend              | lanes:vend              | no: not granted
reception                                  | holders:write, holders:read | holders:read        | no: denied
reception                                  | holders:write, holders:read | credentials:read    | yes: role reception

# licence kinds give besides roles
user; licence scan: scan:read              |                         | scan:read               | yes: licence kind scan
user; licence scan: scan:read              |                         | logistic:write          | no: not granted
user; licence scan: scan:read              | scan:read               | scan:read               | no: denied
user; licence ops: lanes:read, lanes:vend  |                         | lanes:vend at lane in   | yes: licence kind ops
user; licence a: scan:read; licence b: review:read |                 | review:read             | yes: licence kind b
reception; licence ops: lanes:vend         |                         | lanes:vend              | yes: role reception, licence kind ops
reception; licence moderation: evidence:moderate |                   | evidence:moderate       | yes: licence kind moderation

# groups
user; group G1: holders:read               |                         | holders:read            | yes: group G1
user; group G1 @ park:P1: lanes:read       |                         | lanes:read at lane in   | yes: group G1
user; group G1 @ park:P1: lanes:read       |                         | lanes:read at lane B-in | no: granted elsewhere by group G1
user; group G1: holders:read               | holders:read            | holders:read            | no: denied
reception @ group:G1                       |                         | holders:write of holders/h1 in G1 | yes: role reception
reception @ group:G1                       |                         | holders:write of holders/h1 in G2 | no: granted elsewhere by role reception
reception @ group:G1                       |                         | holders:write of holders/h1 in G3 G1 | yes: role reception
reception @ group:G1                       |                         | holders:write           | no: granted elsewhere by role reception
reception                                  | holders:write @ group:G1 | holders:write of holders/h1 in G1 | no: denied
reception                                  | holders:write @ group:G1 | holders:write of holders/h1 in G3 G1 | no: denied
reception                                  | holders:write @ group:G1 | holders:write of holders/h1 in G2 | yes: role reception
reception                                  | holders:write @ group:G1 | holders:write          | no: denied

# access schemes, and where a record opens
reception @ bundle:B1                      |                         | holders:read of holders/h1 in - of B1 | yes: role reception
reception @ bundle:B1                      |                         | holders:read of holders/h1 in - of B2 | no: granted elsewhere by role reception
reception @ bundle:B1                      |                         | holders:read of holders/h1 in G1 | no: granted elsewhere by role reception
reception @ bundle:B1                      | holders:read @ bundle:B2 | holders:read of holders/h1 in - of B1 B2 | no: denied
reception @ bundle:B1                      |                         | lanes:vend at lane in   | no: granted elsewhere by role reception
reception @ park:P1                        |                         | assignedRights:write of assignedRights/r1 in - opening A1 | yes: role reception
reception @ park:P1                        |                         | assignedRights:write of assignedRights/r1 in - opening A1+A2 | yes: role reception
reception @ area:A1                        |                         | assignedRights:write of assignedRights/r1 in - opening A1-vip | yes: role reception
reception @ area:A1                        |                         | assignedRights:write of assignedRights/r1 in - opening A1+A2 | no: granted elsewhere by role reception
reception @ park:P1                        |                         | assignedRights:write of assignedRights/r1 in - opening A1+B1 | no: granted elsewhere by role reception
reception @ park:P1                        |                         | assignedRights:write of assignedRights/r1 in - opening everywhere | no: granted elsewhere by role reception
reception @ park:P1                        |                         | assignedRights:write of assignedRights/r1 in - opening gone | no: granted elsewhere by role reception
reception @ park:P1                        |                         | holders:write of holders/h1 in - opening A1 B1 | yes: role reception
reception @ park:P1                        | holders:write @ park:P2 | holders:write of holders/h1 in - opening A1 B1 | no: denied
reception                                  | holders:write @ area:A1-vip | holders:write of holders/h1 in - opening A1 | no: denied
reception                                  | holders:write @ area:A1-vip | holders:write of holders/h1 in - opening A2 | yes: role reception
reception                                  | holders:write @ park:P2 | holders:write of holders/h1 in - opening everywhere | no: denied
user; record lanes/in: lanes:vend          |                         | lanes:vend at lane in   | yes: record lanes/in
user; record lanes/in: lanes:vend          |                         | lanes:vend at lane out  | no: granted elsewhere by record lanes/in
user; record lanes/bridge: lanes:vend      |                         | lanes:vend at lane bridge | yes: record lanes/bridge
reception                                  | lanes:vend @ record:lanes/in | lanes:vend at lane in | no: denied
reception                                  | lanes:vend @ record:lanes/in | lanes:vend at lane out | yes: role reception

# single records
user; record holders/h1: holders:read      |                         | holders:read of holders/h1 in G1 | yes: record holders/h1
user; record holders/h1: holders:read      |                         | holders:write of holders/h1 in G1 | no: not granted
user; record holders/h1: holders:read      |                         | holders:read of holders/h2 in G1 | no: granted elsewhere by record holders/h1
user; record holders/h1: holders:read      |                         | holders:read            | no: granted elsewhere by record holders/h1
user; record holders/h1: holders:read, holders:write |               | holders:write of holders/h1 in - | yes: record holders/h1
user; record holders/h1: holders:read      | holders:read @ group:G1 | holders:read of holders/h1 in G1 | no: denied
user; record holders/h1: holders:read      | holders:read @ group:G2 | holders:read of holders/h1 in G1 | yes: record holders/h1
reception                                  | holders:read @ record:holders/h1 | holders:read of holders/h1 in G1 | no: denied
reception                                  | holders:read @ record:holders/h1 | holders:read of holders/h2 in G1 | yes: role reception
reception                                  | holders:read @ record:holders/h1 | holders:read    | no: denied
`;

const ROWS = TABLE.split('\n')
	.filter((line) => line.trim() !== '' && !line.startsWith('#'))
	.map((line) => line.split('|').map((cell) => cell.trim()) as [string, string, string, string]);

test('the table is long enough to be read and to be believed', () => {
	expect(ROWS.length).toBeGreaterThanOrEqual(150);
	expect(new Set(ROWS.map((row) => row.join('|'))).size).toBe(ROWS.length);
});

describe('A9 permission = resource × verb × scope', () => {
	test.each(ROWS)('%s, denied: %s – %s? %s', (given, denied, asked, answer) => {
		const access = createAccess({ grants: parseGrants(given), denials: parseDenials(denied) }, PLACES);
		const { permission, place } = parseQuestion(asked);
		const told = access.explain(permission, place);
		expect(tell(told)).toBe(answer);
		expect(access.may(permission, place)).toBe(told.may);
	});
});

test('X11 every permission is the administrator’s, and of nobody else', () => {
	for (const permission of PERMISSIONS) {
		const holders = ROLES.filter((role) =>
			createAccess({ grants: parseGrants(role), denials: [] }, PLACES).may(permission),
		);
		expect(holders).toContain('administrator');
	}
	expect(createAccess({ grants: parseGrants('administrator'), denials: [] }, PLACES).everywhere()).toEqual(PERMISSIONS);
});

function parseGrants(text: string): readonly Grant[] {
	return text.split(';').flatMap((part) => {
		const [, kind, name, scope, list] = /^\s*(licence|group|record) (\S+?)(?: @ (\S+))?: (.*)$/.exec(part) ?? [];
		if (kind === undefined || name === undefined || list === undefined) return part.split(',').flatMap(roleGrant);
		const permissions = new Set(list.split(',').map((one) => permissionOf(one)));
		const where = kind === 'record' ? `record:${name}` : (scope ?? 'site');
		return [{ permissions, scope: scopeOf(where), source: sourceOf(kind, name) }];
	});
}

function roleGrant(text: string): readonly Grant[] {
	const [role = '', scope = 'site'] = text.trim().split(' @ ');
	const grant = grantOfRole(role, scopeOf(scope), undefined);
	return grant === undefined ? [] : [grant];
}

function sourceOf(kind: string, id: string): Grant['source'] {
	if (kind === 'licence') return { kind: 'licenceKind', id, name: id };
	return kind === 'group' ? { kind: 'group', id, name: id, roleId: 'reception' } : { kind: 'record', id, name: id };
}

function parseDenials(text: string): readonly Denial[] {
	if (text === '') return [];
	const [list = '', scope = 'site'] = text.split(' @ ');
	return list.split(',').map((one) => ({
		permission: permissionOf(one),
		scope: scopeOf(scope),
		source: { kind: 'operator' as const },
	}));
}

function parseQuestion(text: string): { permission: Permission; place: Place } {
	const [permission = '', ...rest] = text.split(/ (?:at|of) /);
	const [where, bundles] = rest;
	if (where === undefined) return { permission: permissionOf(permission), place: { kind: 'site' } };
	const record = /^(\S+) in (.*?)(?: opening (.*))?$/.exec(where);
	if (record !== null) {
		const groupIds = record[2] === '-' ? [] : (record[2] ?? '').split(' ');
		const opens = record[3]?.split(' ').map((areas) => (areas === 'everywhere' ? [] : areas.split('+'))) ?? [];
		const place = {
			kind: 'record',
			id: record[1] ?? '',
			groupIds,
			bundleIds: bundles?.split(' ') ?? [],
			opens,
		} as const;
		return { permission: permissionOf(permission), place };
	}
	const [kind, id = ''] = where.split(' ');
	if (kind !== 'park' && kind !== 'area' && kind !== 'lane') throw new Error(`no place: ${where}`);
	return { permission: permissionOf(permission), place: { kind, id } };
}

function tell(answer: ReturnType<ReturnType<typeof createAccess>['explain']>): string {
	if (answer.may) return `yes: ${answer.by.map(sourceWords).join(', ')}`;
	if (answer.because === 'denied') return 'no: denied';
	if (answer.elsewhere.length === 0) return 'no: not granted';
	return `no: granted elsewhere by ${answer.elsewhere.map(sourceWords).join(', ')}`;
}

function sourceWords({ source }: Grant): string {
	return `${source.kind === 'licenceKind' ? 'licence kind' : source.kind} ${source.name}`;
}

function permissionOf(text: string): Permission {
	const name = text.trim();
	if (!isPermission(name)) throw new Error(`no permission: ${name}`);
	return name;
}

function scopeOf(text: string) {
	const scope = parseScope(text);
	if (scope === undefined) throw new Error(`no scope: ${text}`);
	return scope;
}
