import { mayAtTarget } from '../../../../gateway/core/permission/target-place.ts';
import type { Ui } from '../../ui.ts';
import { reportHref } from './maintenance-paths.ts';

interface ReportFaultProps {
	readonly ui: Ui;
	readonly device?: string;
	readonly lane?: string;
	/** What is known of it. */
	readonly title: string;
}

/** Beside something that does not work: a new intervention with what is known of it. */
export function ReportFault({ ui, ...known }: ReportFaultProps) {
	const { device, lane } = known;
	const target =
		device === undefined ? ({ kind: 'lane', id: lane ?? '' } as const) : ({ kind: 'device', id: device } as const);
	if (!mayAtTarget(ui, ui.site.lanes, target, 'interventions:report')) return null;
	return (
		<a class="problems__report" href={reportHref(known)}>
			{ui.t('maintenance.report')}
		</a>
	);
}
