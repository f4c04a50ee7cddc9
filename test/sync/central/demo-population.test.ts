import { describe, expect, it } from 'vitest';
import { decideAccess } from '../../../src/gateway/core/access/decide-access.ts';
import type { PresentedFact } from '../../../src/gateway/core/access/facts.ts';
import { DIRECTORY_TABLES, type DirectoryRow, type DirectoryTable } from '../../../src/gateway/core/directory.ts';
import { plateSkeleton } from '../../../src/gateway/core/plate.ts';
import { card26 } from '../../../src/sync/central/demo-people.ts';
import { type DemoVisitor, demoPopulation } from '../../../src/sync/central/demo-population.ts';
import { facts, TUESDAY_10H } from '../../support/access-facts.ts';

const options = { seed: 1, people: 1_000, nowMs: TUESDAY_10H, timeZone: 'Europe/Brussels', reservedAreaId: 'A1-vip' };
const population = demoPopulation(options);

function rowsOf<T extends DirectoryTable>(table: T): DirectoryRow<T>[] {
	return [...population.people, ...population.access]
		.filter((op) => op.table === table)
		.map((op) => DIRECTORY_TABLES[table].row.parse(op.row) as DirectoryRow<T>);
}

function decide(visitor: DemoVisitor) {
	const holders = rowsOf('holders');
	const presented = rowsOf('credentials')
		.filter(({ value }) => value === visitor.tag || value === visitor.plate)
		.map((credential): PresentedFact => {
			const holder = holders.find(({ id }) => id === credential.holderId) ?? null;
			const kind = credential.kind === 'tag' ? 'tag' : 'plate';
			const match = { how: 'exact', credential, holder } as const;
			return {
				observationId: credential.id,
				deviceId: 'd',
				kind,
				value: credential.value,
				confidence: 1,
				reads: 1,
				match,
			};
		});
	const rights = rowsOf('assignedRights')
		.filter(({ holderId }) => presented.some(({ match }) => match.how === 'exact' && match.holder?.id === holderId))
		.map((right) => {
			const specification = rowsOf('rightSpecifications').find(({ id }) => id === right.specificationId) ?? null;
			const schedule = rowsOf('schedules').find(({ id }) => id === specification?.scheduleId) ?? null;
			return { right, specification, schedule };
		});
	const { outcome, headline } = decideAccess(facts({ presented, rights }));
	return outcome === 'granted' ? 'granted' : headline;
}

describe('the demo’s people', () => {
	it('are 1,000 whose rows fit the directory, the same for the same seed and others for another', () => {
		expect(population.people).toHaveLength(1_000);
		for (const { table, key, row } of [...population.people, ...population.access])
			expect(DIRECTORY_TABLES[table as DirectoryTable].row.parse(row)).toMatchObject({ id: key });
		expect(demoPopulation(options)).toEqual(population);
		expect(demoPopulation({ ...options, seed: 2 }).access).not.toEqual(population.access);
	});

	it('every outcome of the first rules is among them, and each visitor meets the one it is marked with', () => {
		const expected = new Set(population.visitors.map((visitor) => visitor.expected));
		expect([...expected].toSorted()).toEqual([
			'CREDENTIAL_DISABLED',
			'CREDENTIAL_EXPIRED',
			'CREDENTIAL_LOST',
			'CREDENTIAL_NOT_STARTED',
			'CREDENTIAL_STOLEN',
			'HOLDER_BLOCKED',
			'HOLDER_INACTIVE',
			'NO_RIGHT',
			'OUTSIDE_SCHEDULE',
			'PLATE_TAG_MISMATCH',
			'RIGHT_EXPIRED',
			'RIGHT_NOT_STARTED',
			'RIGHT_SUSPENDED',
			'SPECIAL_DAY',
			'WRONG_AREA',
			'granted',
		]);
		for (const outcome of expected) {
			const some = population.visitors.filter((visitor) => visitor.expected === outcome).slice(0, 4);
			for (const visitor of some) expect([visitor.name, decide(visitor)]).toEqual([visitor.name, outcome]);
		}
	});

	it('most may come in', () => {
		const granted = population.visitors.filter(({ expected }) => expected === 'granted').length;
		expect(granted / population.visitors.length).toBeGreaterThan(0.65);
	});

	it('carry tags and plates no two of which are alike to a reader or a camera', () => {
		const values = rowsOf('credentials').map(({ kind, value }) => (kind === 'plate' ? plateSkeleton(value) : value));
		expect(new Set(values).size).toBe(values.length);
	});

	it('carry cards with the parity of H10301', () => {
		expect(card26(53, 48_062)).toEqual({ value: '26:9ADDDF00', label: 'H10301 FC 53 CN 48062' });
	});
});
