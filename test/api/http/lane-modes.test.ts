import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiSite, createApiSite } from '../../support/api-site.ts';
import { createHttpSite, LANE, type SignedIn } from '../../support/http-site.ts';
import { annasRows } from '../../support/site-bench.ts';

let site: ApiSite;
let security: SignedIn;
beforeEach(async () => {
	site = await createApiSite();
	await site.give(annasRows());
	for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false);
	security = await site.signIn('security');
});
afterEach(() => site.close());

async function change(verb: string, body: object = { reason: 'moving van' }, by = security, headers = {}) {
	const answer = await site.answered(by.post(`/api/v1/lanes/${verb}`, body, headers));
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const modeChanges = () => site.journal().filter((entry) => entry.type === 'lane' && entry.event === 'modeChanged');
const lane = async (id = 'L1') =>
	(await security.get(`/api/v1/lanes/${id}`)).json() as Promise<Record<string, unknown>>;
async function drivesUp(): Promise<string | null | undefined> {
	site.input('arming', true);
	site.tag('A1');
	await site.settle();
	return site.accessLog.list({}).items[0]?.headline;
}

describe('holding a lane open', () => {
	test('keeps the hold output on, with owner, reason and end, until it is released', async () => {
		const held = await change('L1/hold', { reason: ' moving van ', until: '2026-06-16T12:00:00+02:00' });
		expect(held).toEqual({
			status: 200,
			body: {
				result: 'changed',
				mode: {
					kind: 'heldOpen',
					ownerId: security.operatorId,
					reason: 'moving van',
					since: expect.stringMatching(/^2026-06-16T10:00:00\.\d{3}\+02:00$/),
					until: '2026-06-16T12:00:00.000+02:00',
					confirmed: true,
				},
			},
		});
		expect(site.holds).toEqual([{ output: 'hold', on: true, deviceId: 'boom-1' }]);
		expect(await lane()).toMatchObject({ phase: 'heldOpen', canHold: true, mode: { reason: 'moving van' } });
		expect(await change('L1/release', { reason: 'van has left' })).toMatchObject({
			body: { mode: { kind: 'normal' } },
		});
		// The drive gets its time between up and down.
		site.clock.advance(2_000);
		expect(site.holds.at(-1)).toMatchObject({ on: false });
		const operator = security.operatorId;
		expect(modeChanges()).toMatchObject([
			{ detail: { from: 'normal', to: 'heldOpen', operator, reason: 'moving van' } },
			{ detail: { from: 'heldOpen', to: 'normal', operator, reason: 'van has left' } },
		]);
	});

	test('ends by itself at its end', async () => {
		await change('L1/hold', { reason: 'moving van', until: '2026-06-16T10:05:00+02:00' });
		site.clock.advance(300_000);
		expect(site.holds.at(-1)).toMatchObject({ on: false });
		expect(await lane()).toMatchObject({ mode: { kind: 'normal' } });
	});

	test('of before a restart acts again only when it is confirmed', async () => {
		await change('L1/hold');
		const { dir } = site;
		await site.crash();
		site = await createApiSite({ dir });
		security = await site.signIn('security');
		expect(site.holds).toEqual([]);
		expect(await lane()).toMatchObject({ mode: { kind: 'heldOpen', confirmed: false } });
		expect(await change('L1/confirm-hold', { reason: 'still moving' })).toMatchObject({ status: 200 });
		expect(site.holds).toMatchObject([{ on: true }]);
	});
});

describe('closing and locking down', () => {
	test('a closed lane refuses everybody, and a vend, until it is released', async () => {
		await change('L1/close', { reason: 'works' });
		expect(await drivesUp()).toBe('LANE_CLOSED');
		const vend = await site.answered(security.post('/api/v1/lanes/L1/vend', { reason: 'visitor' }));
		expect(await vend.json()).toMatchObject({ status: 409, code: 'VEND_REFUSED', because: 'closed' });
		await change('L1/release', { reason: 'works done' });
		site.input('arming', false);
		site.clock.advance(10_000);
		expect(await drivesUp()).toBeNull();
	});

	test('a lockdown is ended by its owner or an administrator, by nobody else', async () => {
		const administrator = await site.signIn('administrator');
		expect(await change('L1/lockdown', { reason: 'alarm' }, administrator)).toMatchObject({ status: 200 });
		expect(await drivesUp()).toBe('LOCKDOWN');
		for (const verb of ['release', 'close', 'hold']) {
			const refused = await change(`L1/${verb}`, { reason: 'lift it' });
			expect(refused).toMatchObject({ status: 403, body: { because: 'needsAdministrator' } });
		}
		expect(await change('L1/release', { reason: 'all clear' }, administrator)).toMatchObject({ status: 200 });
		await change('L1/lockdown', { reason: 'alarm' });
		expect(await change('L1/release', { reason: 'all clear' })).toMatchObject({ status: 200 });
	});

	test('reception may hold, but neither closes nor reopens', async () => {
		const reception = await site.signIn('reception');
		expect(await change('L1/close', { reason: 'works' }, reception)).toMatchObject({ status: 403 });
		await change('L1/close', { reason: 'works' });
		for (const verb of ['release', 'hold', 'confirm-hold']) {
			expect(await change(`L1/${verb}`, { reason: 'guest' }, reception)).toMatchObject({
				status: 403,
				body: { code: 'FORBIDDEN' },
			});
		}
		expect(await lane()).toMatchObject({ mode: { kind: 'closedToAll' } });
		await change('L1/release', { reason: 'works done' });
		expect(await change('L1/hold', { reason: 'guests' }, reception)).toMatchObject({ status: 200 });
	});

	test('an exit stays open to all, unless it is strict and an administrator closes it', async () => {
		const administrator = await site.signIn('administrator');
		const plain = await change('L2/close', { reason: 'works' }, administrator);
		expect(plain).toMatchObject({ status: 409, body: { code: 'LANE_CHANGE_REFUSED', because: 'exitNotStrict' } });
		expect(await change('L3/lockdown', { reason: 'works' })).toMatchObject({
			status: 403,
			body: { because: 'needsAdministrator' },
		});
		expect(await change('L3/lockdown', { reason: 'works' }, administrator)).toMatchObject({ status: 200 });
	});
});

describe('a change that can not be', () => {
	test.each([
		['a hold without a hold output', 'L2/hold', { reason: 'x' }, 409, { because: 'noHoldOutput' }],
		['nothing to confirm', 'L1/confirm-hold', { reason: 'x' }, 409, { because: 'nothingToConfirm' }],
		[
			'an end in the past',
			'L1/close',
			{ reason: 'x', until: '2026-06-16T09:00:00+02:00' },
			400,
			{
				because: 'endsInThePast',
			},
		],
		['an unknown lane', 'L9/close', { reason: 'x' }, 404, { code: 'NOT_FOUND' }],
		['no reason', 'L1/close', {}, 400, { errors: [{ path: 'body.reason' }] }],
		[
			'an end without its offset',
			'L1/close',
			{ reason: 'x', until: '2026-06-16T12:00:00' },
			400,
			{
				errors: [{ path: 'body.until', mend: expect.stringContaining('RFC 3339') }],
			},
		],
		['an end of a release', 'L1/release', { reason: 'x', until: null }, 400, { errors: [{ path: 'body' }] }],
	])('%s is refused and changes nothing', async (_title, path, body, status, expected) => {
		expect(await change(path, body)).toMatchObject({ status, body: expected });
		expect(modeChanges()).toEqual([]);
		expect(site.holds).toEqual([]);
	});

	test('that could not be journalled is a failure, not a refusal', async () => {
		const lanes = {
			list: () => [LANE],
			get: () => LANE,
			vend: () => Promise.reject(new Error('not asked')),
			changeMode: () => Promise.resolve({ result: 'refused', because: 'storeFailure' } as const),
		};
		const broken = createHttpSite({ lanes });
		const administrator = await broken.signIn('administrator');
		const answer = await administrator.post('/api/v1/lanes/L1/close', { reason: 'works' });
		expect(await answer.json()).toMatchObject({ status: 503, because: 'storeFailure' });
		broken.close();
	});

	test('sent again with its key happens once', async () => {
		const headers = { 'idempotency-key': 'close-1' };
		const first = await change('L1/close', { reason: 'works' }, security, headers);
		expect(await change('L1/close', { reason: 'works' }, security, headers)).toEqual(first);
		expect(modeChanges()).toHaveLength(1);
	});
});
