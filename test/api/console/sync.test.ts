import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, IDLE_SYNC, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeEach(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

const CONNECTED = { ...IDLE_SYNC, configured: true, connected: true } as const;

describe('N11: the Sync page', () => {
	test('tells which events central could not use, and why; what central says is text', async () => {
		const letter = { gatewayEpoch: 'epoch-1', seq: 1_284, atMs: Date.UTC(2026, 0, 5), id: 'a1' };
		site.sync = {
			...CONNECTED,
			deadLetters: {
				count: 3,
				newest: [
					{ ...letter, code: '<b>own</b>', type: 'audit' },
					{ ...letter, code: 'invalidData', type: null },
					{ ...letter, code: 'constructor', type: 'decision' },
				],
			},
		};
		const page = await admin.page('/sync');
		expect(page).toContain('Central set 3 events aside');
		expect(page).toContain('1,284');
		expect(page).toContain('&lt;b&gt;own&lt;/b&gt;');
		expect(page).toContain('its content does not fit what central expects');
		expect(page).toContain('erased since');
		expect(page).toContain('constructor');
	});

	test('says nothing of dead letters and histories where there are none but the first', async () => {
		site.sync = CONNECTED;
		const page = await admin.page('/sync');
		expect(page).not.toContain('could not use');
		expect(page).not.toContain('New history since');
	});

	test('says since when there is another history, and why', async () => {
		const history = { gatewayEpoch: 'epoch-2', reason: 'ackAhead', sinceMs: Date.UTC(2026, 0, 5) } as const;
		site.sync = { ...CONNECTED, history };
		const page = await admin.page('/sync');
		expect(page).toContain('New history since');
		expect(page).toContain('an older copy of it was put back');
	});
});
