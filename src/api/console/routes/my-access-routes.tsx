import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { OwnVisitAnswer } from '../../../gateway/services/own-access/own-visits.ts';
import { type HttpContext, type HttpEnv, operatorOf } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { GuestPage } from '../pages/my-access/guest-page.tsx';
import { MyAccessPage, NobodyPage } from '../pages/my-access/my-access-page.tsx';
import { MY_ACCESS_PATH, myAccessHref } from '../pages/my-access/my-access-paths.ts';
import { InvitePage, type Typed } from '../pages/my-access/own-forms.tsx';
import { OwnLogPage } from '../pages/my-access/own-log-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { addOwnBookingRoutes } from './own-booking-routes.tsx';
import { done, mineGuard as guard, type Mine, timesOf, typedOf, usualTimes } from './own-form.ts';

const LINES = 10;
const PAGE = 50;

/** What is one's own, by one's own login: no address of these pages names a person. */
export function addMyAccessRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const mine: Mine = (c, show) => {
		const ui = createUi(c);
		const person = deps.ownAccess.of(operatorOf(c));
		return person.state === 'known'
			? show(person.access, ui)
			: renderPage(c, ui, <NobodyPage ui={ui} state={person.state} />);
	};
	addLookRoutes(app, deps, createUi, mine);
	addOwnBookingRoutes(app, mine);
	addGuestRoutes(app, deps, mine);
}

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
