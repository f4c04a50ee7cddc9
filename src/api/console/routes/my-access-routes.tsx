import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { PersonAccess } from '../../../gateway/services/own-access/own-access.ts';
import type { OwnBookingAnswer } from '../../../gateway/services/own-access/own-bookings.ts';
import type { OwnVisitAnswer } from '../../../gateway/services/own-access/own-visits.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { problemText } from '../pages/directory/problem-texts.ts';
import { GuestPage } from '../pages/my-access/guest-page.tsx';
import { MyAccessPage, NobodyPage } from '../pages/my-access/my-access-page.tsx';
import { MY_ACCESS_PATH, myAccessHref } from '../pages/my-access/my-access-paths.ts';
import { GiveUpPage, InvitePage, OwnBookingPage, type Typed } from '../pages/my-access/own-forms.tsx';
import { OwnLogPage } from '../pages/my-access/own-log-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { textOf } from './operator-routes.tsx';

const LINES = 10;
const PAGE = 50;
const HOUR_MS = 3_600_000;
const guard = requirePermission({ byPerson: 'signedIn' });

type Show = (access: PersonAccess, ui: Ui) => Response | Promise<Response>;

/** What is one's own, by one's own login: no address of these pages names a person. */
export function addMyAccessRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const mine = (c: HttpContext, show: Show) => {
		const ui = createUi(c);
		const person = deps.ownAccess.of(operatorOf(c));
		return person.state === 'known'
			? show(person.access, ui)
			: renderPage(c, ui, <NobodyPage ui={ui} state={person.state} />);
	};
	addLookRoutes(app, deps, createUi, mine);
	addBookingRoutes(app, mine);
	addGuestRoutes(app, deps, mine);
}

type Mine = (c: HttpContext, show: Show) => Response | Promise<Response>;

function addLookRoutes(app: Hono<HttpEnv>, { ownAccess }: ConsoleDeps, createUi: CreateUi, mine: Mine): void {
	app.get(MY_ACCESS_PATH, guard, (c) => {
		const ui = createUi(c);
		const person = ownAccess.of(operatorOf(c));
		if (person.state !== 'known') return renderPage(c, ui, <NobodyPage ui={ui} state={person.state} />);
		const { access, standing } = person;
		const lanes = ownAccess.lanes();
		const lane = lanes.find(({ id }) => id === c.req.query('lane'));
		const check = lane && access.check(lane.id);
		const props = {
			...{
				ui,
				standing,
				lanes,
				rights: access.rights(),
				credentials: access.credentials(),
				vehicles: access.vehicles(),
			},
			...{ bookings: access.bookings(), visits: access.visits(), charges: access.charges() },
			...{ log: access.log(undefined, LINES).items, mayBook: access.mayBook(), mayInvite: access.mayInvite() },
			asked: lane && check && { laneId: lane.id, laneName: lane.name, check },
			answer: c.req.query('done') === 'yes' ? ({ tone: 'good', title: ui.t('mine.done') } as const) : undefined,
		};
		return renderPage(c, ui, <MyAccessPage {...props} />);
	});
	app.get(myAccessHref('log'), guard, (c) =>
		mine(c, (access, ui) => renderPage(c, ui, <OwnLogPage ui={ui} {...access.log(c.req.query('cursor'), PAGE)} />)),
	);
}

/** From the next full hour on, for two. */
function usualTimes({ nowMs, formats }: Ui): Typed {
	const nextMs = Math.ceil(nowMs / HOUR_MS) * HOUR_MS;
	return { from: formats.field(nextMs), to: formats.field(nextMs + 2 * HOUR_MS) };
}

async function typedOf(c: HttpContext): Promise<Typed> {
	const fields = Object.entries(await readForm(c)).slice(0, 20);
	return Object.fromEntries(fields.map(([name, value]) => [name, textOf(value).slice(0, 500)]));
}

function timesOf({ formats, t }: Ui, typed: Typed) {
	const [startMs, endMs] = [formats.parseField(typed['from'] ?? ''), formats.parseField(typed['to'] ?? '')];
	return startMs === undefined || endMs === undefined ? { problem: t('form.time') } : { startMs, endMs };
}

const orNull = (text: string | undefined) => (text === undefined || text === '' ? null : text);
const orLeftOut = (text: string | undefined) => (text === undefined || text === '' ? undefined : text);

function addBookingRoutes(app: Hono<HttpEnv>, mine: Mine): void {
	const book = (c: HttpContext, ui: Ui, access: PersonAccess, typed: Typed, problems: readonly string[] = []) => {
		const rights = access.bookingRights(orNull(typed['vehicle']));
		const opens = rights.find(({ id }) => id === typed['right'])?.areaIds ?? rights.flatMap(({ areaIds }) => areaIds);
		const isAny = rights.some(({ areaIds }) => areaIds.length === 0);
		const areas = ui.site.areas.filter(({ id }) => isAny || opens.includes(id)).map(({ id, name }) => ({ id, name }));
		const chosen = { area: areas[0]?.id ?? '', ...typed };
		const props = { ui, typed: chosen, problems, areas, vehicles: access.vehicles(), rights };
		return renderPage(c, ui, <OwnBookingPage {...props} />, problems.length > 0 ? 422 : 200);
	};
	const giveUp = (c: HttpContext, ui: Ui, typed: Typed, problems: readonly string[] = []) =>
		renderPage(c, ui, <GiveUpPage {...{ ui, typed, problems }} />, problems.length > 0 ? 422 : 200);
	const asked = (c: HttpContext): Typed => {
		const right = c.req.query('right');
		return right === undefined ? {} : { right: right.slice(0, 64) };
	};

	app.get(myAccessHref('book'), guard, (c) =>
		mine(c, (access, ui) => book(c, ui, access, { ...usualTimes(ui), ...asked(c) })),
	);
	app.post(myAccessHref('book'), guard, async (c) => {
		const typed = await typedOf(c);
		return mine(c, (access, ui) => {
			const times = timesOf(ui, typed);
			if ('problem' in times) return book(c, ui, access, typed, [times.problem]);
			const place = { areaId: orNull(typed['area']), vehicleId: orNull(typed['vehicle']) };
			if (place.areaId === null && place.vehicleId === null) {
				return book(c, ui, access, typed, [ui.t('booking.problem.place')]);
			}
			const answer = access.book({
				...times,
				...place,
				rightId: orLeftOut(typed['right']),
				note: orNull(typed['note']),
			});
			return answer.result === 'done' ? done(c) : book(c, ui, access, typed, bookingWords(ui, answer));
		});
	});
	app.get(myAccessHref('give-up'), guard, (c) =>
		mine(c, (_access, ui) => giveUp(c, ui, { ...usualTimes(ui), ...asked(c) })),
	);
	app.post(myAccessHref('give-up'), guard, async (c) => {
		const typed = await typedOf(c);
		return mine(c, (access, ui) => {
			const times = timesOf(ui, typed);
			if ('problem' in times) return giveUp(c, ui, typed, [times.problem]);
			const answer = access.giveUp({ ...times, rightId: typed['right'] ?? '', note: null });
			return answer.result === 'done' ? done(c) : giveUp(c, ui, typed, bookingWords(ui, answer));
		});
	});
	app.post(`${MY_ACCESS_PATH}/bookings/:bookingId/release`, guard, (c) =>
		mine(c, (access, ui) => {
			const answer = access.release(c.req.param('bookingId'));
			if (answer.result === 'done') return done(c);
			throw new GatewayError('CONFLICT', bookingWords(ui, answer).join(' '));
		}),
	);
}

function done(c: HttpContext): Response {
	return c.redirect(`${MY_ACCESS_PATH}?done=yes`, 303);
}

/** Throws NOT_FOUND for what is not theirs. */
function bookingWords(ui: Ui, answer: OwnBookingAnswer): readonly string[] {
	switch (answer.result) {
		case 'notFound':
			throw new GatewayError('NOT_FOUND', 'There is no such booking, right or vehicle of yours.');
		case 'notAllowed':
		case 'tooMany':
			return [ui.t(`mine.not.${answer.result}`)];
		case 'refused':
			return [...new Set(answer.problems.map((problem) => problemText(ui, problem)))];
		case 'done':
			return [];
	}
}

function addGuestRoutes(app: Hono<HttpEnv>, { ownAccessRules }: ConsoleDeps, mine: Mine): void {
	const invite = (c: HttpContext, ui: Ui, typed: Typed, problems: readonly string[] = []) => {
		const props = { ui, typed, problems, rules: ownAccessRules.get() };
		return renderPage(c, ui, <InvitePage {...props} />, problems.length > 0 ? 422 : 200);
	};

	app.get(myAccessHref('invite'), guard, (c) => mine(c, (_access, ui) => invite(c, ui, usualTimes(ui))));
	app.post(myAccessHref('invite'), guard, async (c) => {
		const typed = await typedOf(c);
		return mine(c, (access, ui) => {
			const times = timesOf(ui, typed);
			if ('problem' in times) return invite(c, ui, typed, [times.problem]);
			const name = (typed['name'] ?? '').slice(0, 200);
			if (name === '') return invite(c, ui, typed, [ui.t('form.required')]);
			const credential =
				typed['by'] === 'plate'
					? ({ kind: 'plate', value: (typed['plate'] ?? '').slice(0, 32) } as const)
					: ({ kind: 'qr' } as const);
			const answer = access.invite({ name, credential, validFromMs: times.startMs, validToMs: times.endMs });
			if (answer.result !== 'done') return invite(c, ui, typed, guestWords(ui, answer));
			return c.redirect(`${myAccessHref('guests', answer.visit.id)}?new=yes`, 303);
		});
	});
	app.get(`${MY_ACCESS_PATH}/guests/:visitId`, guard, (c) =>
		mine(c, (access, ui) => {
			const visit = access.visits().find(({ id }) => id === c.req.param('visitId'));
			if (visit === undefined) throw new GatewayError('NOT_FOUND', 'There is no such guest of yours.');
			return renderPage(c, ui, <GuestPage ui={ui} visit={visit} isNew={c.req.query('new') === 'yes'} />);
		}),
	);
	app.post(`${MY_ACCESS_PATH}/guests/:visitId/end`, guard, (c) =>
		mine(c, (access, ui) => {
			const answer = access.endVisit(c.req.param('visitId'));
			if (answer.result === 'done' || answer.result === 'cancelled') return done(c);
			throw new GatewayError('CONFLICT', guestWords(ui, answer).join(' '));
		}),
	);
}

/** Throws NOT_FOUND for what is not theirs. */
function guestWords(ui: Ui, answer: OwnVisitAnswer): readonly string[] {
	switch (answer.result) {
		case 'notFound':
			throw new GatewayError('NOT_FOUND', 'There is no such guest of yours.');
		case 'notAllowed':
		case 'tooMany':
			return [ui.t(`mine.not.${answer.result}`)];
		case 'refused':
			return answer.problems.map(({ code }) => ui.t(`mine.not.${code}`));
		case 'done':
		case 'cancelled':
			return [];
	}
}
