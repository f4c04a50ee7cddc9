import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { mayAtRow } from '../../../gateway/core/permission/decide-change.ts';
import { createPlaces } from '../../../gateway/core/permission/scope.ts';
import type { BookingView } from '../../../gateway/services/bookings/booking-view.ts';
import type { BookingAnswer } from '../../../gateway/services/bookings/bookings.ts';
import type { PlacesSpan } from '../../../gateway/services/bookings/promised-places.ts';
import { type SeenBookings, seenBookings } from '../../../gateway/services/bookings/seen-bookings.ts';
import { type HttpContext, type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import { areaAt } from '../../http/seen-in-parts.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { directorySeenBy } from '../directory-seen-by.ts';
import {
	BOOKINGS_PATH,
	bookingHref,
	calendarDays,
	dayOf,
	newBookingHref,
	parsePlace,
	spanOf,
} from '../pages/bookings/booking-calendar.ts';
import {
	BookingFormPage,
	type BookingFormState,
	emptyBookingForm,
	PEOPLE_SHOWN,
	parseBookingForm,
	readBookingForm,
	withProblems,
} from '../pages/bookings/booking-form.tsx';
import { BookingPage, type MoveState, MoveView, ReleaseView } from '../pages/bookings/booking-page.tsx';
import { BookingsPage } from '../pages/bookings/bookings-page.tsx';
import type { TimelineRow } from '../pages/bookings/timeline.tsx';
import { parseDone, withDone } from '../pages/directory/done-notice.tsx';
import { problemText } from '../pages/directory/problem-texts.ts';
import { peopleSeenBy } from '../people-seen-by.ts';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** As whoever asks may see and make them. */
function bookingsOf(c: HttpContext, deps: ConsoleDeps): SeenBookings {
	return seenBookings({ ...deps, places: createPlaces(deps.site) }, requireLogin(c).access);
}

/** Bookings: the calendar, new ones, moving and giving up. */
export function addBookingRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.get(BOOKINGS_PATH, requirePermission({ inParts: 'plannedUses:read' }), async (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <BookingsPage {...(await loadCalendar(bookingsOf(c, deps), ui, c.req.query()))} />);
	});
	addNewRoutes(app, deps, createUi);
	addOneRoutes(app, deps, createUi);
}

async function loadCalendar(bookings: SeenBookings, ui: Ui, query: Readonly<Record<string, string>>) {
	const { timeZone } = ui.site;
	const place = parsePlace(query, { nowMs: ui.nowMs, timeZone });
	const days = calendarDays(place, timeZone);
	const span = spanOf(days);
	const [all, vehicles] = await Promise.all([bookings.list(span), bookings.fleet()]);
	const isAsked = (id: string) => place.vehicle === '' && (place.area === '' || place.area === id);
	const isTheirs = (id: string) => ui.may('plannedUses:read', areaAt(id));
	// Of an area that is not theirs they see the bookings that are.
	const areas = ui.site.areas.filter(
		({ id }) => isAsked(id) && (isTheirs(id) || all.some(({ areaIds }) => areaIds.includes(id))),
	);
	const bookable = new Set(ui.areasFor('plannedUses', 'write').map(({ id }) => id));
	const mayWrite = ui.mayInParts('plannedUses:write');
	const shown = vehicles.filter(({ id }) => place.area === '' && (place.vehicle === '' || place.vehicle === id));
	return {
		...{ ui, place, days, day: dayOf(place.date, timeZone) },
		areas: areas.map(({ id, name, capacity }): TimelineRow => {
			const hint = capacity === undefined ? ui.t('booking.anyNumber') : ui.t('booking.capacity', { count: capacity });
			const own = all.filter(({ areaIds }) => areaIds.includes(id));
			const mayBook = mayWrite && bookable.has(id);
			return { id, name, kind: 'area', hint, mayBook, places: bookings.availability(id, span) ?? [], bookings: own };
		}),
		fleet: shown.map(({ id, name, make, model }): TimelineRow => {
			const hint = [make, model].filter((text) => text !== null).join(' ');
			const own = all.filter(({ vehicleId }) => vehicleId === id);
			const places = placesOfVehicle(bookings, id, span);
			return { id, name, kind: 'vehicle', hint, mayBook: mayWrite, places, bookings: own };
		}),
		vehicles: vehicles.map(({ id, name }) => ({ id, name })),
		isCut: all.length >= LIMITS.bookingsShown,
		done: parseDone(ui, query),
	};
}

/** A vehicle is one place that is free or not. */
function placesOfVehicle(
	bookings: Pick<SeenBookings, 'vehicleAvailability'>,
	vehicleId: string,
	span: ReturnType<typeof spanOf>,
): readonly PlacesSpan[] {
	const { busy = [], free = [] } = bookings.vehicleAvailability(vehicleId, span) ?? {};
	const one = (left: number) => (part: { readonly fromMs: number; readonly toMs: number }) => ({
		...{ ...part, capacity: 1, kept: 0, booked: 1 - left, left },
	});
	return [...busy.map(one(0)), ...free.map(one(1))].toSorted((a, b) => a.fromMs - b.fromMs);
}

function addNewRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const path = newBookingHref();
	const show = async (c: HttpContext, ui: Ui, form: BookingFormState, status: 200 | 422 = 200) => {
		const vehicles = (await bookingsOf(c, deps).fleet()).map(({ id, name }) => ({ id, name }));
		return renderPage(c, ui, <BookingFormPage ui={ui} form={form} vehicles={vehicles} />, status);
	};

	app.get(path, requirePermission({ inParts: 'plannedUses:write' }), async (c) => {
		const ui = createUi(c);
		const form = emptyBookingForm(ui, c.req.query());
		const holder = form.holderId === '' ? undefined : (await peopleFor(c, deps, ui, form)).holder(form.holderId);
		return show(c, ui, { ...form, who: holder?.name ?? '', holderId: holder?.id ?? '' });
	});
	app.post(path, requirePermission({ inParts: 'plannedUses:write' }), async (c) => {
		const ui = createUi(c);
		const form = readBookingForm(await readForm(c));
		const bookings = bookingsOf(c, deps);
		const parsed = parseBookingForm(form, ui, await peopleFor(c, deps, ui, form));
		if ('form' in parsed) return show(c, ui, parsed.form, 422);
		const { request } = parsed;
		const answer = bookings.book(request, by(c));
		if (answer.result === 'done') return leave(c, doneAt(ui, answer, 'created'));
		const rights = bookings.rightsFor(request.holderId, request.vehicleId);
		const known = { ...form, holderId: request.holderId, rights };
		return show(c, ui, withProblems(ui, known, answer.problems), 422);
	});
}

/** Whom the form may be about: who books for a part of the site finds whom they see, by name where they read names. */
async function peopleFor(
	c: HttpContext,
	all: ConsoleDeps,
	ui: Ui,
	{ who, holderId }: Pick<BookingFormState, 'who' | 'holderId'>,
): Promise<Pick<ConsoleDeps['people'], 'find' | 'holder'>> {
	if (ui.may('plannedUses:write')) return all.people;
	const isChosen = holderId !== '' && directorySeenBy(c, all).edits.get('holders', holderId) !== undefined;
	const kinds = ['person', 'organisation'];
	return peopleSeenBy(c, all, ui, { q: isChosen ? '' : who, limit: PEOPLE_SHOWN, kinds });
}

function addOneRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const found = (c: HttpContext): BookingView => {
		const booking = bookingsOf(c, deps).get(c.req.param('id') ?? '');
		if (booking === undefined) throw new GatewayError('NOT_FOUND', 'There is no such booking.');
		return booking;
	};
	const writable = (c: HttpContext): BookingView => {
		const booking = found(c);
		if (bookingsOf(c, deps).mayWrite(booking.id)) return booking;
		throw new GatewayError('FORBIDDEN', 'You see this booking, and may not change it.');
	};
	const words = (ui: Ui, answer: BookingAnswer) =>
		answer.result === 'refused' ? [...new Set(answer.problems.map((problem) => problemText(ui, problem)))] : [];

	function showMove(c: HttpContext, ui: Ui, booking: BookingView, move: MoveState) {
		const view = <MoveView ui={ui} booking={booking} move={move} inDialog={asksForPart(c)} />;
		return (asksForPart(c) ? renderPart : renderPage)(c, ui, view, move.problems.length > 0 ? 422 : 200);
	}
	function showRelease(c: HttpContext, ui: Ui, booking: BookingView, problems: readonly string[]) {
		const view = <ReleaseView ui={ui} booking={booking} problems={problems} inDialog={asksForPart(c)} />;
		return (asksForPart(c) ? renderPart : renderPage)(c, ui, view, problems.length > 0 ? 422 : 200);
	}

	app.get(`${BOOKINGS_PATH}/:id`, requirePermission({ inParts: 'plannedUses:read' }), (c) => {
		const ui = createUi(c);
		const booking = found(c);
		const mayWrite = bookingsOf(c, deps).mayWrite(booking.id);
		const done = parseDone(ui, c.req.query());
		const look = deps.rowLook();
		const { access } = requireLogin(c);
		const isOpen = (table: 'holders' | 'assignedRights', id: string) =>
			mayAtRow(access, `${table}:read`, table, look.row(table, id), look);
		return renderPage(c, ui, <BookingPage {...{ ui, booking, mayWrite, isOpen, done }} />);
	});
	app.get(`${BOOKINGS_PATH}/:id/move`, requirePermission({ inParts: 'plannedUses:write' }), (c) => {
		const ui = createUi(c);
		const booking = writable(c);
		const { formats } = ui;
		const times = { from: formats.field(booking.startMs), to: formats.field(booking.endMs) };
		return showMove(c, ui, booking, { ...times, area: booking.areaId ?? '', problems: [] });
	});
	app.post(`${BOOKINGS_PATH}/:id/move`, requirePermission({ inParts: 'plannedUses:write' }), async (c) => {
		const ui = createUi(c);
		const booking = writable(c);
		const { from, to, area } = await readForm(c);
		const typed = { from: String(from ?? '').slice(0, 40), to: String(to ?? '').slice(0, 40) };
		const move = { ...typed, area: typeof area === 'string' ? area.slice(0, 64) : '' };
		const [startMs, endMs] = [ui.formats.parseField(move.from), ui.formats.parseField(move.to)];
		if (startMs === undefined || endMs === undefined) {
			return showMove(c, ui, booking, { ...move, problems: [ui.t('form.time')] });
		}
		const elsewhere = move.area !== '' && move.area !== booking.areaId;
		const change = { startMs, endMs, ...(elsewhere && { areaId: move.area, spaceId: null }) };
		const answer = bookingsOf(c, deps).move(booking.id, change, by(c));
		if (answer.result === 'done') return leave(c, doneAt(ui, answer, 'saved'));
		return showMove(c, ui, booking, { ...move, problems: words(ui, answer) });
	});
	app.get(`${BOOKINGS_PATH}/:id/release`, requirePermission({ inParts: 'plannedUses:write' }), (c) =>
		showRelease(c, createUi(c), writable(c), []),
	);
	app.post(`${BOOKINGS_PATH}/:id/release`, requirePermission({ inParts: 'plannedUses:write' }), (c) => {
		const ui = createUi(c);
		const booking = writable(c);
		const answer = bookingsOf(c, deps).release(booking.id, by(c));
		if (answer.result === 'done') return leave(c, doneAt(ui, answer, 'saved'));
		return showRelease(c, ui, booking, words(ui, answer));
	});
}

const by = (c: HttpContext) => ({ operatorId: requireLogin(c).operator.id });

function doneAt(ui: Ui, { booking, batchId }: BookingAnswer & { result: 'done' }, what: 'created' | 'saved'): string {
	return withDone(ui, bookingHref(booking.id), { what, count: 1, batchId });
}

/** A script is told to go where a browser is led. */
function leave(c: HttpContext, path: string): Response {
	if (!asksForPart(c)) return c.redirect(path, 303);
	c.header('HX-Redirect', path);
	return c.body(null, 204);
}
