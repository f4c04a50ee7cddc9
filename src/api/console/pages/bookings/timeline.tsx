import type { Span } from '../../../../gateway/core/booking.ts';
import type { BookingView } from '../../../../gateway/services/bookings/booking-view.ts';
import type { PlacesSpan } from '../../../../gateway/services/bookings/promised-places.ts';
import type { Ui } from '../../ui.ts';
import {
	bookingHref,
	type CalendarDay,
	cutByDay,
	freeFrom,
	newBookingHref,
	packRows,
	spanOf,
} from './booking-calendar.ts';
import { barWords, freeWords, stateWord, timeWords, whoBooked } from './booking-views.tsx';

const STRIP = 30;
const BAR = 28;
const GAP = 4;
/** Share of the width from which a number can be read in a stretch. */
const READABLE = { wide: 2.2, phone: 9 };

/** One area, or one vehicle, over the days. */
export interface TimelineRow {
	readonly id: string;
	readonly name: string;
	/** What may be booked: an area's places, or a vehicle. */
	readonly kind: 'area' | 'vehicle';
	readonly hint: string;
	/** Whoever reads may book there. */
	readonly mayBook: boolean;
	readonly places: readonly PlacesSpan[];
	readonly bookings: readonly BookingView[];
}

interface TimelineProps {
	readonly ui: Ui;
	readonly days: readonly CalendarDay[];
	readonly row: TimelineRow;
	/** How wide it is about. */
	readonly width?: keyof typeof READABLE;
}

/** Above what is free, below one bar for each booking; places on it are shares of the time shown, so that a day of 23 hours is shorter. */
export function Timeline({ ui, days, row, width = 'wide' }: TimelineProps) {
	const span = spanOf(days);
	const rows = packRows(row.bookings);
	const height = STRIP + GAP + rows.length * (BAR + GAP);
	return (
		<svg class="timeline" width="100%" height={height} focusable="false">
			<title>{row.name}</title>
			<Grid days={days} span={span} height={height} />
			{cutByDay(row.places, days).map((places) => (
				<Stretch ui={ui} row={row} places={places} span={span} readable={READABLE[width]} />
			))}
			{row.mayBook &&
				freeFrom(row.places, days, ui.nowMs).map((places) => (
					<FreeTime ui={ui} row={row} places={places} span={span} />
				))}
			{rows.flatMap((bars, place) =>
				bars.map((booking) => <Bar ui={ui} booking={booking} span={span} y={STRIP + GAP + place * (BAR + GAP)} />),
			)}
			{span.fromMs < ui.nowMs && ui.nowMs < span.toMs && (
				<line class="timeline__now" x1={x(ui.nowMs, span)} x2={x(ui.nowMs, span)} y1="0" y2={height} />
			)}
		</svg>
	);
}

function Grid({ days, span, height }: { days: readonly CalendarDay[]; span: Span; height: number }) {
	const lines = days.length > 1 ? days.slice(1).map(({ fromMs }) => fromMs) : quarters(days);
	return (
		<>
			{lines.map((atMs) => (
				<line class="timeline__line" x1={x(atMs, span)} x2={x(atMs, span)} y1="0" y2={height} />
			))}
		</>
	);
}

/** 6, 12 and 18 o'clock. */
function quarters([day]: readonly CalendarDay[]): readonly number[] {
	if (day === undefined) return [];
	return [0.25, 0.5, 0.75].map((share) => day.fromMs + share * (day.toMs - day.fromMs));
}

interface StretchProps {
	readonly ui: Ui;
	readonly row: TimelineRow;
	readonly places: PlacesSpan;
	readonly span: Span;
	readonly readable: number;
}

/** How many places are left, for as long as it is so. */
function Stretch({ ui, row, places, span, readable }: StretchProps) {
	const { left } = places;
	const size = share(places, span);
	const tone = left === 0 ? 'full' : left !== null && left * 5 <= (places.capacity ?? 0) ? 'few' : 'free';
	const past = places.toMs <= ui.nowMs ? ' is-past' : '';
	return (
		<svg x={x(places.fromMs, span)} y="0" width={`${size}%`} height={STRIP} aria-hidden="true">
			<rect class={`timeline__stretch timeline__stretch--${tone}${past}`} width="100%" height={STRIP} />
			{size > readable && row.kind === 'area' && left !== null && (
				<text class="timeline__count" x="50%" y={STRIP / 2 + 4} text-anchor="middle">
					{ui.formats.number(left)}
				</text>
			)}
		</svg>
	);
}

/** Over what is free: leads to a booking for that time. */
function FreeTime({ ui, row, places, span }: Omit<StretchProps, 'readable'>) {
	const time = `${ui.formats.day(places.fromMs)} ${timeWords(ui, places.fromMs, places.toMs)}`;
	const label = ui.t('booking.bookHere', { what: row.name, time, free: freeWords(ui, places.left) });
	const chosen = { from: ui.formats.field(places.fromMs), to: ui.formats.field(places.toMs), [row.kind]: row.id };
	return (
		<a class="timeline__book" href={newBookingHref(chosen)} aria-label={label}>
			<title>{label}</title>
			<rect x={x(places.fromMs, span)} y="0" width={`${share(places, span)}%`} height={STRIP} />
		</a>
	);
}

function Bar({ ui, booking, span, y }: { ui: Ui; booking: BookingView; span: Span; y: number }) {
	const fromMs = Math.max(booking.startMs, span.fromMs);
	const toMs = Math.min(booking.endMs, span.toMs);
	const time = timeWords(ui, booking.startMs, booking.endMs);
	const label = [whoBooked(ui, booking), time, stateWord(ui, booking)].join(', ');
	const state = booking.kind === 'release' && booking.state === 'planned' ? 'release' : booking.state;
	const size = (100 * (toMs - fromMs)) / (span.toMs - span.fromMs);
	return (
		<a class={`bar bar--${state}`} href={bookingHref(booking.id)} aria-label={label}>
			<title>{label}</title>
			<svg x={x(fromMs, span)} y={y} width={`${size}%`} height={BAR} aria-hidden="true">
				<rect class="bar__box" x="1" y="1" width="100%" height={BAR - 2} rx="6" />
				<text class="bar__words" x="8" y={BAR / 2 + 4.5}>
					{barWords(ui, booking)}
				</text>
			</svg>
		</a>
	);
}

/** The days' names above all rows, at the same shares; each leads to its day. */
export function TimelineHead({
	ui,
	days,
	hrefOf,
}: {
	ui: Ui;
	days: readonly CalendarDay[];
	hrefOf: (day: CalendarDay) => string;
}) {
	const span = spanOf(days);
	if (days.length === 1) {
		return (
			<svg class="timeline" width="100%" height="22" aria-hidden="true" focusable="false">
				{quarters(days).map((atMs) => (
					<text class="timeline__hour" x={x(atMs, span)} y="16" text-anchor="middle">
						{ui.formats.hour(atMs)}
					</text>
				))}
			</svg>
		);
	}
	return (
		<svg class="timeline" width="100%" height="30" focusable="false">
			<title>{ui.t('booking.day')}</title>
			{days.map((day) => {
				const isToday = day.fromMs <= ui.nowMs && ui.nowMs < day.toMs;
				const middle = (day.fromMs + day.toMs) / 2;
				return (
					<a class={isToday ? 'timeline__day is-today' : 'timeline__day'} href={hrefOf(day)}>
						<rect class="timeline__hit" x={x(day.fromMs, span)} y="0" width={`${share(day, span)}%`} height="30" />
						<text x={x(middle, span)} y="20" text-anchor="middle">
							{`${ui.formats.weekday(day.date.dayOfWeek, 'short')} ${day.date.day}`}
						</text>
					</a>
				);
			})}
		</svg>
	);
}

function share({ fromMs, toMs }: Span, span: Span): number {
	return (100 * (toMs - fromMs)) / (span.toMs - span.fromMs);
}

function x(atMs: number, { fromMs, toMs }: Span): string {
	return `${((100 * (atMs - fromMs)) / (toMs - fromMs)).toFixed(4)}%`;
}
