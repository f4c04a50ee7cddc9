import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Evidence, EvidenceItem, EvidenceListQuery } from '../../../gateway/services/evidence/evidence.ts';
import type { Moderation, ModerationAnswer } from '../../../gateway/services/evidence/moderation.ts';
import { seenModeration } from '../../../gateway/services/evidence/seen-moderation.ts';
import {
	type HttpContext,
	type HttpEnv,
	operatorOf,
	readForm,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import { createSight } from '../../http/seen-in-parts.ts';
import { isPictureInSight } from '../components/pictures.tsx';
import type { ConsoleDeps } from '../console-deps.ts';
import { evidenceQuery, parseModerationFilter } from '../pages/moderation/moderation-filter.ts';
import { ModerationPage } from '../pages/moderation/moderation-page.tsx';
import { MODERATION_PATH, pictureHref } from '../pages/moderation/moderation-paths.ts';
import { EMPTY_FORMS, type PictureForms, parseArea } from '../pages/moderation/picture-forms.tsx';
import { PicturePage } from '../pages/moderation/picture-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Pictures of one page. */
const SHOWN = 24;
const DONE = ['blurred', 'held', 'released', 'deleted'] as const;

/** Pictures of vehicles: looked through, blurred, held, deleted. */
export function addModerationRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { evidence, fieldWork } = deps;

	const sight = createSight(deps.site);

	/** Pictures show plates. */
	function seeing(c: HttpContext): Ui {
		const ui = createUi(c);
		if (sight.lanes(ui, 'personalData:read')?.length === 0)
			throw new GatewayError('FORBIDDEN', 'This needs personalData:read.');
		return ui;
	}

	function itemOf(c: HttpContext): EvidenceItem {
		const item = evidence.get(c.req.param('imageId') ?? '');
		if (item === undefined || !isPictureInSight(createUi(c), item))
			throw new GatewayError('NOT_FOUND', 'This picture is not here.');
		return item;
	}

	function acting(c: HttpContext): Moderation {
		const { access, operator } = requireLogin(c);
		return seenModeration(fieldWork.moderation(operator.id), deps, access);
	}

	function show(c: HttpContext, ui: Ui, forms: PictureForms, problem?: string) {
		const done = problem === undefined ? DONE.find((word) => word === c.req.query('done')) : undefined;
		const status = problem === undefined && Object.keys(forms.errors).length === 0 ? 200 : 422;
		return renderPage(
			c,
			ui,
			<PicturePage ui={ui} item={itemOf(c)} forms={forms} done={done} problem={problem} />,
			status,
		);
	}

	function answered(c: HttpContext, ui: Ui, answer: ModerationAnswer, done: (typeof DONE)[number]) {
		if (answer.result === 'refused') return show(c, ui, EMPTY_FORMS, ui.t(`moderation.refused.${answer.because}`));
		return c.redirect(`${pictureHref(itemOf(c).image.id)}?done=${done}`, 303);
	}

	app.get(MODERATION_PATH, requirePermission({ inParts: 'evidence:read' }), (c) => {
		const ui = seeing(c);
		fieldWork.moderation(operatorOf(c));
		const filter = parseModerationFilter(c.req.query());
		const onlyLaneIds = sight.lanes(ui, 'evidence:read', 'personalData:read');
		const query = { ...evidenceQuery(filter), ...(onlyLaneIds !== undefined && { onlyLaneIds }) };
		return renderPage(c, ui, <ModerationPage ui={ui} filter={filter} {...pageOrNewest(evidence, query, c)} />);
	});
	app.get(`${MODERATION_PATH}/:imageId`, requirePermission({ inParts: 'evidence:read' }), (c) =>
		show(c, seeing(c), EMPTY_FORMS),
	);
	app.post(`${MODERATION_PATH}/:imageId/blur`, requirePermission({ inParts: 'evidence:moderate' }), async (c) => {
		const ui = seeing(c);
		const operatorId = operatorOf(c);
		const area = parseArea(await readForm(c));
		if (area === undefined) return show(c, ui, { ...EMPTY_FORMS, errors: { area: ui.t('moderation.areaWrong') } });
		const blurred = acting(c).blur(itemOf(c).image.id, area && [area], operatorId);
		return answered(c, ui, await blurred, 'blurred');
	});
	app.post(`${MODERATION_PATH}/:imageId/hold`, requirePermission({ inParts: 'evidence:moderate' }), async (c) => {
		const ui = seeing(c);
		const operatorId = operatorOf(c);
		const { until, reason } = textsOf(await readForm(c));
		const untilMs = ui.formats.parseField(until);
		const errors = {
			...(untilMs === undefined && { until: ui.t('privacy.untilMissing') }),
			...(!isReason(reason) && { holdReason: ui.t('privacy.reasonMissing') }),
		};
		if (untilMs === undefined || !isReason(reason)) {
			return show(c, ui, { ...EMPTY_FORMS, until, holdReason: reason, errors });
		}
		const answer = acting(c).hold(itemOf(c).image.id, untilMs, reason, operatorId);
		return answered(c, ui, answer, 'held');
	});
	app.post(`${MODERATION_PATH}/:imageId/release`, requirePermission({ inParts: 'evidence:moderate' }), (c) => {
		const operatorId = operatorOf(c);
		const answer = acting(c).release(itemOf(c).image.id, operatorId);
		return answered(c, seeing(c), answer, 'released');
	});
	app.post(`${MODERATION_PATH}/:imageId/delete`, requirePermission({ inParts: 'evidence:moderate' }), async (c) => {
		const ui = seeing(c);
		const operatorId = operatorOf(c);
		const { reason, sure } = textsOf(await readForm(c));
		const errors = {
			...(!isReason(reason) && { deleteReason: ui.t('privacy.reasonMissing') }),
			...(sure !== 'yes' && { sure: ui.t('moderation.sureMissing') }),
		};
		if (Object.keys(errors).length > 0) return show(c, ui, { ...EMPTY_FORMS, deleteReason: reason, errors });
		const deleted = acting(c).delete(itemOf(c).image.id, reason, operatorId);
		return answered(c, ui, await deleted, 'deleted');
	});
}

/** A cursor that is not ours (an old bookmark) leads to the newest page, and the page says so. */
function pageOrNewest(evidence: Evidence, asked: Omit<EvidenceListQuery, 'limit' | 'cursor'>, c: HttpContext) {
	const query = { ...asked, limit: SHOWN };
	const cursor = c.req.query('cursor');
	if (cursor === undefined || cursor === '') return { page: evidence.list(query), cursor: undefined, badCursor: false };
	try {
		return { page: evidence.list({ ...query, cursor }), cursor, badCursor: false };
	} catch (error) {
		if (!(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
		return { page: evidence.list(query), cursor: undefined, badCursor: true };
	}
}

function textsOf(fields: Readonly<Record<string, unknown>>) {
	const text = (name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');
	return { until: text('until').slice(0, 32), reason: text('reason'), sure: text('sure') };
}

function isReason(reason: string): boolean {
	return reason !== '' && reason.length <= LIMITS.reasonLength;
}
