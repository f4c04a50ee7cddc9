import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { Place } from '../../../gateway/core/permission/scope.ts';
import type { MoveAnswer, SpaceWarning, StandingPlace } from '../../../gateway/services/field/logistic.ts';
import { type SeenLogistic, seenLogistic } from '../../../gateway/services/field/seen-logistic.ts';
import { personalView } from '../../../gateway/services/privacy/personal-view.ts';
import {
	type HttpContext,
	type HttpEnv,
	operatorOf,
	readForm,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { FIELD_SEARCH_LENGTH, LOGISTIC_PATH } from '../pages/field/field-paths.ts';
import { LogisticPage, type RecentMove } from '../pages/field/logistic-page.tsx';
import { parsePlace, VehiclePage } from '../pages/field/vehicle-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

const MOVES_SHOWN = 10;

export function addLogisticRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const guard = requirePermission({ inParts: 'logistic:write' });
	function logisticOf(c: HttpContext, ui: Ui): SeenLogistic {
		const { access, operator } = requireLogin(c);
		const viewAt = (place: Place) => personalView(ui.may('personalData:read', place));
		return seenLogistic(deps.fieldWork.logistic(operator.id), { ...deps, viewAt }, access);
	}

	function showList(c: HttpContext, ui: Ui, problem?: string) {
		const logistic = logisticOf(c, ui);
		const asked = (c.req.query('q') ?? '').trim().slice(0, FIELD_SEARCH_LENGTH);
		const q = ui.mayInParts('personalData:read') ? asked : '';
		const vehicles = logistic.find(q);
		const moves = logistic
			.moves(MOVES_SHOWN)
			.map((move): RecentMove => ({ move, vehicle: logistic.vehicle(move.stayId) }));
		const done = moves.find(({ move }) => move.id === c.req.query('done'));
		const status = problem === undefined ? 200 : 422;
		return renderPage(c, ui, <LogisticPage {...{ ui, q, vehicles, moves, done, problem }} />, status);
	}

	function showVehicle(
		c: HttpContext,
		ui: Ui,
		refused: { problem?: string; warned?: { to: StandingPlace; warning: SpaceWarning } } = {},
	) {
		const logistic = logisticOf(c, ui);
		const vehicle = logistic.vehicle(c.req.param('stayId') ?? '');
		if (vehicle === undefined) throw new GatewayError('NOT_FOUND', 'There is no such vehicle inside.');
		const isTaken = (spaceId: string) => logistic.inSpace(spaceId).some(({ stayId }) => stayId !== vehicle.stayId);
		const areas = ui.site.areas.filter(({ id }) => logistic.mayMoveTo(id, vehicle.holderId));
		const props = { ui, areas, vehicle, isTaken, warned: refused.warned, problem: refused.problem };
		return renderPage(c, ui, <VehiclePage {...props} />, Object.keys(refused).length === 0 ? 200 : 422);
	}

	const doneHref = ({ move }: MoveAnswer & { result: 'moved' | 'undone' }) =>
		`${LOGISTIC_PATH}?${new URLSearchParams({ done: move.id })}`;

	app.get(LOGISTIC_PATH, guard, (c) => showList(c, createUi(c)));
	app.get(`${LOGISTIC_PATH}/:stayId`, guard, (c) => showVehicle(c, createUi(c)));
	app.post(`${LOGISTIC_PATH}/:stayId`, guard, async (c) => {
		const ui = createUi(c);
		const { place, even } = await readForm(c);
		const to = parsePlace(typeof place === 'string' ? place : '');
		const operatorId = operatorOf(c);
		const request = { stayId: c.req.param('stayId'), ...to, evenIfTaken: even === 'yes', operatorId };
		const answer = logisticOf(c, ui).move(request);
		if (answer.result === 'taken') return showVehicle(c, ui, { warned: { to, warning: answer.warning } });
		if (answer.result !== 'refused') return c.redirect(doneHref(answer), 303);
		const problem = ui.t(`logistic.refused.${answer.because}`);
		return answer.because === 'noSuchStay' ? showList(c, ui, problem) : showVehicle(c, ui, { problem });
	});
	app.post(`${LOGISTIC_PATH}/moves/:moveId/undo`, guard, (c) => {
		const ui = createUi(c);
		const answer = logisticOf(c, ui).undo(c.req.param('moveId'), operatorOf(c));
		if (answer.result === 'refused') return showList(c, ui, ui.t(`logistic.refused.${answer.because}`));
		return answer.result === 'taken' ? showList(c, ui) : c.redirect(doneHref(answer), 303);
	});
}
