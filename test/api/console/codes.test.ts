import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConsoleSite, Visitor } from '../../support/console-site.ts';
import { createDirectoryConsole, formOf, sendForm, textOf } from '../../support/directory-console.ts';
import { readable } from '../../support/privacy-bench.ts';

const CODE = 'Qr7xJ-2mVbT90sKd_LpaWq';
const PIN = '493817';
const SAYS = new RegExp(`${CODE}|${PIN}`);

let site: ConsoleSite;
let admin: Visitor;
let reception: Visitor;
beforeAll(async () => {
	({ site, admin } = await createDirectoryConsole());
	reception = await site.signIn('reception');
	const { edits } = site.services.services;
	const made = { state: 'active', validFromMs: null, validToMs: null, label: null };
	const rows = [
		{ ...made, id: 'code', holderId: 'coded', kind: 'qr', value: CODE },
		{ ...made, id: 'pin', holderId: 'coded', kind: 'pin', value: PIN },
	];
	const holder = { id: 'coded', kind: 'person', name: 'Carla Code', email: null, status: 'active' };
	const changes = [
		{ op: 'create', table: 'holders', row: holder } as const,
		...rows.map((row) => ({ op: 'create', table: 'credentials', row }) as const),
	];
	expect(edits.edit(changes, { operatorId: null }).result).toBe('done');
});
afterAll(() => site.close());

test('X6: no page shows what a QR code or PIN says, though it can be told apart and edited', async () => {
	for (const visitor of [admin, reception]) {
		for (const page of [
			'/credentials',
			'/credentials?q=carla',
			'/credentials/code',
			'/credentials/pin',
			'/credentials/pin/edit',
			'/credentials/pin/delete',
			'/holders/coded',
		]) {
			expect([page, SAYS.exec(await visitor.page(page))?.[0]]).toEqual([page, undefined]);
		}
	}
	expect(textOf(await reception.page('/credentials/code'))).toContain('QR …paWq');
	expect(textOf(await reception.page('/credentials/pin'))).toContain('PIN •••');

	const saved = await sendForm({ site, visitor: reception }, '/credentials/pin/edit', { note: 'given by hand' });
	expect(saved.status).toBe(303);
	const { row } = site.services.services.edits.get('credentials', 'pin') ?? {};
	expect(row).toMatchObject({ value: PIN, note: 'given by hand' });
	expect(formOf(await reception.page('/credentials/pin/edit'), '/credentials/pin/edit')['value']).toEqual(['•••']);
});

test('X6: who may asks to see it, and that is journalled; nobody else is offered or shown it', async () => {
	expect(await reception.page('/credentials/code')).not.toContain('id="show-code"');
	const asked = await site.request('/credentials/code?code=show', { headers: { cookie: reception.cookie } });
	expect(asked.status).toBe(403);
	expect(await admin.page('/credentials/code')).toContain('href="/credentials/code?code=show"');
	const html = await admin.page('/credentials/code?code=show');
	expect(html).toContain(CODE);
	expect(/<title>(.*?)<\/title>/.exec(html)?.[1]).toContain('QR …paWq');
	const shown = readable(site.bench.store).filter((entry) => entry.type === 'audit' && entry.action === 'codeShown');
	expect(shown).toMatchObject([{ operatorId: admin.operatorId, target: 'code' }]);
});
