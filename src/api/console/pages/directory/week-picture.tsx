import type { Ui } from '../../ui.ts';
import type { TypedPeriod } from './schedule-values.ts';
import { WEEKDAYS } from './week-words.tsx';

const DAY_HEIGHT = 22;
const LEFT = 36;
const WIDTH = 300;
const TOP = 18;
const HOURS = [0, 6, 12, 18, 24] as const;

interface Stretch {
	readonly day: number;
	readonly fromMin: number;
	readonly toMin: number;
}

/** The week at a glance; the words beside it say the same. */
export function WeekPicture({ ui, periods }: { ui: Ui; periods: readonly TypedPeriod[] }) {
	const stretches = periods.flatMap(stretchesOf);
	const height = TOP + DAY_HEIGHT * WEEKDAYS.length + 2;
	return (
		<svg
			class="week"
			viewBox={`0 0 ${LEFT + WIDTH + 8} ${height}`}
			role="img"
			aria-label={ui.t('dir.schedule.picture')}
			focusable="false"
		>
			{HOURS.map((hour) => (
				<g>
					<line class="week__line" x1={xOf(hour * 60)} x2={xOf(hour * 60)} y1={TOP} y2={height - 2} />
					<text class="week__hour" x={xOf(hour * 60)} y={TOP - 6} text-anchor={hour === 24 ? 'end' : 'middle'}>
						{hour}
					</text>
				</g>
			))}
			{WEEKDAYS.map((day) => (
				<g>
					<text class="week__day" x={LEFT - 8} y={TOP + (day - 1) * DAY_HEIGHT + 15} text-anchor="end">
						{ui.formats.weekday(day, 'short')}
					</text>
					<rect class="week__row" x={LEFT} y={yOf(day)} width={WIDTH} height={DAY_HEIGHT - 6} rx="3" />
				</g>
			))}
			{stretches.map(({ day, fromMin, toMin }) => (
				<rect
					class="week__open"
					x={xOf(fromMin)}
					y={yOf(day)}
					width={Math.max(2, xOf(toMin) - xOf(fromMin))}
					height={DAY_HEIGHT - 6}
					rx="3"
				/>
			))}
		</svg>
	);
}

function xOf(minutes: number): number {
	return LEFT + (minutes / 1_440) * WIDTH;
}

function yOf(day: number): number {
	return TOP + (day - 1) * DAY_HEIGHT + 3;
}

/** A period past midnight goes on in the next day's row. */
function stretchesOf({ days, from, to }: TypedPeriod): readonly Stretch[] {
	const [fromMin, toMin] = [minutesOf(from), minutesOf(to)];
	if (fromMin === undefined || toMin === undefined) return [];
	return days.map(Number).flatMap((day): readonly Stretch[] => {
		if (toMin > fromMin) return [{ day, fromMin, toMin }];
		const rest = { day: (day % 7) + 1, fromMin: 0, toMin };
		return [{ day, fromMin, toMin: 1_440 }, ...(toMin > 0 ? [rest] : [])];
	});
}

function minutesOf(time: string): number | undefined {
	const [, hours, minutes] = /^(\d{2}):(\d{2})$/.exec(time) ?? [];
	return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}
