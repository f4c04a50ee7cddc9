import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Which ways through the console somebody is not shown; no right, only what a menu says. */
export interface OperatorMenuStore {
	hiddenMenuOf(operatorId: string): readonly string[];
	/** In place of what was hidden. */
	setHiddenMenu(operatorId: string, hidden: readonly string[]): void;
}

export function createOperatorMenus(db: Sqlite, transactions: Transactions): OperatorMenuStore {
	const list = db
		.prepare<[string], string>('SELECT href FROM hidden_menus WHERE operator_id = ? ORDER BY href')
		.pluck();
	const clear = db.prepare<[string]>('DELETE FROM hidden_menus WHERE operator_id = ?');
	const hide = db.prepare<[string, string]>('INSERT OR IGNORE INTO hidden_menus (operator_id, href) VALUES (?, ?)');
	return {
		hiddenMenuOf: (operatorId) => list.all(operatorId),
		setHiddenMenu: (operatorId, hidden) =>
			transactions.run(() => {
				clear.run(operatorId);
				for (const href of hidden) hide.run(operatorId, href);
			}),
	};
}
