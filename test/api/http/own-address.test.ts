import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { AddressCodeOnItsWay } from '../../../src/gateway/services/operators/operators-deps.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { createOperatorsBench, PASSWORD } from '../../support/operators.ts';

const PATH = '/api/v1/me/account/address';

let site: ConsoleSite;
let ann: Visitor;
let mailed: AddressCodeOnItsWay[];
beforeEach(async () => {
	mailed = [];
	const codeMails = {
		put: () => undefined,
		stateOf: () => undefined,
		putAddress: (_operatorId: string, code: AddressCodeOnItsWay) => void mailed.push(code),
		addressStateOf: () => ({ state: 'waiting', atMs: 0 }) as const,
	};
	site = createConsoleSite({ bench: createOperatorsBench({ codeMails }) });
	ann = await site.signIn('reception');
});
afterEach(() => site.close());

async function api(who: Visitor, method: string, path: string, body?: unknown) {
	const { csrf } = (await (await who.get('/api/v1/me')).json()) as { csrf: string };
	const headers = { cookie: who.cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' };
	const answer = await site.request(path, {
		method,
		headers,
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const ask = (email: string, password = PASSWORD) => api(ann, 'POST', PATH, { email, password });
const confirm = (code: string) => api(ann, 'POST', `${PATH}/confirm`, { code });
const emailNow = () => site.bench.store.operators.operatorById(ann.operatorId)?.email;

describe('Z11 one’s own e-mail address', () => {
	test('changes once the code comes back that went there; the old address gets a notice, the audit first letters', async () => {
		const asked = await ask(' Ann.New@Example.org ');
		expect(asked).toMatchObject({ status: 200, body: { wanted: { email: 'ann.new@example.org' } } });
		expect(emailNow()).toBe('reception@example.org');
		const [mail] = mailed;
		expect(mail).toMatchObject({ to: 'ann.new@example.org', present: 'reception@example.org' });
		expect(await confirm('WRON-GCOD-EXXX')).toMatchObject({ status: 409, body: { because: 'wrongCode' } });
		expect(await confirm(mail?.code ?? '')).toMatchObject({
			...{ status: 200, body: { email: 'ann.new@example.org', wanted: null } },
		});
		expect(await confirm(mail?.code ?? ''), 'used').toMatchObject({ status: 409, body: { because: 'wrongCode' } });
		const told = site.bench.audits().filter(({ action }) => action.startsWith('ownAddress'));
		expect(told.map(({ action, operatorId, target }) => [action, operatorId, target])).toEqual([
			['ownAddressAsked', ann.operatorId, ann.operatorId],
			['ownAddressChanged', ann.operatorId, ann.operatorId],
		]);
		expect(told[1]?.detail).toMatchObject({ emailBefore: 'r•••', email: 'a•••' });
		expect(JSON.stringify(told)).not.toContain('example.org');
	});

	test('is asked for with the password; a later code replaces the earlier, each is good for an hour, for its owner', async () => {
		expect(await ask('x@example.org', 'another')).toMatchObject({ status: 409, body: { code: 'PASSWORD_WRONG' } });
		expect(mailed).toEqual([]);
		await ask('first@example.org');
		await ask('second@example.org');
		const [first = '', second = ''] = mailed.map(({ code }) => code);
		expect((await confirm(first)).status, 'replaced').toBe(409);
		const bob = await site.signIn('user');
		expect((await api(bob, 'POST', `${PATH}/confirm`, { code: second })).status, 'somebody else’s').toBe(409);
		for (let passedMs = 0; passedMs < LIMITS.addressCodeMs; passedMs += 1_200_000) {
			await ann.get('/account');
			site.bench.clock.advance(1_200_000);
		}
		expect((await confirm(second)).status, 'too old').toBe(409);
		expect((await api(ann, 'GET', PATH)).body).toMatchObject({ wanted: null });
		expect(emailNow()).toBe('reception@example.org');
	});

	test('tells who asks nothing of other accounts; who gets the code at their address is told', async () => {
		await site.signIn('user');
		const [free, taken] = [await ask('free@example.org'), await ask('user@example.org')];
		const shape = ({ status, body }: typeof free) => [status, Object.keys(body), Object.keys(Object(body['wanted']))];
		expect(shape(taken)).toEqual(shape(free));
		expect(mailed.map(({ to }) => to)).toEqual(['free@example.org', 'user@example.org']);
		expect(await confirm(mailed[1]?.code ?? '')).toMatchObject({ status: 409, body: { because: 'emailTaken' } });
		expect(emailNow()).toBe('reception@example.org');
		expect((await api(ann, 'DELETE', PATH)).status).toBe(404);
	});

	test('is asked for so often in an hour, never for two recipients, and can be left as it is', async () => {
		for (const email of ['a,b@example.org', 'Ann <a@example.org>', 'a@b@example.org']) {
			expect((await ask(email)).status, email).toBe(422);
		}
		expect(await ask('reception@example.org')).toMatchObject({ status: 409, body: { because: 'same' } });
		for (let n = 0; n < LIMITS.addressCodesPerHour; n += 1) expect((await ask(`n${n}@example.org`)).status).toBe(200);
		expect(await ask('more@example.org')).toMatchObject({ status: 429, body: { because: 'tooMany' } });
		expect((await api(ann, 'DELETE', PATH)).body).toEqual({ result: 'kept' });
		expect(site.bench.audits().at(-1)).toMatchObject({ action: 'ownAddressKept', operatorId: ann.operatorId });
		expect((await confirm(mailed.at(-1)?.code ?? '')).status).toBe(409);
	});

	test('has a form on My account; the link in the mail fills in the code, and confirms nothing by itself', async () => {
		const asked = await ann.post('/account/address', { email: 'new@example.org', present: PASSWORD });
		expect(asked.status).toBe(303);
		const code = mailed[0]?.code ?? '';
		const page = await ann.page(`/account/address?code=${code}`);
		expect(page).toContain('new@example.org');
		expect(page).toContain(`value="${code}"`);
		expect(emailNow()).toBe('reception@example.org');
		expect((await ann.post('/account/address/confirm', { code: 'x' })).status).toBe(422);
		expect((await ann.post('/account/address/confirm', { code })).headers.get('location')).toBe('/account?done=saved');
		expect(emailNow()).toBe('new@example.org');
	});
});

test('Z11 without mail the page says whose it is to change the address, and asking does nothing', async () => {
	const without = createConsoleSite();
	const who = await without.signIn('reception');
	expect(await who.page('/account')).toContain('This site sends no mail');
	expect((await who.post('/account/address', { email: 'new@example.org', present: PASSWORD })).status).toBe(422);
	await without.close();
});
