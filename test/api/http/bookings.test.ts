import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpSite, type SignedIn } from '../../support/http-site.ts';

const site = createHttpSite();
let reception: SignedIn;
const always = { validFromMs: null, validToMs: null };
const dayMs = () => Math.ceil(site.bench.clock.nowMs() / 86_400_000) * 86_400_000;
const at = (hour: number) => new Date(dayMs() + hour * 3_600_000).toISOString();

beforeAll(async () => {
	reception = await site.signIn('reception');
	const create = (table: string, row: object) => ({ op: 'create', table, row }) as never;
	const person = { kind: 'person', email: null, status: 'active' };
	const answer = site.services.edits.edit(
		[
			create('rightSpecifications', {
				id: 'booked',
				name: 'Booked',
				strategy: 'booking',
				areaIds: [],
				scheduleId: null,
			}),
			create('groups', { id: 'fleet', name: 'Fleet', kind: 'sharing' }),
			create('holders', { ...person, id: 'anna', name: 'Anna', groupIds: ['fleet'] }),
			create('holders', { ...person, id: 'car', kind: 'vehicle', name: 'Pool car', sharingGroupId: 'fleet' }),
			create('assignedRights', { id: 'r1', holderId: 'anna', specificationId: 'booked', state: 'active', ...always }),
		],
		{ operatorId: 'op' },
	);
	if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
});
afterAll(() => site.close());

describe('N5: bookings over HTTP', () => {
	const booking = () => ({
		...{ kind: 'booking', holderId: 'anna', rightId: 'r1', areaId: 'A1', vehicleId: 'car' },
		...{ startMs: Date.parse(at(9)), endMs: Date.parse(at(11)) },
	});
	const span = () => `from=${encodeURIComponent(at(8))}&to=${encodeURIComponent(at(12))}`;

	test('are made once; a second one of the same right is refused with its reason', async () => {
		const { startMs, endMs, ...rest } = booking();
		const body = { ...rest, start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
		const made = await reception.post('/api/v1/planned-uses', body);
		expect(await made.text()).toContain('"planned"');
		expect(made.status).toBe(201);
		const second = await reception.post('/api/v1/planned-uses', body);
		expect(second.status).toBe(409);
		expect(await second.text()).toContain('conflict');
	});

	test('tell when places of an area, and a vehicle, are free', async () => {
		const area = await reception.get(`/api/v1/availability?area=A1&${span()}`);
		expect(area.status).toBe(200);
		const { items } = (await area.json()) as { items: { from: string; booked: number }[] };
		expect(items.map(({ booked }) => booked)).toEqual([0, 1, 0]);
		expect(Date.parse(items[1]?.from ?? '')).toBe(Date.parse(at(8.75)));
		const vehicle = await reception.get(`/api/v1/vehicles/car/availability?${span()}`);
		const { busy, free } = (await vehicle.json()) as Record<string, { from: string; to: string }[]>;
		expect(busy?.map(({ from, to }) => [Date.parse(from), Date.parse(to)])).toEqual([
			[Date.parse(at(9)), Date.parse(at(11))],
		]);
		expect(free).toHaveLength(2);
	});

	test('name what is not there, and spans that are none', async () => {
		expect((await reception.get(`/api/v1/availability?area=nowhere&${span()}`)).status).toBe(404);
		expect((await reception.get(`/api/v1/vehicles/anna/availability?${span()}`)).status).toBe(404);
		const backwards = `from=${encodeURIComponent(at(8))}&to=${encodeURIComponent(at(7))}`;
		expect((await reception.get(`/api/v1/availability?area=A1&${backwards}`)).status).toBe(400);
		expect((await site.request(`/api/v1/availability?area=A1&${span()}`)).status).toBe(401);
	});
});
