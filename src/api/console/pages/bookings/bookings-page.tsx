import type { BookingView } from '../../../../gateway/services/bookings/booking-view.ts';
import { Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { DoneNotice, type EditDone } from '../directory/done-notice.tsx';
import {
	BOOKINGS_PATH,
	bookingHref,
	CALENDAR_VIEWS,
	type CalendarDay,
	type CalendarPlace,
	calendarHref,
	freeFrom,
	newBookingHref,
} from './booking-calendar.ts';
import { BookingPill, freeWords, nameWords, timeWords } from './booking-views.tsx';
import { Timeline, TimelineHead, type TimelineRow } from './timeline.tsx';

export interface BookingsProps {
	readonly ui: Ui;
	readonly place: CalendarPlace;
	/** Shown beside one another where there is room. */
	readonly days: readonly CalendarDay[];
	/** The one that a phone shows. */
	readonly day: CalendarDay;
	readonly areas: readonly TimelineRow[];
	readonly fleet: readonly TimelineRow[];
	readonly vehicles: readonly { readonly id: string; readonly name: string }[];
	/** More than are shown. */
	readonly isCut: boolean;
	readonly done: EditDone | undefined;
}

/** Who has a place or a vehicle when, and what is free. */
export function BookingsPage(props: BookingsProps) {
	const { ui, place, done, isCut, areas, fleet } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('booking.title')} aside={<NewBooking ui={ui} />}>
			{done !== undefined && <DoneNotice ui={ui} done={done} />}
			<Filters {...props} />
			{isCut && <Notice tone="warning" title={t('booking.more')} />}
			<nav class="calendar-nav calendar-nav--wide" aria-label={t('booking.view')}>
				<Steps ui={ui} place={place} view={place.view} />
				<div class="segments">
					{CALENDAR_VIEWS.map((view) => (
						<a
							class="segment"
							href={calendarHref({ ...place, view })}
							aria-current={view === place.view ? 'page' : undefined}
						>
							{t(`booking.${view}`)}
						</a>
					))}
				</div>
			</nav>
			<nav class="calendar-nav calendar-nav--phone" aria-label={t('booking.day')}>
				<Steps ui={ui} place={place} view="day" />
			</nav>
			{(areas.length > 0 || fleet.length === 0) && <Calendar {...props} rows={areas} title={t('booking.areas')} />}
			{fleet.length > 0 && (
				<Calendar {...props} rows={fleet} title={t('booking.fleet')} hint={t('booking.fleetHint')} />
			)}
			<p class="calendar-foot">
				<a class="panel__link" href="/planned-uses">
					{t('booking.asList')}
					<Icon name="chevron-right" size="small" />
				</a>
			</p>
		</Page>
	);
}

function NewBooking({ ui }: { ui: Ui }) {
	if (!ui.mayInParts('plannedUses:write')) return null;
	return (
		<a class="button button--primary" href={newBookingHref()}>
			<Icon name="plus" />
			{ui.t('booking.new')}
		</a>
	);
}

function Filters({ ui, place, vehicles }: BookingsProps) {
	const { t } = ui;
	const areas = ui.areasFor('plannedUses').map(({ id, name }) => ({ value: id, label: name }));
	return (
		<form class="calendar-filters" method="get" action={BOOKINGS_PATH}>
			<input type="hidden" name="date" value={place.date.toString()} />
			<input type="hidden" name="view" value={place.view} />
			<Select name="area" label={t('booking.area')} any={t('booking.allAreas')} options={areas} selected={place.area} />
			{vehicles.length > 0 && (
				<Select
					name="vehicle"
					label={t('booking.vehicle')}
					any={t('booking.allVehicles')}
					options={vehicles.map(({ id, name }) => ({ value: id, label: name }))}
					selected={place.vehicle}
				/>
			)}
			<button class="button" type="submit">
				<Icon name="filter" size="small" />
				{t('booking.apply')}
			</button>
		</form>
	);
}

function Steps({ ui, place, view }: { ui: Ui; place: CalendarPlace; view: CalendarPlace['view'] }) {
	const { t } = ui;
	const step = view === 'week' ? { days: 7 } : { days: 1 };
	const { area, vehicle } = place;
	const words = view === 'week' ? (['previousWeek', 'nextWeek'] as const) : (['previousDay', 'nextDay'] as const);
	const first = view === 'week' ? place.date.subtract({ days: place.date.dayOfWeek - 1 }) : place.date;
	return (
		<div class="calendar-steps">
			<a
				class="icon-button"
				href={calendarHref({ ...place, date: place.date.subtract(step) })}
				aria-label={t(`booking.${words[0]}`)}
			>
				<Icon name="chevron-left" />
			</a>
			<a
				class="icon-button"
				href={calendarHref({ ...place, date: place.date.add(step) })}
				aria-label={t(`booking.${words[1]}`)}
			>
				<Icon name="chevron-right" />
			</a>
			<a class="button button--quiet" href={calendarHref({ view: place.view, area, vehicle })}>
				{t('booking.today')}
			</a>
			<h2 class="calendar-title">
				{ui.formats.date(first.toString())}
				{view === 'week' && ` – ${ui.formats.date(first.add({ days: 6 }).toString())}`}
			</h2>
		</div>
	);
}

function Calendar({
	ui,
	place,
	days,
	day,
	rows,
	title,
	hint,
}: BookingsProps & { rows: readonly TimelineRow[]; title: string; hint?: string }) {
	const hrefOf = ({ date }: CalendarDay) => calendarHref({ ...place, view: 'day', date });
	return (
		<section class="card calendar" aria-label={title}>
			<div class="panel__head">
				<h2 class="card__title">{title}</h2>
				{hint !== undefined && <p class="card__note">{hint}</p>}
			</div>
			<div class="calendar__wide">
				<div class="calendar__row">
					<span />
					<TimelineHead ui={ui} days={days} hrefOf={hrefOf} />
				</div>
				{rows.map((row) => (
					<div class="calendar__row">
						<RowName ui={ui} row={row} />
						<Timeline ui={ui} days={days} row={row} />
					</div>
				))}
			</div>
			{rows.length === 0 && <EmptyState icon="calendar" title={ui.t('booking.none')} hint={ui.t('booking.noneHint')} />}
			<div class="calendar__phone">
				{rows.map((row) => (
					<Agenda ui={ui} day={day} row={row} />
				))}
			</div>
		</section>
	);
}

function RowName({ ui, row }: { ui: Ui; row: TimelineRow }) {
	return (
		<div class="calendar__name">
			<h3>
				<Untrusted ui={ui} text={row.name} />
			</h3>
			<p class="muted">{row.hint}</p>
		</div>
	);
}

/** One row's day as a phone shows it: a strip, the bookings by time, and the times that are free. */
function Agenda({ ui, day, row }: { ui: Ui; day: CalendarDay; row: TimelineRow }) {
	const { t } = ui;
	const bookings = row.bookings.filter(({ startMs, endMs }) => startMs < day.toMs && day.fromMs < endMs);
	const free = freeFrom(row.places, [day], ui.nowMs);
	return (
		<section class="agenda" aria-label={row.name}>
			<RowName ui={ui} row={row} />
			<Timeline ui={ui} days={[day]} row={{ ...row, bookings: [] }} width="phone" />
			<TimelineHead ui={ui} days={[day]} hrefOf={() => ''} />
			{bookings.length > 0 && (
				<ul class="agenda__bookings">
					{bookings.map((booking) => (
						<AgendaBooking ui={ui} booking={booking} />
					))}
				</ul>
			)}
			{row.mayBook && free.length > 0 && (
				<ul class="agenda__free">
					{free.map((places) => {
						const chosen = {
							from: ui.formats.field(places.fromMs),
							to: ui.formats.field(places.toMs),
							[row.kind]: row.id,
						};
						return (
							<li>
								<a class="button button--quiet" href={newBookingHref(chosen)}>
									<Icon name="plus" size="small" />
									{timeWords(ui, places.fromMs, places.toMs)}
									<span class="muted">{row.kind === 'area' ? freeWords(ui, places.left) : t('booking.isFree')}</span>
								</a>
							</li>
						);
					})}
				</ul>
			)}
			{free.length === 0 && bookings.length === 0 && (
				<EmptyState icon="calendar" title={t('booking.none')} hint={t('booking.noneHint')} />
			)}
		</section>
	);
}

function AgendaBooking({ ui, booking }: { ui: Ui; booking: BookingView }) {
	return (
		<li class="agenda__booking">
			<span class="agenda__time">{timeWords(ui, booking.startMs, booking.endMs)}</span>
			<a class="agenda__link" href={bookingHref(booking.id)}>
				{nameWords(ui, booking)}
			</a>
			<BookingPill ui={ui} state={booking.state} />
		</li>
	);
}
