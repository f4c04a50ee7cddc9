import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createIdempotency } from '../../../src/api/http/idempotency.ts';
import type { HttpEnv } from '../../../src/api/http/login-context.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

test('large answers are remembered for their keys only as long as there is room for all', async () => {
	const idempotency = createIdempotency(createVirtualClock());
	const large = 'x'.repeat(LIMITS.idempotencyBytes / 4);
	let acts = 0;
	const app = new Hono<HttpEnv>().post('/', async (c) => {
		// Of a login only the operator is asked for.
		c.set('login', { operator: { id: 'op-1' } } as never);
		return idempotency.run(c, { key: c.req.header('idempotency-key'), body: null }, async () => {
			acts += 1;
			return c.text(`${acts} ${large}`);
		});
	});
	const ask = async (key: string) => {
		const answer = await app.request('/', { method: 'POST', headers: { 'idempotency-key': key } });
		return Number.parseInt(await answer.text(), 10);
	};
	expect(await ask('first')).toBe(1);
	expect(await ask('first'), 'remembered').toBe(1);
	for (const key of ['a', 'b', 'c', 'd']) await ask(key);
	expect(await ask('d'), 'the newest is remembered').toBe(5);
	expect(await ask('first'), 'the oldest is forgotten').toBe(6);
});
