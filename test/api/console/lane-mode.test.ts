import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { modeChoices } from '../../../src/api/console/pages/live/lane-mode-choices.ts';
import type { LaneMode } from '../../../src/gateway/core/lane/lane-mode.ts';
import { accessOfRole } from '../../../src/gateway/core/permission/access.ts';
import type { Role } from '../../../src/gateway/core/permission.ts';
import type { LaneView } from '../../../src/gateway/services/lanes/lane-view.ts';
import { aLaneView, type ConsoleSite, createConsoleSite, LANES, type Visitor } from '../../support/console-site.ts';

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const mode = (kind: 'heldOpen' | 'closedToAll' | 'lockdown', ownerId = 'o-1', confirmed = true): LaneMode => ({
	...{ kind, ownerId, confirmed, reason: 'Fair', sinceMs: Date.UTC(2026, 0, 5, 8), untilMs: null },
});

describe('what is offered at a lane', () => {
	const entry = { kind: 'entry', to: 'A1', canHold: true, strictExit: false } as const;
	const exit = { ...entry, kind: 'exit', to: 'outside' } as const;
	const offered = (lane: Parameters<typeof modeChoices>[0], role: Role, operatorId = 'me') =>
		modeChoices(lane, { operatorId, may: accessOfRole(role).may });
	const normal: LaneMode = { kind: 'normal' };

	test.each([
		['reception', 'an entry', { ...entry, mode: normal }, ['hold']],
		['security', 'an entry', { ...entry, mode: normal }, ['hold', 'close', 'lockdown']],
		['security', 'an entry without a hold output', { ...entry, canHold: false, mode: normal }, ['close', 'lockdown']],
		['administrator', 'an exit that is not strict', { ...exit, mode: normal }, ['hold']],
		['security', 'a strict exit', { ...exit, strictExit: true, mode: normal }, ['hold']],
		['administrator', 'a strict exit', { ...exit, strictExit: true, mode: normal }, ['hold', 'close', 'lockdown']],
		['reception', 'a held entry', { ...entry, mode: mode('heldOpen') }, ['release']],
		[
			'reception',
			'a hold from before a restart',
			{ ...entry, mode: mode('heldOpen', 'o-1', false) },
			['confirmHold', 'release'],
		],
		['reception', 'a closed entry', { ...entry, mode: mode('closedToAll') }, []],
		['security', 'a closed entry', { ...entry, mode: mode('closedToAll') }, ['release', 'hold', 'lockdown']],
		['security', 'a lockdown of somebody else', { ...entry, mode: mode('lockdown') }, []],
		['security', 'a lockdown of one’s own', { ...entry, mode: mode('lockdown', 'me') }, ['release', 'hold', 'close']],
		[
			'administrator',
			'a lockdown of somebody else',
			{ ...entry, mode: mode('lockdown') },
			['release', 'hold', 'close'],
		],
	] as const)('%s at %s', (role, _what, lane, choices) => {
		expect(offered(lane, role)).toEqual(choices);
	});
});

describe('on the pages', () => {
	let site: ConsoleSite;
	let admin: Visitor;
	beforeEach(async () => {
		site = createConsoleSite();
		admin = await site.signIn('administrator');
	});
	afterEach(() => site.close());
	const show = (change: Partial<LaneView>) => {
		const [north] = LANES;
		if (north === undefined) throw new Error('no lane');
		site.lanes.set('L1', aLaneView(north, { canHold: true, ...change }));
	};

	test('reception finds no way to a closed lane’s mode on its card, and is refused by the form too', async () => {
		show({ mode: mode('closedToAll') });
		const reception = await site.signIn('reception');
		expect(await reception.page('/')).not.toContain('href="/lanes/L1/mode"');
		const sent = await reception.post('/lanes/L1/mode', { change: 'release', reason: 'Over' });
		expect(sent.status).toBe(403);
		show({});
		expect((await reception.post('/lanes/L1/mode', { change: 'close', reason: 'Event' })).status).toBe(403);
		expect(site.modeChanges).toEqual([]);
	});

	test('a lane that is up, or closed, offers no single opening', async () => {
		show({ mode: mode('heldOpen'), phase: 'heldOpen' });
		expect(await admin.page('/')).not.toContain('href="/lanes/L1/vend"');
		show({ mode: mode('heldOpen', 'o-1', false) });
		expect(await admin.page('/')).toContain('href="/lanes/L1/vend"');
	});
	test('asks the lane with owner, reason and end, and shows what it became', async () => {
		show({});
		const sent = await admin.post('/lanes/L1/mode', { change: 'hold', reason: ' Moving day ', end: '60' });
		expect(sent.status).toBe(303);
		expect(site.modeChanges).toEqual([
			{
				laneId: 'L1',
				operatorId: admin.operatorId,
				change: 'hold',
				reason: 'Moving day',
				untilMs: site.bench.clock.nowMs() + 3_600_000,
				mayCloseExits: true,
			},
		]);
		const text = textOf(await admin.page(sent.headers.get('location') ?? ''));
		expect(text).toContain('The lane is held open');
		expect(text).toContain('Moving day Until 10:00:00 · since 09:00:00 by you');
	});

	test('names the owner to everybody else', async () => {
		const security = await site.signIn('security');
		show({ mode: mode('lockdown', security.operatorId) });
		expect(textOf(await admin.page('/live/lanes/L1'))).toContain('by The security');
	});

	test('ends at a time of the site, never in the past', async () => {
		show({});
		const late = { change: 'close', reason: 'Event', end: 'at', at: '2026-01-05T23:30' };
		await admin.post('/lanes/L1/mode', late);
		expect(site.modeChanges.map(({ untilMs }) => untilMs)).toEqual([Date.UTC(2026, 0, 5, 22, 30)]);
		const past = await admin.post('/lanes/L1/mode', { ...late, at: '2026-01-05T08:00' });
		expect(past.status).toBe(422);
		expect(await past.text()).toContain('This time is over.');
	});

	test('needs to know what and why', async () => {
		show({});
		const sent = await admin.post('/lanes/L1/mode', {});
		expect(sent.status).toBe(422);
		const text = textOf(await sent.text());
		expect(text).toContain('Choose what should happen.');
		expect(text).toContain('Say why in a few words.');
		expect(site.modeChanges).toEqual([]);
	});

	test('says why the lane would not', async () => {
		show({});
		site.answerMode = { result: 'refused', because: 'storeFailure' };
		const sent = await admin.post('/lanes/L1/mode', { change: 'lockdown', reason: 'Alarm', end: 'released' });
		expect(sent.status).toBe(422);
		const html = await sent.text();
		expect(textOf(html)).toContain('Nothing was changed The gateway could not write it down');
		expect(html).toContain('value="Alarm"');
	});

	test('confirms a hold from before a restart', async () => {
		show({ mode: mode('heldOpen', admin.operatorId, false) });
		expect(textOf(await admin.page('/'))).toContain('Confirm or end');
		await admin.post('/lanes/L1/mode', { change: 'confirmHold', reason: 'Looked at it' });
		expect(site.modeChanges).toMatchObject([{ change: 'confirmHold', untilMs: null }]);
	});
});
