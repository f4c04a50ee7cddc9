import type { DirectoryChange, DirectoryEdits } from '../../src/gateway/services/directory/directory-edits.ts';

/** A small directory in which every table has rows that name each other. */
export function fillWithPeople(edits: DirectoryEdits, operatorId: string): void {
	const answer = edits.edit([...RULES, ...PEOPLE, ...BELONGINGS], { operatorId });
	if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems.slice(0, 3)));
}

const create = (table: DirectoryChange['table'], rows: readonly Readonly<Record<string, unknown>>[]) =>
	rows.map((row): DirectoryChange => ({ op: 'create', table, row }));

const ALWAYS = { validFromMs: null, validToMs: null };

const RULES = [
	...create('schedules', [
		{
			id: 'office',
			name: 'Office hours',
			periods: [
				{ days: [1, 2, 3, 4, 5], from: '07:00', to: '19:00' },
				{ days: [5, 6], from: '22:00', to: '02:00' },
			],
			specialDays: [
				{ date: '2026-07-21', name: 'National holiday', periods: [] },
				{ date: '2026-12-24', name: 'Christmas Eve', periods: [{ from: '07:00', to: '12:00' }] },
			],
		},
	]),
	...create('rightSpecifications', [
		{ id: 'staff', name: 'Staff', strategy: 'firstCome', areaIds: [], scheduleId: 'office' },
		{
			id: 'board',
			name: 'Board',
			strategy: 'preferential',
			areaIds: ['A1-vip'],
			scheduleId: null,
			maxStayMin: 720,
			priceMinor: 250,
			currency: 'EUR',
		},
		{ id: 'booked', name: 'Flexible places', strategy: 'booking', areaIds: ['A1'], scheduleId: null },
	]),
	...create('groups', [
		{ id: 'acme', name: 'Acme', kind: 'company', capacity: 40, tags: ['tenant'] },
		{ id: 'acme-it', name: 'Acme IT', kind: 'company', parentId: 'acme' },
		{ id: 'pool-cars', name: 'Pool cars', kind: 'sharing' },
	]),
	...create('bundles', [{ id: 'b-staff', name: 'Staff bundle', tag: 'staff', specificationIds: ['staff'] }]),
	...create('holders', [
		{ id: 'org', kind: 'organisation', name: 'Acme Belgium', email: 'desk@acme.example', status: 'active' },
	]),
	...create('pools', [{ id: 'p-acme', name: 'Acme places', capacity: 25, areaId: 'A1', holderId: 'org' }]),
];

const NAMES = [
	'Anna Peeters',
	'Bram Claes',
	'Chloé Dubois',
	'Daan Willems',
	'Élise Lambert',
	'Fatima El Amrani',
	'Gert Jacobs',
	'Hanne Maes',
	'Ibrahim Diallo',
	'Julie Lefèvre',
	'Karel Mertens',
	'Lotte Goossens',
];

/** More than a form lists: these are searched. */
const CROWD = Array.from({ length: 50 }, (_, place) => `Visitor ${String(place + 1).padStart(3, '0')}`);

const PEOPLE = [
	...create(
		'holders',
		NAMES.map((name, place) => ({
			id: `h${place}`,
			kind: 'person',
			name,
			email: `${name.split(' ')[0]?.toLowerCase()}@acme.example`,
			status: place === 3 ? 'inactive' : place === 5 ? 'blocked' : 'active',
			phone: place === 0 ? '+32 475 12 34 56' : null,
			language: place % 2 === 0 ? 'nl' : 'fr',
			organisationId: 'org',
			groupIds: place < 4 ? ['acme-it'] : ['acme'],
			tags: place < 3 ? ['staff'] : [],
			note: place === 0 ? 'Comes by bicycle in summer.\nHas a second car.' : null,
		})),
	),
	...create(
		'holders',
		CROWD.map((name, place) => ({ id: `n${place}`, kind: 'person', name, email: null, status: 'active' })),
	),
	...create('holders', [
		{
			id: 'v1',
			kind: 'vehicle',
			name: 'Pool car 1',
			email: null,
			status: 'active',
			make: 'Renault',
			model: 'Zoe',
			colour: 'white',
			sharingGroupId: 'pool-cars',
		},
	]),
];

const BELONGINGS = [
	...create(
		'credentials',
		NAMES.flatMap((_, place) => [
			{
				id: `c${place}`,
				holderId: `h${place}`,
				kind: 'plate',
				value: `1ABC${100 + place}`,
				label: `1-ABC-${100 + place}`,
				state: place === 7 ? 'stolen' : 'active',
				...ALWAYS,
			},
			{
				id: `t${place}`,
				holderId: `h${place}`,
				kind: 'tag',
				value: `0F03685${600 + place}`.padEnd(10, '0'),
				label: null,
				state: place === 2 ? 'lost' : 'active',
				...ALWAYS,
			},
		]),
	),
	...create('assignedRights', [
		{ id: 'r0', holderId: 'h0', specificationId: 'booked', state: 'active', ...ALWAYS },
		{ id: 'r1', holderId: 'h1', specificationId: 'board', state: 'active', poolId: 'p-acme', ...ALWAYS },
		{
			id: 'r4',
			holderId: 'h4',
			specificationId: 'board',
			state: 'suspended',
			validFromMs: Date.UTC(2026, 0, 1),
			validToMs: Date.UTC(2026, 11, 31, 23),
		},
	]),
	...create('plannedUses', [
		{
			id: 'u1',
			holderId: 'h0',
			rightId: 'r0',
			areaId: 'A1',
			startMs: Date.UTC(2026, 5, 16, 8),
			endMs: Date.UTC(2026, 5, 16, 16),
		},
	]),
];
