import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reasonText } from '../../../src/gateway/core/reason-texts/reason-text.ts';
import { type ConsoleSite, createConsoleSite } from '../../support/console-site.ts';

let site: ConsoleSite;
beforeEach(() => {
	site = createConsoleSite();
});
afterEach(() => site.close());

describe('I15: the page of analytics', () => {
	test('shows counts drawn and as tables, over the time and by the step that is asked for', async () => {
		const admin = await site.signIn('administrator');
		const startMs = Date.UTC(2026, 0, 4, 23);
		const { analytics } = site.bench.store;
		analytics.add('day', { metric: 'entry', startMs, key: 'L1', count: 17, total: 0, most: 0 });
		analytics.add('day', { metric: 'refusal', startMs, key: 'NO_RIGHT', count: 3, total: 0, most: 0 });
		analytics.add('day', { metric: 'stay', startMs, key: '', count: 2, total: 7_200_000, most: 5_000_000 });
		const page = await admin.page('/analytics');
		expect(page).toContain('data-points=');
		expect(page).toContain('data-second="Exits"');
		expect(page).toMatch(/<td class="figures">17<\/td>/);
		expect(page).toContain('1 hr');
		expect(page).toContain(reasonText('NO_RIGHT', 'en').cause);
		expect(await admin.page('/analytics?from=2026-01-05&to=2026-01-05&span=hour&area=A1')).toContain('by hour');
		expect(await admin.page('/analytics?from=2020-01-01')).toContain('too long a time');
		expect(await admin.page('/analytics?from=x&span=y&area=z')).toContain('by day');
		const json = (await (await admin.get('/api/v1/analytics?from=2026-01-05&to=2026-01-05&span=day')).json()) as object;
		expect(json).toMatchObject({
			...{ entries: 17, meanStayS: 3_600, span: 'day' },
			...{ refusals: [{ reason: 'NO_RIGHT', count: 3 }], steps: [{ entries: 17 }] },
		});
	});

	test('reception has neither page nor figures', async () => {
		const reception = await site.signIn('reception');
		expect((await reception.get('/analytics')).status).toBe(403);
		expect((await reception.get('/api/v1/analytics')).status).toBe(403);
	});
});
