import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { MoveAnswer, SpaceWarning, StandingPlace } from '../../../gateway/services/field/logistic.ts';
import { personalView } from '../../../gateway/services/privacy/personal-view.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import { shownVehicle } from '../../http/routes/logistic-routes.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { FIELD_SEARCH_LENGTH, LOGISTIC_PATH } from '../pages/field/field-paths.ts';
import { LogisticPage, type RecentMove } from '../pages/field/logistic-page.tsx';
import { parsePlace, VehiclePage } from '../pages/field/vehicle-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

const MOVES_SHOWN = 10;

export function addLogisticRoutes(app: Hono<HttpEnv>, { fieldWork }: ConsoleDeps, createUi: CreateUi): void {
	const guard = requirePermission('logistic:write');
	const logisticOf = (c: HttpContext) => fieldWork.logistic(operatorOf(c));
	const viewOf = (ui: Ui) => personalView(ui.may('personalData:read'));

	function showList(c: HttpContext, ui: Ui, problem?: string) {
		const logistic = logisticOf(c);
		const view = viewOf(ui);
		const asked = (c.req.query('q') ?? '').trim().slice(0, FIELD_SEARCH_LENGTH);
		const q = view.seesAll ? asked : '';
		const vehicles = logistic.find(q).map((vehicle) => shownVehicle(view, vehicle));
		const moves = logistic.moves(MOVES_SHOWN).map((move): RecentMove => {
			const vehicle = logistic.vehicle(move.stayId);
			return { move, vehicle: vehicle && shownVehicle(view, vehicle) };
		});
		const done = moves.find(({ move }) => move.id === c.req.query('done'));
		const status = problem === undefined ? 200 : 422;
		return renderPage(c, ui, <LogisticPage {...{ ui, q, vehicles, moves, done, problem }} />, status);
	}

	function showVehicle(
		c: HttpContext,
		ui: Ui,
		refused: { problem?: string; warned?: { to: StandingPlace; warning: SpaceWarning } } = {},
	) {
		const logistic = logisticOf(c);
		const view = viewOf(ui);
		const vehicle = logistic.vehicle(c.req.param('stayId') ?? '');
		if (vehicle === undefined) throw new GatewayError('NOT_FOUND', 'There is no such vehicle inside.');
		const warned = refused.warned && { ...refused.warned, warning: shownWarning(refused.warned.warning) };
		const isTaken = (spaceId: string) => logistic.inSpace(spaceId).some(({ stayId }) => stayId !== vehicle.stayId);
		const props = { ui, vehicle: shownVehicle(view, vehicle), isTaken, warned, problem: refused.problem };
		return renderPage(c, ui, <VehiclePage {...props} />, Object.keys(refused).length === 0 ? 200 : 422);

		function shownWarning({ takenBy, allocatedTo }: SpaceWarning): SpaceWarning {
			return {
				takenBy: takenBy.map((other) => shownVehicle(view, other)),
				allocatedTo: allocatedTo.map(({ holderId, name }) => ({ holderId, name: name && view.text(name) })),
			};
		}
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
		const answer = logisticOf(c).move(request);
		if (answer.result === 'taken') return showVehicle(c, ui, { warned: { to, warning: answer.warning } });
		if (answer.result !== 'refused') return c.redirect(doneHref(answer), 303);
		const problem = ui.t(`logistic.refused.${answer.because}`);
		return answer.because === 'noSuchStay' ? showList(c, ui, problem) : showVehicle(c, ui, { problem });
	});
	app.post(`${LOGISTIC_PATH}/moves/:moveId/undo`, guard, (c) => {
		const ui = createUi(c);
		const answer = logisticOf(c).undo(c.req.param('moveId'), operatorOf(c));
		if (answer.result === 'refused') return showList(c, ui, ui.t(`logistic.refused.${answer.because}`));
		return answer.result === 'taken' ? showList(c, ui) : c.redirect(doneHref(answer), 303);
	});
}
