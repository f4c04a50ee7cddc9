import type { Hono } from 'hono';
import { areaChain } from '../../../gateway/core/area-chain.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { EditProblem } from '../../../gateway/services/directory/directory-edits.ts';
import type { PersonAccess } from '../../../gateway/services/own-access/own-access.ts';
import type { OwnBooking, OwnBookingAnswer } from '../../../gateway/services/own-access/own-bookings.ts';
import type { HttpContext, HttpEnv } from '../../http/login-context.ts';
import { CATALOGUES, type LabelKey } from '../catalogue/translator.ts';
import { problemText } from '../pages/directory/problem-texts.ts';
import { MY_ACCESS_PATH, myAccessHref } from '../pages/my-access/my-access-paths.ts';
import { OwnBookingPage, OwnMovePage, placeField, placeOf } from '../pages/my-access/own-booking-page.tsx';
import { GiveUpPage, type Typed } from '../pages/my-access/own-forms.tsx';
import { renderPage } from '../render.tsx';
import type { Ui } from '../ui.ts';
import { done, type Mine, mineGuard, orLeftOut, orNull, timesOf, typedOf, usualTimes } from './own-form.ts';

/** One's own bookings: made, moved, released; and a kept place given up for a time. */
export function addOwnBookingRoutes(app: Hono<HttpEnv>, mine: Mine): void {
	addNewRoutes(app, mine);
	addMoveRoutes(app, mine);
	addGiveUpRoutes(app, mine);
	app.post(`${MY_ACCESS_PATH}/bookings/:bookingId/release`, mineGuard, (c) =>
		mine(c, (access, ui) => {
			const answer = access.release(c.req.param('bookingId'));
			if (answer.result === 'done') return done(c);
			throw new GatewayError('CONFLICT', bookingWords(ui, answer).join(' '));
		}),
	);
}

const asked = (c: HttpContext): Typed => {
	const right = c.req.query('right');
	return right === undefined ? {} : { right: right.slice(0, 64) };
};

/** What can be chosen from, at the time that is typed. */
function choices(ui: Ui, access: PersonAccess, typed: Typed, bookingId?: string) {
	const vehicleId = orNull(typed['vehicle']);
	const rights = access.bookingRights(vehicleId);
	const rightId = rights.find(({ id }) => id === typed['right'])?.id;
	const opens = rights.filter(({ id }) => rightId === undefined || id === rightId);
	const isOpen = (areaId: string) =>
		opens.some(
			({ areaIds }) => areaIds.length === 0 || areaChain(ui.site, areaId).some((of) => areaIds.includes(of.areaId)),
		);
	const open = ui.site.areas.filter(({ id }) => isOpen(id));
	const times = timesOf(ui, typed);
	const span = 'problem' in times ? undefined : times;
	const spaces = span && access.freeSpaces({ ...span, rightId, vehicleId, bookingId });
	return {
		...{ areas: open.map(({ id, name }) => ({ id, name })), vehicles: access.vehicles(), rights, span },
		...{ spaces: spaces ?? [], hasSpaces: open.some((area) => (area.spaces ?? []).length > 0) },
	};
}

function addNewRoutes(app: Hono<HttpEnv>, mine: Mine): void {
	const book = (c: HttpContext, ui: Ui, access: PersonAccess, typed: Typed, problems: readonly string[] = []) => {
		const props = choices(ui, access, typed);
		const chosen = { area: props.areas[0]?.id ?? '', ...typed };
		return renderPage(c, ui, <OwnBookingPage {...{ ui, problems, ...props }} typed={chosen} />, status(problems));
	};

	app.get(myAccessHref('book'), mineGuard, (c) =>
		mine(c, (access, ui) => book(c, ui, access, { ...usualTimes(ui), ...asked(c) })),
	);
	app.post(myAccessHref('book'), mineGuard, async (c) => {
		const typed = await typedOf(c);
		return mine(c, (access, ui) => {
			const times = timesOf(ui, typed);
			if ('problem' in times) return book(c, ui, access, typed, [times.problem]);
			if (typed['look'] !== undefined) return book(c, ui, access, typed);
			const place = { ...placeOf(typed), vehicleId: orNull(typed['vehicle']) };
			if (Object.values(place).every((id) => id === null)) {
				return book(c, ui, access, typed, [ui.t('booking.problem.place')]);
			}
			const wish = { ...times, ...place, rightId: orLeftOut(typed['right']), note: orNull(typed['note']) };
			const answer = access.book(wish);
			return answer.result === 'done' ? done(c) : book(c, ui, access, typed, bookingWords(ui, answer));
		});
	});
}

function addMoveRoutes(app: Hono<HttpEnv>, mine: Mine): void {
	const path = `${MY_ACCESS_PATH}/bookings/:bookingId/move`;
	const found = (c: HttpContext, access: PersonAccess): OwnBooking => {
		const id = c.req.param('bookingId');
		const booking = access.bookings().find((one) => one.id === id && one.kind === 'booking');
		if (booking === undefined) throw new GatewayError('NOT_FOUND', 'There is no such booking of yours.');
		return booking;
	};
	const move = (c: HttpContext, ui: Ui, access: PersonAccess, typed: Typed, problems: readonly string[] = []) => {
		const booking = found(c, access);
		const props = choices(ui, access, { ...typed, right: booking.rightId }, booking.id);
		return renderPage(c, ui, <OwnMovePage {...{ ui, typed, problems, booking, ...props }} />, status(problems));
	};
	const asItIs = ({ formats }: Ui, booking: OwnBooking): Typed => ({
		...{ from: formats.field(booking.startMs), to: formats.field(booking.endMs) },
		...{ area: placeField(booking), vehicle: booking.vehicleId ?? '', note: booking.note ?? '' },
	});

	app.get(path, mineGuard, (c) => mine(c, (access, ui) => move(c, ui, access, asItIs(ui, found(c, access)))));
	app.post(path, mineGuard, async (c) => {
		const sent = await typedOf(c);
		return mine(c, (access, ui) => {
			const was = asItIs(ui, found(c, access));
			const typed = { ...was, ...sent };
			const times = timesOf(ui, typed);
			if ('problem' in times) return move(c, ui, access, typed, [times.problem]);
			if (typed['look'] !== undefined) return move(c, ui, access, typed);
			const answer = access.move(found(c, access).id, {
				// A field holds whole minutes: what was not touched stays to the millisecond.
				...(typed['from'] !== was['from'] && { startMs: times.startMs }),
				...(typed['to'] !== was['to'] && { endMs: times.endMs }),
				...(typed['area'] !== was['area'] && placeOf(typed)),
				...{ vehicleId: orNull(typed['vehicle']), note: orNull(typed['note']) },
			});
			return answer.result === 'done' ? done(c) : move(c, ui, access, typed, bookingWords(ui, answer));
		});
	});
}

function addGiveUpRoutes(app: Hono<HttpEnv>, mine: Mine): void {
	const giveUp = (c: HttpContext, ui: Ui, typed: Typed, problems: readonly string[] = []) =>
		renderPage(c, ui, <GiveUpPage {...{ ui, typed, problems }} />, status(problems));

	app.get(myAccessHref('give-up'), mineGuard, (c) =>
		mine(c, (_access, ui) => giveUp(c, ui, { ...usualTimes(ui), ...asked(c) })),
	);
	app.post(myAccessHref('give-up'), mineGuard, async (c) => {
		const typed = await typedOf(c);
		return mine(c, (access, ui) => {
			const times = timesOf(ui, typed);
			if ('problem' in times) return giveUp(c, ui, typed, [times.problem]);
			const answer = access.giveUp({ ...times, rightId: typed['right'] ?? '', note: null });
			return answer.result === 'done' ? done(c) : giveUp(c, ui, typed, bookingWords(ui, answer));
		});
	});
}

const status = (problems: readonly string[]) => (problems.length > 0 ? 422 : 200);

/** Throws NOT_FOUND for what is not theirs. */
function bookingWords(ui: Ui, answer: OwnBookingAnswer): readonly string[] {
	switch (answer.result) {
		case 'notFound':
			throw new GatewayError('NOT_FOUND', 'There is no such booking, right or vehicle of yours.');
		case 'notAllowed':
		case 'tooMany':
		case 'ended':
			return [ui.t(`mine.not.${answer.result}`)];
		case 'refused':
			return [...new Set(answer.problems.map((problem) => ownProblem(ui, problem)))];
		case 'done':
			return [];
	}
}

/** Said to whom it is about, with what they can do. */
function ownProblem(ui: Ui, problem: EditProblem): string {
	const { because, areaId } = problem.detail ?? {};
	if (because === 'areaFull') return ui.t('mine.problem.areaFull', { area: ui.placeName(String(areaId)) });
	const key = `mine.problem.${String(because)}`;
	if (!isLabel(key)) return problemText(ui, problem);
	return ui.t(key);
}

function isLabel(key: string): key is Extract<LabelKey, `mine.problem.${string}`> {
	return Object.hasOwn(CATALOGUES.en, key);
}
