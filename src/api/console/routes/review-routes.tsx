import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { Place } from '../../../gateway/core/permission/scope.ts';
import { type SeenReviews, seenReviews } from '../../../gateway/services/field/seen-reviews.ts';
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
import { REVIEW_PATH, reviewPageHref } from '../pages/field/field-paths.ts';
import { ReviewPage } from '../pages/field/review-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Reads in doubt on one page. */
const SHOWN = 20;
const VERDICTS = ['confirmed', 'corrected', 'dismissed'] as const;
const DONE = [...VERDICTS, 'reopened'] as const;

export function addReviewRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { fieldWork, evidence } = deps;

	function queueOf(c: HttpContext, ui: Ui): SeenReviews {
		const { access, operator } = requireLogin(c);
		const viewAt = (place: Place) => personalView(ui.may('personalData:read', place));
		return seenReviews(fieldWork.review(operator.id), { ...deps, viewAt }, access);
	}

	async function show(c: HttpContext, ui: Ui, asked: string | undefined, problem?: string) {
		const queue = queueOf(c, ui);
		const { page, cursor, badCursor } = await pageOrNewest(queue, asked === '' ? undefined : asked);
		const { done, id } = c.req.query();
		const verdict = DONE.find((word) => word === done);
		const props = {
			...{ ui, page, cursor, badCursor, problem, cameras: queue.cameras() },
			...{ picturesOf: evidence.ofDecision, mayReview: queue.mayReview },
			done: verdict === undefined || id === undefined ? undefined : { verdict, decisionId: id },
		};
		return renderPage(c, ui, <ReviewPage {...props} />, problem === undefined ? 200 : 422);
	}

	app.get(REVIEW_PATH, requirePermission({ inParts: 'review:read' }), (c) =>
		show(c, createUi(c), c.req.query('cursor')),
	);
	app.post(`${REVIEW_PATH}/:decisionId`, requirePermission({ inParts: 'review:write' }), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const text = (name: string) => (typeof fields[name] === 'string' ? fields[name].slice(0, 400) : undefined);
		const [plate, cursor] = [text('plate'), text('cursor')];
		const said = VERDICTS.find((word) => word === text('verdict'));
		const verdict = said ?? 'corrected';
		// Which plates are known could be found by trying.
		if (verdict === 'corrected' && !ui.mayInParts('personalData:read')) {
			throw new GatewayError('FORBIDDEN', 'Corrections need personalData:read.');
		}
		const decisionId = c.req.param('decisionId');
		const operatorId = operatorOf(c);
		const request = { decisionId, verdict, operatorId, ...(said === undefined && plate !== undefined && { plate }) };
		const answer = queueOf(c, ui).review(request);
		if (answer.result === 'refused') return show(c, ui, cursor, ui.t(`review.refused.${answer.because}`));
		return c.redirect(reviewPageHref({ done: verdict, id: decisionId, ...(cursor !== undefined && { cursor }) }), 303);
	});
	app.post(`${REVIEW_PATH}/:decisionId/reopen`, requirePermission({ inParts: 'review:write' }), (c) => {
		const decisionId = c.req.param('decisionId');
		const isOpen = queueOf(c, createUi(c)).reopen(decisionId, operatorOf(c));
		return c.redirect(reviewPageHref(isOpen ? { done: 'reopened', id: decisionId } : {}), 303);
	});
}

/** A cursor that is not ours (an old bookmark) leads to the newest page, and the page says so. */
async function pageOrNewest(queue: SeenReviews, cursor: string | undefined) {
	const limit = SHOWN;
	if (cursor === undefined) return { page: await queue.list({ limit }), cursor, badCursor: false };
	try {
		return { page: await queue.list({ cursor, limit }), cursor, badCursor: false };
	} catch (error) {
		if (!(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
		return { page: await queue.list({ limit }), cursor: undefined, badCursor: true };
	}
}
