import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Which widgets an operator chose, in their order. */
export interface ChosenDashboard {
	readonly widgets: readonly string[];
	/** Counts the changes. */
	readonly version: number;
}

export interface OperatorDashboardStore {
	/** undefined: they chose nothing yet. */
	dashboardOf(operatorId: string): ChosenDashboard | undefined;
	setDashboard(operatorId: string, dashboard: ChosenDashboard): void;
}

export function createOperatorDashboards(db: Sqlite, { run, read }: Transactions): OperatorDashboardStore {
	const find = db.prepare<[string], { readonly widgets: string; readonly version: number }>(
		'SELECT widgets, version FROM operator_dashboards WHERE operator_id = ?',
	);
	const put = db.prepare<[string, string, number]>(
		'INSERT OR REPLACE INTO operator_dashboards (operator_id, widgets, version) VALUES (?, ?, ?)',
	);
	return {
		dashboardOf: (operatorId) =>
			read(() => {
				const row = find.get(operatorId);
				return row && { version: row.version, widgets: row.widgets.split(' ').filter(Boolean) };
			}),
		setDashboard: (operatorId, { widgets, version }) => void run(() => put.run(operatorId, widgets.join(' '), version)),
	};
}
