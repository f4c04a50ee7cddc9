import { expect, test } from 'vitest';
import type { Lead } from '../../../../src/gateway/core/lead.ts';
import { forgetInLeads, leadsOfPerson } from '../../../../src/gateway/services/privacy/leads-of-person.ts';
import { turn } from '../../../support/privacy-bench.ts';
import { openTempStore } from '../../../support/temp-store.ts';

const LEAD: Lead = {
	...{ id: '', source: 'operations', sourceId: null, campaignId: null, state: 'new', name: 'Ada', email: null },
	...{ phone: '1', company: null, message: '', hasAgreed: false, expiresAtMs: 9, createdAtMs: 1, operatorId: 'ann' },
	version: 1,
};

test('I13: erasing somebody ends leads about them and takes their rights out of campaigns, and nothing else', async () => {
	const store = openTempStore();
	const { leads, campaigns } = store;
	const add = (id: string, change: Partial<Lead>) => leads.put({ ...LEAD, id, ...change }, '');
	add('of-visit', { sourceId: 'right-1' });
	add('by-name', { name: 'Piet Zwaan' });
	add('by-mail', { email: 'Zwaan@acme.example' });
	add('names-them', { message: 'Knows Zwaan' });
	add('other', { sourceId: 'right-2', message: 'Two barriers' });
	campaigns.put({ id: 'c', name: 'Open day', fromMs: 1, toMs: 2, createdAtMs: 1, operatorId: 'ann', version: 1 });
	for (const rightId of ['right-1', 'right-2']) campaigns.addRight('c', rightId);
	const of = [{ store, rest: turn }, { rightIds: ['right-1'] }, (text: string) => text.includes('Zwaan')] as const;

	const found = (await Array.fromAsync(leadsOfPerson(...of))).flat();
	expect(found.map(({ id }) => id).sort()).toEqual(['by-mail', 'by-name', 'of-visit']);
	await forgetInLeads(...of);
	expect(leads.page({ words: [], limit: 10 }).map(({ id, message }) => [id, message])).toEqual([
		['other', 'Two barriers'],
		['names-them', '•••'],
	]);
	expect(campaigns.rightsOf('c')).toEqual(['right-2']);
	expect(campaigns.byId('c')).toMatchObject({ rights: 1, version: 1 });
	expect(await Array.fromAsync(leadsOfPerson(...of))).toEqual([]);
});
