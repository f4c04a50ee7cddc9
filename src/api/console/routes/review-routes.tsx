import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { ReviewItem } from '../../../gateway/services/field/review-queue.ts';
import { personalView } from '../../../gateway/services/privacy/personal-view.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import { shownRead } from '../../http/routes/review-routes.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { REVIEW_PATH, reviewPageHref } from '../pages/field/field-paths.ts';
import { ReviewPage } from '../pages/field/review-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Reads in doubt on one page. */
const SHOWN = 20;
const VERDICTS = ['confirmed', 'corrected', 'dismissed'] as const;
const DONE = [...VERDICTS, 'reopened'] as const;

export function addReviewRoutes(app: Hono<HttpEnv>, { fieldWork, evidence }: ConsoleDeps, createUi: CreateUi): void {
	async function show(c: HttpContext, ui: Ui, asked: string | undefined, problem?: string) {
		const queue = fieldWork.review(operatorOf(c));
		const { page, cursor, badCursor } = await pageOrNewest(queue, asked === '' ? undefined : asked);
		const { done, id } = c.req.query();
		const verdict = DONE.find((word) => word === done);
		const props = {
			...{ ui, cursor, badCursor, problem, cameras: queue.cameras(), picturesOf: evidence.ofDecision },
			page: { ...page, items: page.items.map((item) => shown(ui, item)) },
			done: verdict === undefined || id === undefined ? undefined : { verdict, decisionId: id },
		};
		return renderPage(c, ui, <ReviewPage {...props} />, problem === undefined ? 200 : 422);
	}

	app.get(REVIEW_PATH, requirePermission('review:read'), (c) => show(c, createUi(c), c.req.query('cursor')));
	app.post(`${REVIEW_PATH}/:decisionId`, requirePermission('review:write'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const text = (name: string) => (typeof fields[name] === 'string' ? fields[name].slice(0, 400) : undefined);
		const [plate, cursor] = [text('plate'), text('cursor')];
		const said = VERDICTS.find((word) => word === text('verdict'));
		const verdict = said ?? 'corrected';
		// Which plates are known could be found by trying.
		if (verdict === 'corrected' && !ui.may('personalData:read')) {
			throw new GatewayError('FORBIDDEN', 'Corrections need personalData:read.');
		}
		const decisionId = c.req.param('decisionId');
		const operatorId = operatorOf(c);
		const request = { decisionId, verdict, operatorId, ...(said === undefined && plate !== undefined && { plate }) };
		const answer = fieldWork.review(operatorId).review(request);
		if (answer.result === 'refused') return show(c, ui, cursor, ui.t(`review.refused.${answer.because}`));
		return c.redirect(reviewPageHref({ done: verdict, id: decisionId, ...(cursor !== undefined && { cursor }) }), 303);
	});
	app.post(`${REVIEW_PATH}/:decisionId/reopen`, requirePermission('review:write'), (c) => {
		const operatorId = operatorOf(c);
		const decisionId = c.req.param('decisionId');
		const isOpen = fieldWork.review(operatorId).reopen(decisionId, operatorId);
		return c.redirect(reviewPageHref(isOpen ? { done: 'reopened', id: decisionId } : {}), 303);
	});
}

/** A cursor that is not ours (an old bookmark) leads to the newest page, and the page says so. */
async function pageOrNewest(queue: ReturnType<ConsoleDeps['fieldWork']['review']>, cursor: string | undefined) {
	const limit = SHOWN;
	if (cursor === undefined) return { page: await queue.list({ limit }), cursor, badCursor: false };
	try {
		return { page: await queue.list({ cursor, limit }), cursor, badCursor: false };
	} catch (error) {
		if (!(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
		return { page: await queue.list({ limit }), cursor: undefined, badCursor: true };
	}
}

function shown(ui: Ui, item: ReviewItem): ReviewItem {
	const view = personalView(ui.may('personalData:read'));
	if (view.seesAll) return item;
	return {
		decision: view.summary(item.decision),
		why: item.why,
		reads: item.reads.map((read) => shownRead(view, read)),
		hints: [],
	};
}
