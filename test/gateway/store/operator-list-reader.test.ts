import { expect, test } from 'vitest';
import { openTempLists } from '../../support/directory-lists.ts';
import { operatorRow } from '../../support/operators.ts';

test('I4: operators are found on the thread of lists as they are in the store, a rename and a removal too', async () => {
	const { store, thread } = openTempLists();
	const query = { words: ['an'], kind: null, after: null, limit: 10 };
	const found = () => thread.ask('operators', query);
	expect(await found()).toEqual([]);
	for (const name of ['Anna Maes', 'Jan Andries', 'Tom Claes']) {
		const id = name.split(' ')[0]?.toLowerCase() ?? '';
		store.operators.addOperator(operatorRow({ id, name, email: `${id}@acme.example` }));
	}
	expect(await found()).toEqual(store.operatorSearch.page(query));
	expect((await found()).map(({ id }) => id)).toEqual(['anna', 'jan']);
	store.operators.updateOperator({ id: 'anna', name: 'Berta Maes', email: 'berta@acme.example', state: 'active' });
	expect((await found()).map(({ id }) => id)).toEqual(['jan']);
	store.operators.removeOperator('jan');
	expect(await found()).toEqual([]);
});
