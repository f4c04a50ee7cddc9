import type { Schedule } from '../../../../gateway/core/directory.ts';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';

type Period = Schedule['periods'][number];
type SpecialDay = Schedule['specialDays'][number];

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** `Mon–Fri 08:00–18:00`, a line for each period. */
export function WeekSummary({ ui, periods }: { ui: Ui; periods: readonly Period[] }) {
	return (
		<ul class="hours">
			{periods.map((period) => (
				<li>
					<span class="hours__days">{daysText(ui, period.days)}</span>
					<span class="figures">{hoursText(ui, period)}</span>
				</li>
			))}
		</ul>
	);
}

/** Days that follow each other as a range. */
function daysText(ui: Ui, days: readonly number[]): string {
	const runs: number[][] = [];
	for (const day of [...new Set(days)].sort((a, b) => a - b)) {
		const last = runs.at(-1);
		if (last !== undefined && last.at(-1) === day - 1) last.push(day);
		else runs.push([day]);
	}
	return runs
		.map((run) => [run[0], run.at(-1)] as const)
		.map(([first = 1, last = 1]) => {
			const name = (day: number) => ui.formats.weekday(day, 'short');
			if (first === last) return name(first);
			return last === first + 1 ? `${name(first)}, ${name(last)}` : `${name(first)}–${name(last)}`;
		})
		.join(', ');
}

function hoursText(ui: Ui, { from, to }: Pick<Period, 'from' | 'to'>): string {
	if (from === '00:00' && to === '24:00') return ui.t('dir.schedule.allDay');
	return crossesMidnight({ from, to }) ? `${from}–${to} ${ui.t('dir.schedule.nextDay')}` : `${from}–${to}`;
}

/** An end that is not after its beginning is on the next day. */
function crossesMidnight({ from, to }: Pick<Period, 'from' | 'to'>): boolean {
	return to <= from;
}

export function SpecialDays({ ui, days }: { ui: Ui; days: readonly SpecialDay[] }) {
	return (
		<ul class="hours">
			{days
				.toSorted((a, b) => (a.date < b.date ? -1 : 1))
				.map(({ date, name, periods }) => (
					<li>
						<span class="hours__days">
							<time datetime={date}>{ui.formats.date(date)}</time>
							{name !== '' && (
								<span class="muted">
									{' '}
									<Untrusted ui={ui} text={name} />
								</span>
							)}
						</span>
						<span class="figures">
							{periods.length === 0
								? ui.t('dir.schedule.closed')
								: periods.map((period) => hoursText(ui, period)).join(', ')}
						</span>
					</li>
				))}
		</ul>
	);
}
