import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite } from '../../support/console-site.ts';
import { DEVICE } from '../../support/http-site.ts';

let site: ConsoleSite;
beforeEach(() => {
	site = createConsoleSite();
});
afterEach(() => site.close());

async function pageOf(statistics: Readonly<Record<string, number>>, capability: 'reads plates' | 'reads tags') {
	site.devices.push({ ...DEVICE, id: 'cam-1', capabilities: [capability], statistics });
	const technician = await site.signIn('technician');
	return technician.page('/devices/cam-1');
}

test('a camera that sees badly is told as such, with what to look at', async () => {
	const page = await pageOf(
		{ misreadPercent: 12, nearlyReadPercent: 9, tagMismatchPercent: 4, plateWidthPx: 71, clockOffsetMs: -95_000 },
		'reads plates',
	);
	for (const text of ['How well it sees', '12%', '9%', '4%', '71 px', 'Behind by', 'Clean the lens', 'time server'])
		expect(page).toContain(text);
	expect(page.match(/pill--warning/g)).toHaveLength(5);
});

test('one that sees well has no hints, and one that saw nothing yet says so', async () => {
	const page = await pageOf({ misreadPercent: 1, plateWidthPx: 140, clockOffsetMs: 120 }, 'reads plates');
	expect(page).toContain('Right');
	expect(page).not.toContain('Clean the lens');
	site.devices.length = 0;
	expect(await pageOf({}, 'reads plates')).toContain('No vehicle came by');
});

test('other devices have no such part', async () => {
	expect(await pageOf({ reads: 4 }, 'reads tags')).not.toContain('How well it sees');
});

test('what a camera read last is shown with what became of it', async () => {
	const read = {
		id: 'r1',
		deviceId: 'cam-1',
		monotonicMs: 1,
		kind: 'plate',
		confidence: 0.9,
		dedupeKey: 'r1',
	} as const;
	const atMs = site.bench.clock.nowMs();
	site.services.services.recentReads.seen({
		...read,
		atMs,
		plate: 'AB<12',
		direction: 'approaching',
		historical: true,
	});
	const page = await pageOf({}, 'reads plates');
	for (const text of ['Last reads', 'Of before', 'It opens nothing']) expect(page).toContain(text);
	expect(page).not.toContain('AB<12');
	site.devices.length = 0;
	expect(await pageOf({}, 'reads tags')).toContain('Last reads');
});
