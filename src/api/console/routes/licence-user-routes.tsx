import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { isLicenceKind, type LicenceKind } from '../../../gateway/core/licence/licence-kinds.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { GrantRefusal } from '../../../gateway/services/licensing/licence-grants.ts';
import { type HttpContext, type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { kindName } from '../pages/licences/kind-words.ts';
import { tabHref } from '../pages/licences/licences-frame.tsx';
import { UserPage, type UserPageProps } from '../pages/licences/user-page.tsx';
import { UNUSED_DAYS, UsersTab, userHref } from '../pages/licences/users-tab.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

const USERS_SHOWN = 50;
const HISTORY_SHOWN = 20;
const USER_PATH = '/licences/users/:operatorId';

/** Which kinds of licence operators have: a list to read, and one operator at a time to change. */
export function addLicenceUserRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { licenceGrants, licensing, people } = deps;

	function shown(
		c: HttpContext,
		change: Partial<Pick<UserPageProps, 'draft' | 'etag' | 'answer'>>,
		status: 200 | 409 | 412 = 200,
	): Response {
		const operator = licenceGrants.operator(c.req.param('operatorId') ?? '');
		if (operator === undefined) throw new GatewayError('NOT_FOUND', 'This operator is not here.');
		const ui = createUi(c);
		const history = licensing.history({ subject: operator.id }, null, HISTORY_SHOWN);
		const seen = { ui, operator, history, kinds: licenceGrants.kinds(), operatorName: people.operatorName };
		return renderPage(c, ui, <UserPage draft={null} etag={operator.etag} {...seen} {...change} />, status);
	}

	app.get(tabHref('users'), requirePermission('licences:read'), async (c) => {
		const ui = createUi(c);
		const { q = '', kind = '', unused, cursor } = c.req.query();
		const filter = {
			...{ q: q.slice(0, LIMITS.searchLength), kind: isLicenceKind(kind) ? kind : null },
			unusedDays: UNUSED_DAYS.find((days) => String(days) === unused) ?? null,
		};
		const found = await licenceGrants.search({ ...filter, after: cursor ?? null, limit: USERS_SHOWN });
		const kinds = licenceGrants.kinds();
		return renderPage(c, ui, <UsersTab ui={ui} filter={filter} found={found} kinds={kinds} cursor={cursor} />);
	});
	app.get(USER_PATH, requirePermission('licences:read'), (c) => {
		const ui = createUi(c);
		const operator = licenceGrants.operator(c.req.param('operatorId'));
		const isEdited = c.req.query('edit') !== undefined && ui.may('licences:write');
		const isDone = c.req.query('done') !== undefined;
		return shown(c, {
			...(isEdited && { draft: operator?.grants.map(({ kind }) => kind) ?? [] }),
			...(isDone && { answer: { tone: 'good', title: ui.t('licences.saved') } }),
		});
	});
	app.post(USER_PATH, requirePermission('licences:write'), async (c) => {
		const ui = createUi(c);
		const { kinds, etag, toggle } = await readForm(c);
		const draft = kindsOf(kinds);
		if (typeof toggle === 'string' && isLicenceKind(toggle)) {
			const next = draft.includes(toggle) ? draft.filter((kind) => kind !== toggle) : [...draft, toggle];
			return shown(c, { draft: next, ...(typeof etag === 'string' && { etag }) });
		}
		const operatorId = c.req.param('operatorId');
		const by = requireLogin(c).operator.id;
		const answer = licenceGrants.set(operatorId, draft, { operatorId: by, ifMatch: (now) => now === etag });
		if (answer.result === 'changedMeanwhile')
			return shown(c, { draft, answer: { tone: 'bad', title: ui.t('licences.changedMeanwhile') } }, 412);
		if ('operator' in answer || answer.result === 'unknown') return c.redirect(`${userHref(operatorId)}?done`, 303);
		return shown(c, { draft, answer: { tone: 'bad', title: refusalText(ui, answer) } }, 409);
	});
}

function kindsOf(text: unknown): readonly LicenceKind[] {
	return typeof text === 'string' ? text.split(' ').filter(isLicenceKind) : [];
}

function refusalText(ui: Ui, answer: GrantRefusal): string {
	const { t } = ui;
	switch (answer.result) {
		case 'full': {
			const { kind, used, available } = answer;
			return t('licences.kindFull', { kind: kindName(ui, kind), used, available });
		}
		case 'excludes':
			return t('licences.kindExcludes', { kind: kindName(ui, answer.kind) });
		case 'administrator':
			return t('licences.kindOfAdministrator', { kind: kindName(ui, answer.kind) });
		case 'stopped':
			return t('licences.endedHint');
	}
}
