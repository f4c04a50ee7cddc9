import type { DirectoryChange, DirectoryEdits } from '../../src/gateway/services/directory/directory-edits.ts';

const ALWAYS = { validFromMs: null, validToMs: null };
const AT_ANY_TIME = { areaIds: ['A1'], scheduleId: null };

/** Of each of the two, so that what is one's is easily told from what is the other's. */
function personRows(id: 'ann' | 'bob', name: string, plate: string): readonly (readonly [string, object])[] {
	return [
		[
			'holders',
			{ id, kind: 'person', name, email: `${id}@people.example`, status: 'active', groupIds: [`fleet-${id}`] },
		],
		[
			'credentials',
			{ id: `${id}-plate`, holderId: id, kind: 'plate', value: plate, label: null, state: 'active', ...ALWAYS },
		],
		[
			'credentials',
			{
				id: `${id}-qr`,
				holderId: id,
				kind: 'qr',
				value: `secret-code-of-${id}`,
				label: null,
				state: 'active',
				...ALWAYS,
			},
		],
		['assignedRights', { id: `${id}-booked`, holderId: id, specificationId: 'booked', state: 'active', ...ALWAYS }],
		[
			'assignedRights',
			{ id: `${id}-kept`, holderId: id, specificationId: 'kept', state: 'active', poolId: 'pool', ...ALWAYS },
		],
		[
			'holders',
			{
				id: `car-${id}`,
				kind: 'vehicle',
				name: `Car of ${name}`,
				email: null,
				status: 'active',
				sharingGroupId: `fleet-${id}`,
			},
		],
	];
}

/** Ann and Bob, who have the same and share nothing but a pool: a plate, a code, rights to book and with a kept place, a shared car. */
export function addAnnAndBob(edits: Pick<DirectoryEdits, 'edit'>): void {
	const rows: readonly (readonly [string, object])[] = [
		['rightSpecifications', { id: 'booked', name: 'By booking', strategy: 'booking', ...AT_ANY_TIME }],
		['rightSpecifications', { id: 'kept', name: 'A place of my own', strategy: 'preferential', ...AT_ANY_TIME }],
		['rightSpecifications', { id: 'guests', name: 'Guests', strategy: 'visitor', ...AT_ANY_TIME }],
		['groups', { id: 'fleet-ann', name: 'Fleet A', kind: 'sharing' }],
		['groups', { id: 'fleet-bob', name: 'Fleet B', kind: 'sharing' }],
		['pools', { id: 'pool', name: 'Second floor', capacity: 2 }],
		...personRows('ann', 'Ann Peeters', '1ANN111'),
		...personRows('bob', 'Bob Maes', '2BOB222'),
	];
	const changes = rows.map(([table, row]) => ({ op: 'create', table, row }) as DirectoryChange);
	const answer = edits.edit(changes, { operatorId: null });
	if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
}
