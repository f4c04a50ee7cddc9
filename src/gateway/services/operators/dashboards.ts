import type { Widget } from '../../core/dashboard.ts';
import { LIMITS } from '../../core/limits.ts';
import { Refused, refusable } from './guarded-change.ts';
import type { OperatorsParts } from './operators-deps.ts';

/** What somebody chose for the page they begin with. */
export interface Dashboard {
	/** undefined: nothing yet. */
	readonly chosen: readonly string[] | undefined;
	/** 0: nothing was chosen yet. */
	readonly version: number;
}

export type DashboardChange =
	| { readonly result: 'done'; readonly dashboard: Dashboard }
	/** It is no longer as it was when it was read. */
	| { readonly result: 'changed' };

export interface Dashboards {
	of(operatorId: string): Dashboard;
	/** Audited. @param version as it was read; undefined: whatever it is. */
	choose(operatorId: string, widgets: readonly Widget[], version?: number): DashboardChange;
}

export function createDashboards({ store, audit, journalGrew }: OperatorsParts): Dashboards {
	const { operators, transaction } = store;
	function of(operatorId: string): Dashboard {
		const found = operators.dashboardOf(operatorId);
		return { chosen: found?.widgets, version: found?.version ?? 0 };
	}
	return {
		of,
		choose(operatorId, widgets, asRead) {
			const answer = refusable<DashboardChange>(transaction, () => {
				const present = of(operatorId);
				if (asRead !== undefined && asRead !== present.version) throw new Refused({ result: 'changed' });
				const chosen = [...new Set(widgets)].slice(0, LIMITS.dashboardWidgets);
				operators.setDashboard(operatorId, { widgets: chosen, version: present.version + 1 });
				const detail = { widgetsBefore: present.chosen?.join(' ') ?? null, widgets: chosen.join(' ') };
				audit.write('dashboardChanged', operatorId, operatorId, detail);
				return { result: 'done', dashboard: of(operatorId) };
			});
			if (answer.result === 'done') journalGrew();
			return answer;
		},
	};
}
