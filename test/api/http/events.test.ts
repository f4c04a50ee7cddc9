import { afterEach, beforeEach, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createHttpSite, DECISION, DEVICE, type HttpSite, LANE, type SignedIn } from '../../support/http-site.ts';

let site: HttpSite;
/** Of what a site does by itself. */
let timers: number;
beforeEach(() => {
	site = createHttpSite();
	timers = site.bench.clock.pendingTimers();
});
afterEach(() => site.close());

/** Reads what a stream sends, chunk by chunk; `next` gives undefined at its end. */
async function listen(login: SignedIn) {
	const answer = await login.get('/api/v1/events');
	expect(answer.status).toBe(200);
	expect(answer.headers.get('content-type')).toContain('text/event-stream');
	const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
	if (reader === undefined) throw new Error('the stream has no body');
	const next = async () => (await reader.read()).value;
	expect(await next()).toBe('retry: 2000\n\n');
	return { next, cancel: () => reader.cancel() };
}

test('X14 a listener receives what is published, as the lists show it', async () => {
	const stream = await listen(await site.signIn('administrator'));
	site.feed.publish({ type: 'decision', decision: DECISION });
	site.feed.publish({ type: 'device', device: DEVICE });
	const [head, data, end] = (await stream.next())?.split('\n') ?? [];
	expect(head).toBe('event: decision');
	expect(JSON.parse(data?.slice('data: '.length) ?? '')).toMatchObject({
		id: 'd-1',
		at: '2026-07-01T10:00:00.000+02:00',
	});
	expect(end).toBe('');
	expect(await stream.next()).toMatch(/^event: device\ndata: \{.*\}\n\n$/);
});

test('text that looks like an event stays inside its own', async () => {
	const stream = await listen(await site.signIn('administrator'));
	site.feed.publish({ type: 'decision', decision: { ...DECISION, subject: 'x\n\nevent: device\ndata: forged\r\n' } });
	const sent = (await stream.next()) ?? '';
	expect(sent.split('\n\n')).toHaveLength(2);
	expect(sent.match(/^event:/gm)).toHaveLength(1);
});

test('each role hears only what it may read', async () => {
	const stream = await listen(await site.signIn('reception'));
	site.feed.publish({ type: 'device', device: DEVICE });
	site.feed.publish({ type: 'occupancy', areas: [] });
	expect(await stream.next()).toBe('event: occupancy\ndata: {"items":[]}\n\n');
});

test('a silent stream beats, and ends when its login does, which listening does not prolong', async () => {
	const stream = await listen(await site.signIn('reception'));
	site.bench.clock.advance(LIMITS.eventHeartbeatMs);
	expect(await stream.next()).toBe(': still here\n\n');
	let next: string | undefined = '';
	for (let spent = 0; spent <= LIMITS.loginIdleMs && next !== undefined; spent += LIMITS.eventHeartbeatMs) {
		site.bench.clock.advance(LIMITS.eventHeartbeatMs);
		next = await stream.next();
	}
	expect(next).toBeUndefined();
	expect(site.bench.clock.pendingTimers()).toBe(timers);
});

test('signing out ends the stream at its next beat', async () => {
	const login = await site.signIn('reception');
	const stream = await listen(login);
	await login.post('/api/v1/logout');
	site.bench.clock.advance(LIMITS.eventHeartbeatMs);
	expect(await stream.next()).toBeUndefined();
});

test('a page that does not read is cut when its queue is full, and nobody else notices', async () => {
	const slow = await (await site.signIn('reception')).get('/api/v1/events');
	const quick = await listen(await site.signIn('administrator'));
	const published = LIMITS.eventsWaiting * 2;
	for (let n = 0; n < published; n++) {
		site.feed.publish({ type: 'lane', lane: { ...LANE, name: `n${n}` } });
		expect(await quick.next()).toContain(`"n${n}"`);
	}
	const text = await new Response(slow.body).text();
	expect(text.match(/^event:/gm)?.length ?? 0).toBeLessThanOrEqual(LIMITS.eventsWaiting);
});

test('streams are bounded, and one that is left makes room', async () => {
	const login = await site.signIn('administrator');
	const streams = [];
	for (let n = 0; n < LIMITS.eventStreams; n++) streams.push(await listen(login));
	const refused = await login.get('/api/v1/events');
	expect(refused.status).toBe(429);
	expect(await refused.json()).toMatchObject({ code: 'TOO_MANY' });
	await streams[0]?.cancel();
	await expect
		.poll(async () => {
			const answer = await login.get('/api/v1/events');
			return answer.status;
		})
		.toBe(200);
});

test('a HEAD request opens no stream', async () => {
	const login = await site.signIn('administrator');
	for (let n = 0; n < LIMITS.eventStreams + 1; n++) {
		const answer = await site.request('/api/v1/events', { method: 'HEAD', headers: { cookie: login.cookie } });
		expect(answer.status).toBe(200);
	}
});

test('all of them end at a stop', async () => {
	const login = await site.signIn('administrator');
	const streams = [await listen(login), await listen(login)];
	site.http.closeStreams();
	for (const { next } of streams) expect(await next()).toBeUndefined();
	expect(site.bench.clock.pendingTimers()).toBe(timers);
});
