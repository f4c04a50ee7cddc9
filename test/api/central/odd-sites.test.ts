import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CentralBench, createCentralBench } from '../../support/central-bench.ts';

const NO_TEXT = { toString: null, valueOf: null };
const SECRET = 'QR-text-that-opens-a-barrier';
/** Edits that fit no schema: central keeps them as they came, and shows them. */
const ODD: readonly Readonly<Record<string, unknown>>[] = [
	{ table: NO_TEXT, key: 'k', row: { kind: 'qr', value: SECRET } },
	{ table: ['credentials'], key: 'k', row: { kind: 'qr', value: SECRET } },
	{ table: '__proto__', key: 'k', row: { kind: 'qr', value: SECRET } },
	{ table: 'credentials', key: 'k', row: { kind: NO_TEXT, value: SECRET } },
	{ table: 'credentials', key: 'k', row: { kind: ['qr'], value: SECRET } },
	{ table: 'credentials', key: 'k', row: { kind: 'qr', value: { text: SECRET } } },
	{ table: 'credentials', key: '\ud800', operator: '\udfff', row: [] },
	{ table: 'holders', key: '../..', row: { id: 7, name: NO_TEXT, groupIds: NO_TEXT } },
];

describe('D: a site that tells what is none', () => {
	let bench: CentralBench;
	beforeEach(() => {
		bench = createCentralBench();
		bench.central.start();
	});
	afterEach(() => bench.end());

	it('is shown by API and pages all the same, and nothing in it that opens a barrier to who may not read it', async () => {
		const site = await bench.site('north');
		site.born();
		site.tells(ODD.map((data) => ({ type: 'parkgate.edit', data })));
		await bench.settle();
		expect(bench.central.events('north', 'e1', 0, 100)).toHaveLength(ODD.length);
		const browser = await bench.browser('administrator');
		for (const part of ['events', 'edits']) {
			const page = await browser.get(`/sites/north/${part}`);
			expect(page.status, part).toBe(200);
			expect(await page.text()).not.toContain('problem+json');
		}
		for (const role of ['administrator', 'technician', 'reception'] as const) {
			for (const part of ['events', 'edits']) {
				const { status, body } = await bench.api(role, 'GET', `/api/v1/sites/north/${part}`);
				expect([200, 403]).toContain(status);
				if (role !== 'administrator') expect(JSON.stringify(body)).not.toContain(SECRET);
			}
		}
	});

	it('may report what is nested without end', async () => {
		const site = await bench.site('north');
		site.born();
		site.answers('done', '['.repeat(2_000) + ']'.repeat(2_000));
		await bench.settle();
		const { body } = await bench.api('administrator', 'POST', '/api/v1/sites/north/diagnostics', { reason: 'odd' });
		await bench.settle();
		const found = await bench.api('administrator', 'GET', `/api/v1/sites/north/commands/${body.commandId}`);
		expect(found).toMatchObject({ status: 200, body: { outcome: 'done', report: expect.stringMatching(/^\[+\]+$/) } });
		const browser = await bench.browser('administrator');
		expect((await browser.get(`/sites/north/commands/${body.commandId}`)).status).toBe(200);
	});
});
