import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { VendAnswer } from '../../../src/gateway/services/lanes/lane-view.ts';
import { aLaneView, type ConsoleSite, createConsoleSite, LANES, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let reception: Visitor;
beforeEach(async () => {
	site = createConsoleSite();
	reception = await site.signIn('reception');
});
afterEach(() => site.close());

async function intention(): Promise<string> {
	const html = await reception.page('/lanes/L1/vend');
	return /name="intention" value="([^"]+)"/.exec(html)?.[1] ?? 'none';
}

/** Sends the form and follows to its answer, as a browser does. */
async function vend(fields: Record<string, string>, headers: Record<string, string> = {}): Promise<string> {
	const sent = await reception.post('/lanes/L1/vend', { intention: await intention(), ...fields }, headers);
	expect(sent.status).toBe(303);
	return reception.page(sent.headers.get('location') ?? '', headers);
}

describe('opening by hand', () => {
	test('opens once with the reason in the operator’s words, and says what the device confirmed', async () => {
		const html = await vend({ reason: 'delivery', detail: ' Postman ' });
		expect(site.vends).toEqual([
			{ laneId: 'L1', operatorId: reception.operatorId, reason: 'Delivery or service: Postman' },
		]);
		expect(html).toContain('The barrier was opened');
		expect(html).toContain('role="alert"');
	});

	test('needs a reason, and words for “Other”', async () => {
		const bare = await reception.post('/lanes/L1/vend', { intention: await intention() });
		expect(bare.status).toBe(422);
		expect(await bare.text()).toContain('Choose a reason.');
		const other = await reception.post('/lanes/L1/vend', {
			intention: await intention(),
			reason: 'other',
			detail: '  ',
		});
		expect(other.status).toBe(422);
		const html = await other.text();
		expect(html).toContain('Say why in a few words.');
		expect(html).toMatch(/value="other"[^>]* checked/);
		expect(site.vends).toEqual([]);
		await vend({ reason: 'other', detail: 'Lost her tag' });
		expect(site.vends.map(({ reason }) => reason)).toEqual(['Lost her tag']);
	});

	test('keeps the reason within what a reason may be', async () => {
		const long = 'x'.repeat(LIMITS.reasonLength);
		const answer = await reception.post('/lanes/L1/vend', {
			intention: await intention(),
			reason: 'other',
			detail: long,
		});
		expect(answer.status).toBe(422);
		await vend({ reason: 'announced', detail: 'x'.repeat(400) });
		expect(site.vends[0]?.reason.length).toBeLessThanOrEqual(LIMITS.reasonLength);
	});

	test('sent twice, reloaded or double-clicked opens once, and both senders get the one answer', async () => {
		const fields = { intention: await intention(), reason: 'announced' };
		let open = (_: VendAnswer) => {};
		site.answerVend = () => new Promise((resolve) => (open = resolve));
		const both = [reception.post('/lanes/L1/vend', fields), reception.post('/lanes/L1/vend', fields)];
		while (site.vends.length === 0) await new Promise((resolve) => setImmediate(resolve));
		open({ result: 'opened', vendId: 'v-1' });
		const [first, second] = await Promise.all(both);
		expect(first?.headers.get('location')).toBe(second?.headers.get('location'));
		await reception.post('/lanes/L1/vend', fields);
		const result = first?.headers.get('location') ?? '';
		expect(await reception.page(result)).toContain('The barrier was opened');
		expect(await reception.page(result)).toContain('The barrier was opened');
		expect(site.vends).toHaveLength(1);
	});

	test('a new form is a new opening', async () => {
		await vend({ reason: 'announced' });
		await vend({ reason: 'announced' });
		expect(site.vends).toHaveLength(2);
	});

	test('the answer belongs to who asked', async () => {
		const sent = await reception.post('/lanes/L1/vend', { intention: await intention(), reason: 'announced' });
		const other = await site.signIn('administrator');
		expect(await other.page(sent.headers.get('location') ?? '')).toContain('The result is no longer known here');
	});

	test('warns when nobody stands on the loop', async () => {
		expect(await reception.page('/lanes/L1/vend')).toContain('There is no vehicle on the loop now');
		const [north] = LANES;
		if (north) site.lanes.set('L1', aLaneView(north, { vehiclePresent: true }));
		expect(await reception.page('/lanes/L1/vend')).not.toContain('There is no vehicle on the loop now');
	});

	const answers: readonly (readonly [VendAnswer, readonly string[]])[] = [
		[{ result: 'refused', because: 'noVehicle' }, ['The barrier was not opened', 'No vehicle stands on the loop']],
		[{ result: 'refused', because: 'busy' }, ['The barrier was not opened', 'already opening']],
		[{ result: 'refused', because: 'noBarrier' }, ['The barrier was not opened', 'no barrier']],
		[{ result: 'refused', because: 'heldOpen' }, ['The barrier was not opened', 'held open']],
		[{ result: 'refused', because: 'closed' }, ['The barrier was not opened', 'lane is closed']],
		[{ result: 'refused', because: 'storeFailure' }, ['The barrier was not opened', 'could not write']],
		[{ result: 'failed', vendId: 'v', problem: 'Exception 4' }, ['The barrier did not open', 'Exception 4']],
		[{ result: 'expired', vendId: 'v', problem: 'late' }, ['so nothing was sent', 'late']],
		[{ result: 'unknown', vendId: 'v', problem: 'silent' }, ['It is not known whether', 'never repeated', 'silent']],
	];
	test.each(answers)('says plainly what came of it: %o', async (answer, said) => {
		site.answerVend = async () => answer;
		const html = await vend({ reason: 'announced' });
		for (const words of said) expect(html).toContain(words);
		expect(html).toContain('Try again');
		expect(html).not.toContain('was opened<');
	});

	test('in the dialog comes as a part, on its own as a page', async () => {
		const part = await reception.page('/lanes/L1/vend', { 'hx-request': 'true' });
		expect(part).not.toContain('<html');
		expect(part).toContain('id="dialog-title"');
		expect(part).toContain('hx-post="/lanes/L1/vend"');
		const page = await reception.page('/lanes/L1/vend');
		expect(page).toContain('<html');
		expect(page).not.toContain('hx-post');
		expect(await vend({ reason: 'announced' }, { 'hx-request': 'true' })).not.toContain('<html');
	});

	test('a lane that is gone and a form that was tampered with open nothing', async () => {
		expect((await reception.post('/lanes/L9/vend', { intention: 'x', reason: 'announced' })).status).toBe(404);
		for (const bad of ['', '../x', 'x'.repeat(65)]) {
			const answer = await reception.post('/lanes/L1/vend', { intention: bad, reason: 'announced' });
			expect(answer.status).toBe(400);
		}
		expect(site.vends).toEqual([]);
	});

	test('what could not even be tried may be tried again with the same form', async () => {
		const fields = { intention: await intention(), reason: 'announced' };
		site.answerVend = async () => {
			throw new Error('broken');
		};
		expect((await reception.post('/lanes/L1/vend', fields)).status).toBe(500);
		site.answerVend = async () => ({ result: 'opened', vendId: 'v-1' });
		expect((await reception.post('/lanes/L1/vend', fields)).status).toBe(303);
	});
});
