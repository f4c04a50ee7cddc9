import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { facts } from '../../support/access-facts.ts';
import { type BrowserSite, createBrowserSite, flawsOf } from '../../support/console-browser.ts';

const HOUR = 3_600_000;
let host: BrowserSite;
let decisionId: string;
let sinceMs: number;
beforeAll(async () => {
	host = await createBrowserSite();
	const { bench, services, accessLog } = host.site;
	sinceMs = bench.clock.nowMs() - 60_000;
	decisionId = host.site.decide({
		...{ facts: facts({ atMs: sinceMs }), subject: '1ABC234', holderName: 'Anna Peeters', sequel: 'passed' },
	});
	const holderId = accessLog.get(decisionId)?.entry.decision.holderId ?? '';
	const kind = { id: 'fly', name: 'Short stay', strategy: 'onTheFly', areaIds: [], scheduleId: null, maxStayMin: 300 };
	const right = { id: 'fly-right', holderId, specificationId: 'fly', state: 'active' };
	const made = services.services.edits.edit(
		[
			{
				...{ op: 'create', table: 'holders' },
				row: { id: holderId, kind: 'person', name: 'Anna Peeters', email: null, status: 'active' },
			},
			{ op: 'create', table: 'rightSpecifications', row: kind },
			{ op: 'create', table: 'assignedRights', row: { ...right, validFromMs: null, validToMs: null } },
		],
		{ operatorId: null },
	);
	expect(made.result).toBe('done');
	const at = { areaId: 'A1', counted: true, credentialId: null, laneInId: 'L1', openedAtMs: sinceMs };
	const { store } = bench;
	store.transaction(() =>
		store.parkingSessions.open({ id: 'stay-1', holderId, decisionId, rightIds: ['fly-right'], ...at }),
	);
});
afterAll(() => host.close());

const until = () => host.site.bench.store.stayDeadlines.of('stay-1')[0]?.dueAtMs;

describe.each([true, false])('with scripts: %s', (javaScriptEnabled) => {
	test('X2: a receptionist chooses at the entry how long who came in on the fly stays', async () => {
		const page = await host.openSignedIn({ javaScriptEnabled, viewport: { width: 360, height: 740 } }, 'reception');
		await page.goto(`/log/${decisionId}`);
		const card = page.locator('#duration');
		expect(await card.locator('fieldset button').allTextContents()).toHaveLength(4);
		await card.locator('button >> text=2 hr').click();
		await page.waitForURL(/chosen/);
		expect(until()).toBe(sinceMs + 2 * HOUR);
		expect(await card.textContent()).toContain('Noted.');
		expect(await card.locator('[aria-pressed=true]').count()).toBe(1);
		expect(await flawsOf(page, '/log')).toEqual([]);
		expect(host.complaints).toEqual([]);
	});

	test('or another end; one that is too late is told, with what was typed', async () => {
		const page = await host.openSignedIn({ javaScriptEnabled }, 'reception');
		await page.goto(`/log/${decisionId}`);
		const fieldOf = (ms: number) => page.locator('#until').fill(siteTime(ms));
		await fieldOf(sinceMs + 6 * HOUR);
		await page.locator('#duration').locator('button >> text=Choose').click();
		await page.waitForSelector('.field__error');
		expect(await page.textContent('.field__error')).toContain('At the latest');
		expect(await page.inputValue('#until')).toBe(siteTime(sinceMs + 6 * HOUR));
		await fieldOf(sinceMs + 4 * HOUR);
		await page.locator('#duration').locator('button >> text=Choose').click();
		await page.waitForURL(/chosen/);
		expect(Math.abs((until() ?? 0) - (sinceMs + 4 * HOUR))).toBeLessThan(60_000);
		host.complaints.length = 0;
	});
});

/** As a field of local time takes it: the site's is Brussels. */
function siteTime(ms: number): string {
	return Temporal.Instant.fromEpochMilliseconds(ms)
		.toZonedDateTimeISO('Europe/Brussels')
		.toPlainDateTime()
		.toString({ smallestUnit: 'minute' });
}

test('who left, and who came in otherwise, has no length to choose', async () => {
	const other = host.site.decide({ facts: facts(), subject: 'x', holderName: null, sequel: 'passed' });
	const page = await host.openSignedIn({}, 'reception');
	await page.goto(`/log/${other}`);
	expect(await page.locator('#duration').count()).toBe(0);
});
