import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';

let site: HttpSite;
let guard: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	guard = await site.signIn('security');
});
afterAll(() => site.close());

const told = () => site.bench.log.lines.filter(({ message }) => message === 'refused: not permitted');

test('what somebody may not do is told in the log with who, what and from where; a flood of it is counted', async () => {
	expect((await guard.get('/api/v1/me')).status).toBe(200);
	expect(told()).toEqual([]);
	expect((await guard.get('/api/v1/operators')).status).toBe(403);
	expect(told()).toMatchObject([
		{
			level: 'info',
			fields: {
				...{ method: 'GET', path: '/api/v1/operators', status: 403, operatorId: guard.operatorId },
				...{ remoteAddress: '10.0.0.9', requestId: expect.any(String), notWrittenBefore: 0 },
			},
		},
	]);
	const foreign = { 'x-csrf-token': 'made up' };
	expect((await guard.post('/api/v1/lanes/L1/vend', { reason: 'x' }, foreign)).status, 'without its proof').toBe(403);
	expect(told()).toHaveLength(2);
	for (let n = 0; n < LIMITS.refusedRequestsPerHour; n += 1) await guard.get('/api/v1/operators');
	expect(told()).toHaveLength(LIMITS.refusedRequestsPerHour);
	site.bench.clock.advance(3_600_000);
	const again = await site.signIn('security');
	await again.get('/api/v1/operators');
	expect(told().at(-1)?.fields).toMatchObject({ notWrittenBefore: 2 });
});
