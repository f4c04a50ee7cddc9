import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { HOUR_MS } from '../../support/visitors-bench.ts';

const BY = { operatorId: 'op-1' };

let site: HttpSite;
let reception: SignedIn;
beforeEach(async () => {
	site = createHttpSite();
	reception = await site.signIn('reception');
	site.services.visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY);
});
afterEach(() => site.close());

const at = (hours: number) => new Date(site.bench.clock.nowMs() + hours * HOUR_MS).toISOString();
const body = (change: object = {}) => ({
	...{ name: 'Jan Maes', credential: { kind: 'plate', value: '1-ABC-234' }, validTo: at(2) },
	...change,
});

interface Visit {
	readonly id: string;
	readonly state: string;
	readonly credential: { readonly kind: string; readonly value: string | null; readonly label: string | null };
	readonly validTo: string;
	readonly madeBy?: { readonly operatorId: string };
}

async function made(change: object = {}): Promise<Visit> {
	const answer = await reception.post('/api/v1/visitors', body(change));
	expect(answer.status).toBe(201);
	return (await answer.json()) as Visit;
}

async function get<T>(path: string, who = reception): Promise<T> {
	const answer = await who.get(path);
	expect(answer.status).toBe(200);
	return (await answer.json()) as T;
}

describe('X6 visitors over HTTP', () => {
	test('are made, listed, and say who made them; times carry the site’s offset', async () => {
		const visit = await made({ language: 'nl' });
		expect(visit).toMatchObject({ name: 'Jan Maes', state: 'now', credential: { value: '1ABC234' }, language: 'nl' });
		expect(visit.validTo).toMatch(/\+0[12]:00$/);
		const { items } = await get<{ items: Visit[] }>('/api/v1/visitors');
		expect(items.map(({ id }) => id)).toEqual([visit.id]);
		expect((await get<{ items: Visit[] }>('/api/v1/visitors?when=coming')).items).toEqual([]);
		expect((await get<{ items: Visit[] }>('/api/v1/visitors?when=past&q=maes')).items).toHaveLength(1);
		const one = await get<Visit>(`/api/v1/visitors/${visit.id}`);
		expect(one.madeBy).toMatchObject({ operatorId: reception.operatorId });
	});

	test('are made once by requests of one Idempotency-Key', async () => {
		const send = () => reception.post('/api/v1/visitors', body(), { 'idempotency-key': 'k1' });
		const [first, second] = [await send(), await send()];
		expect(await second.json()).toEqual(await first.json());
	});

	test('are extended, blocked, unblocked and ended', async () => {
		const { id } = await made();
		const act = async (verb: string, sent: object = {}) =>
			(await (await reception.post(`/api/v1/visitors/${id}/${verb}`, sent)).json()) as Visit & { visit: Visit };
		expect(Date.parse((await act('extend', { validTo: at(5) })).validTo)).toBe(Date.parse(at(5)));
		expect((await act('block')).state).toBe('blocked');
		expect((await act('unblock')).state).toBe('now');
		site.bench.clock.advance(1);
		expect(await act('end')).toMatchObject({ result: 'ended', visit: { state: 'over' } });
	});

	test('who have not come yet are cancelled', async () => {
		const { id } = await made({ validFrom: at(1) });
		const answer = await reception.post(`/api/v1/visitors/${id}/end`, {});
		expect(await answer.json()).toEqual({ result: 'cancelled', visit: null });
		expect((await reception.get(`/api/v1/visitors/${id}`)).status).toBe(404);
	});

	test.each<[string, object, number, string, string]>([
		['a plate that is none', { credential: { kind: 'plate', value: '—' } }, 422, 'body.credential', 'invalidPlate'],
		['an end in the past', { validTo: '2020-01-01T00:00:00Z' }, 422, 'body.validTo', 'endsInThePast'],
		['no kind of visit of that id', { specificationId: 'x' }, 422, 'body.specificationId', 'unknownSpecification'],
		['a host there is not', { hostId: 'nobody' }, 422, 'body.hostId', 'unknownReference'],
	])('with %s are refused with the place and how to mend it', async (_what, change, status, path, code) => {
		const answer = await reception.post('/api/v1/visitors', body(change));
		expect(answer.status).toBe(status);
		const { errors } = (await answer.json()) as { errors: { path: string; code: string; mend: string }[] };
		expect(errors).toMatchObject([{ path, code }]);
		expect(errors[0]?.mend).not.toBe('');
	});

	test('are not made twice by one plate', async () => {
		await made();
		const answer = await reception.post('/api/v1/visitors', body({ name: 'Els' }));
		expect(answer.status).toBe(409);
		expect(await answer.json()).toMatchObject({ code: 'VISIT_REFUSED', errors: [{ code: 'alreadyVisiting' }] });
	});

	test('show the code that opens only to who may make such ones', async () => {
		const { id, credential } = await made({ credential: { kind: 'qr' } });
		expect(credential.value).toMatch(/^[\w-]{22}$/);
		const technician = await site.signIn('technician');
		const seen = await get<Visit>(`/api/v1/visitors/${id}`, technician);
		expect(seen.credential).toMatchObject({ value: null, label: credential.label });
		expect((await technician.post('/api/v1/visitors', body())).status).toBe(403);
	});
});

describe('enrolments over HTTP', () => {
	interface Enrolment {
		readonly id: string;
		readonly state: string;
	}
	const open = async (device: string) => reception.post('/api/v1/enrolments', { device });

	test('wait at a reader and are cancelled', async () => {
		const answer = await open('reader-1');
		expect(answer.status).toBe(201);
		const { id, ...enrolment } = (await answer.json()) as Enrolment;
		expect(enrolment).toMatchObject({ state: 'waiting', tag: null, expiresAt: expect.stringMatching(/\+0[12]:00$/) });
		expect((await get<{ items: Enrolment[] }>('/api/v1/enrolments')).items).toHaveLength(1);
		const cancelled = await reception.post(`/api/v1/enrolments/${id}/cancel`, {});
		expect(await cancelled.json()).toMatchObject({ id, state: 'cancelled' });
		expect(await get<Enrolment>(`/api/v1/enrolments/${id}`)).toMatchObject({ state: 'cancelled' });
	});

	test('end with the login of who waits', async () => {
		const { id } = (await (await open('reader-1')).json()) as Enrolment;
		await reception.post('/api/v1/logout', {});
		const administrator = await site.signIn('administrator');
		expect(await get<Enrolment>(`/api/v1/enrolments/${id}`, administrator)).toMatchObject({ state: 'signedOut' });
	});

	test('are one at a reader, and at readers only', async () => {
		await open('reader-1');
		const administrator = await site.signIn('administrator');
		const busy = await administrator.post('/api/v1/enrolments', { device: 'reader-1' });
		expect([busy.status, ((await busy.json()) as { code: string }).code]).toEqual([409, 'READER_BUSY']);
		expect((await open('nothing')).status).toBe(404);
		expect((await reception.get('/api/v1/enrolments/none')).status).toBe(404);
	});

	test('are not for security', async () => {
		const security = await site.signIn('security');
		expect((await security.post('/api/v1/enrolments', { device: 'reader-1' })).status).toBe(403);
	});
});
