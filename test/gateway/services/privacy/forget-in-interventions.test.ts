import { expect, test } from 'vitest';
import { forgetInInterventions } from '../../../../src/gateway/services/privacy/forget-in-interventions.ts';
import { turn } from '../../../support/privacy-bench.ts';
import { openTempStore } from '../../../support/temp-store.ts';

const ABOUT = { kind: 'repair', target: { kind: 'site' }, priority: 'low', status: 'open', plan: null } as const;

test('erasing somebody takes what names them out of interventions, their parts and their history, and nothing else', async () => {
	const store = openTempStore();
	const { interventions } = store;
	const add = (title: string, description: string) =>
		interventions.addIntervention({
			...ABOUT,
			...{ id: `id-${title}`, title, description, people: ['ben'], openedAtMs: 1, openedBy: 'ann' },
		});
	const about = add('Lamp of Zwaan', 'Zwaan waits at the desk');
	const other = add('Lamp', 'of somebody else');
	const by = { operatorId: 'ben', atMs: 2 };
	interventions.addPart({ ...by, id: 'p-1', number: other, name: 'Key of Zwaan', reference: 'K-1', quantity: 1 });
	interventions.addEntry({ ...by, number: other, what: 'comment', detail: { text: 'Zwaan called', quantity: 3 } });
	interventions.addEntry({ ...by, number: other, what: 'comment', detail: { text: 'Belt is torn' } });

	await forgetInInterventions({ store, rest: turn }, (text) => text.includes('Zwaan'));

	expect(interventions.intervention(about)).toMatchObject({ title: '•••', description: '•••', people: ['ben'] });
	expect(interventions.intervention(other)).toMatchObject({
		title: 'Lamp',
		description: 'of somebody else',
		version: 1,
	});
	expect(interventions.parts(other)).toMatchObject([{ name: '•••', reference: 'K-1' }]);
	expect(interventions.entries(other, Number.MAX_SAFE_INTEGER, 10).map(({ detail }) => detail)).toEqual([
		{ text: 'Belt is torn' },
		{ text: '•••', quantity: 3 },
	]);
});
