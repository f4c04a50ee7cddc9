import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ClockWatch, createClockWatch } from '../../../src/gateway/services/clock-trust.ts';
import { createClockConfirmation } from '../../../src/gateway/services/confirm-clock.ts';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';

/** More than a correction, less than a login lasts. */
const JUMP_MS = 600_000;

let site: HttpSite;
let clockWatch: ClockWatch;
beforeEach(() => {
	let confirmClock: (operatorId: string) => void = () => undefined;
	site = createHttpSite({
		clockTrust: () => clockWatch.trust(),
		confirmClock: (operatorId) => confirmClock(operatorId),
	});
	const { clock, store } = site.bench;
	clockWatch = createClockWatch(clock, store.settings);
	confirmClock = createClockConfirmation({ clockWatch, store, clock, newId: randomUUID, journalGrew: () => undefined });
});
afterEach(() => {
	clockWatch.stop();
	site.close();
});

describe('N6 the clock over HTTP', () => {
	const confirmations = () => site.bench.audits().filter(({ action }) => action === 'clockConfirmed');

	test('tells the time and that it is trusted', async () => {
		const reception = await site.signIn('reception');
		const answer = await reception.get('/api/v1/clock');
		expect(await answer.json()).toEqual({ at: '2026-01-05T09:00:00.000+01:00', trust: 'held' });
	});

	test('an administrator confirms a time that nobody believes; who did is journalled', async () => {
		const admin = await site.signIn('administrator');
		site.bench.clock.jumpWallClock(JUMP_MS);
		expect(await (await admin.get('/api/v1/clock')).json()).toMatchObject({ trust: 'untrusted' });
		const answer = await admin.post('/api/v1/clock/confirm');
		expect(answer.status).toBe(200);
		expect(await answer.json()).toEqual({ at: '2026-01-05T09:10:00.000+01:00', trust: 'held' });
		expect(confirmations()).toMatchObject([{ operatorId: admin.operatorId, detail: { trustBefore: 'untrusted' } }]);
	});

	test('confirming a clock that is trusted changes and journals nothing', async () => {
		const admin = await site.signIn('administrator');
		expect(await (await admin.post('/api/v1/clock/confirm')).json()).toMatchObject({ trust: 'held' });
		expect(confirmations()).toEqual([]);
	});

	test('a confirmation that is sent again after the next jump is of the first one only', async () => {
		const admin = await site.signIn('administrator');
		const confirm = () => admin.post('/api/v1/clock/confirm', undefined, { 'idempotency-key': 'once' });
		site.bench.clock.jumpWallClock(JUMP_MS);
		await confirm();
		site.bench.clock.jumpWallClock(JUMP_MS);
		await confirm();
		expect(clockWatch.trust()).toBe('untrusted');
		expect(confirmations()).toHaveLength(1);
	});

	test.each(['technician', 'security', 'reception'])('a role of %s may not confirm it', async (role) => {
		const login = await site.signIn(role);
		site.bench.clock.jumpWallClock(JUMP_MS);
		expect((await login.post('/api/v1/clock/confirm')).status).toBe(403);
		expect(clockWatch.trust()).toBe('untrusted');
	});
});
