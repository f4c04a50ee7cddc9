import { MODULES } from '../../../../gateway/core/permission/modules.ts';
import type { OwnActivity } from '../../../../gateway/services/activity/audit-log.ts';
import type { OperatorDay } from '../../../../gateway/services/activity/operator-activity.ts';
import type { Operators } from '../../../../gateway/services/operators.ts';
import type { Ui } from '../../ui.ts';
import { DoneLine } from './activity-words.tsx';

/** What the card shows: the last things its reader did, and their days of the last month. */
export interface OwnActivityShown {
	readonly done: readonly OwnActivity[];
	readonly days: readonly OperatorDay[];
}

const SHOWN = 10;
const DAYS = 30;

export function ownActivity(
	{ audit, activity }: Pick<Operators, 'audit' | 'activity'>,
	operatorId: string,
): OwnActivityShown {
	return { done: audit.ofOperator(operatorId, { limit: SHOWN }).items, days: activity.days(operatorId, DAYS) };
}

/** What somebody did last, for themselves. */
export function OwnActivityCard({ ui, own }: { readonly ui: Ui; readonly own: OwnActivityShown }) {
	const { t, formats } = ui;
	const sum = (count: (day: OperatorDay) => number) => own.days.reduce((total, day) => total + count(day), 0);
	const changes = sum((day) => MODULES.reduce((total, module) => total + day[module], 0));
	return (
		<section class="card" aria-labelledby="own-activity-title">
			<h2 class="card__title" id="own-activity-title">
				{t('activity.own')}
			</h2>
			<p class="muted">
				{t('activity.ownDays', {
					days: formats.number(own.days.length),
					logins: formats.number(sum(({ logins }) => logins)),
					changes: formats.number(changes),
				})}
			</p>
			{own.done.length === 0 ? (
				<p class="muted">{t('activity.nothing')}</p>
			) : (
				<ol class="done-lines">
					{own.done.map((done) => (
						<DoneLine ui={ui} done={done} />
					))}
				</ol>
			)}
		</section>
	);
}
