import type { Hono } from 'hono';
import { maskText } from '../../../gateway/core/directory/mask.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { BundleAnswer } from '../../../gateway/services/directory/apply-bundle.ts';
import { type HttpContext, type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { BundleApplyPage } from '../pages/directory/bundle-apply-page.tsx';
import { withDone } from '../pages/directory/done-notice.tsx';
import { problemText } from '../pages/directory/problem-texts.ts';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';

/** A bundle that reaches back to everybody who has its tag. */
export function addBundleRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { bundleApplication, directoryLists, edits } = deps;
	const path = '/bundles/:key/apply';

	async function show(c: HttpContext, refused?: BundleAnswer & { result: 'refused' }) {
		const ui = createUi(c);
		const id = c.req.param('key') ?? '';
		const bundle = edits.get('bundles', id)?.row;
		if (bundle === undefined) throw new GatewayError('NOT_FOUND', 'There is no such bundle.');
		const found = await bundleApplication.preview(id);
		const ids = new Set(found.changes.flatMap(({ gains, loses }) => [...gains, ...loses]));
		const specifications = await directoryLists.titles('rightSpecifications', [...ids]);
		const seen = (name: string) => (ui.may('personalData:read') ? name : maskText(name));
		const changes = found.changes.map((change) => ({ ...change, holderName: seen(change.holderName) }));
		const stopped = refused && {
			holders: refused.holders,
			problems: [...new Set(refused.problems.map((problem) => problemText(ui, problem)))],
		};
		const view = { ui, id, name: String(bundle['name']), preview: { ...found, changes }, specifications, stopped };
		return renderPage(c, ui, <BundleApplyPage {...view} />, refused === undefined ? 200 : 422);
	}

	app.get(path, requirePermission('assignedRights:write'), (c) => show(c));
	app.post(path, requirePermission('assignedRights:write'), async (c) => {
		const ui = createUi(c);
		const id = c.req.param('key');
		const answer = await bundleApplication.apply(id, { operatorId: requireLogin(c).operator.id });
		if (answer.result === 'refused') return show(c, answer);
		const [only = null, another] = answer.batchIds;
		const batchId = another === undefined ? only : null;
		const what = answer.holders === 0 ? 'nothing' : 'changed';
		return c.redirect(
			withDone(ui, `/bundles/${encodeURIComponent(id)}`, { what, count: answer.holders, batchId }),
			303,
		);
	});
}
