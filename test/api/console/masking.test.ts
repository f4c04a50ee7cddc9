import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccessFacts } from '../../../src/gateway/core/access/facts.ts';
import { aCredential, aPlateRead, aRight, aTagRead, facts, TUESDAY_10H } from '../../support/access-facts.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let reader: Visitor;
let sees = false;
let matched: string;
let unknown: string;

const SECRETS = /zwaan|1zwa|9qxz|H10301 FC/i;

beforeAll(async () => {
	site = createConsoleSite({ seesPersonalData: () => sees });
	reader = await site.signIn('technician');
	const credential = aCredential({ id: 'c1', holderId: 'h1', kind: 'plate', value: '1ZWA001', label: '1-ZWA-001' });
	const holder = {
		id: 'h1',
		kind: 'person',
		name: 'Zwaantje Wit',
		email: 'zwaan@example.org',
		status: 'active',
	} as const;
	const read = aPlateRead({ value: '1ZWA001', match: { how: 'exact', credential, holder } });
	const decided: AccessFacts = facts({ atMs: TUESDAY_10H, presented: [read, aTagRead()], rights: [aRight()] });
	const subject = '1-ZWA-001 + H10301 FC 53';
	matched = site.decide({ facts: decided, subject, holderName: holder.name, sequel: 'passed' });
	const stranger = facts({ presented: [aPlateRead({ value: '9QXZ777', match: { how: 'none' } })], rights: [] });
	unknown = site.decide({ facts: stranger, subject: '9QXZ777', holderName: null });
	await site.services.fillDirectory([
		{ table: 'holders', ...holder },
		{ table: 'credentials', ...credential },
	]);
});
afterAll(() => site.close());

test('who may not read personal data finds it on no page of the log, at the lanes or in answers', async () => {
	sees = false;
	const pages = [
		'/',
		'/live/decisions',
		'/live/lanes/L1',
		'/log',
		'/log?q=zwaan',
		`/log/${matched}`,
		`/log/${unknown}`,
		'/explain?lane=L1&kind=holder&holder=h1',
		'/explain?lane=L1&kind=plate&q=1-ZWA-001',
		'/lanes/L1/vend',
	];
	for (const page of pages) {
		const html = await reader.page(page);
		// What was asked stands in the question and in the page's own address.
		const asked = html.replaceAll(/value="[^"]*"|href="[^"]*"|content="[^"]*"/g, '').replaceAll(/zwaan(?=")/g, '');
		expect([page, SECRETS.exec(asked)?.[0]]).toEqual([page, undefined]);
	}
	expect(await reader.page(`/log/${matched}`)).toContain('Z•••');
	expect(await reader.page('/log?q=zwaan')).toContain('9•••');
});

test('who may, does', async () => {
	sees = true;
	for (const page of ['/', '/log', `/log/${matched}`]) expect(await reader.page(page)).toContain('Zwaantje Wit');
	expect(await reader.page('/log?q=zwaan')).not.toContain('9QXZ777');
});
