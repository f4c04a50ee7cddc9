import type { Hono } from 'hono';
import { isPermission } from '../../../gateway/core/permission.ts';
import type { RoleChange } from '../../../gateway/services/operators/own-roles.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ROLES_PATH } from '../pages/operators/operators-frame.tsx';
import { RolesPage } from '../pages/operators/roles-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';
import { doneAnswer, textOf } from './operator-routes.tsx';

/** What roles allow, and the site's own. */
export function addRoleRoutes(app: Hono<HttpEnv>, { operators: { roles } }: ConsoleDeps, createUi: CreateUi): void {
	const settle = (c: HttpContext, answer: RoleChange | ReturnType<typeof roles.remove>) => {
		if (answer.result === 'done' || answer.result === 'removed') return c.redirect(`${ROLES_PATH}?done=saved`, 303);
		const ui = createUi(c);
		const told = { tone: 'bad', title: refusalWords(ui, answer) } as const;
		return renderPage(c, ui, <RolesPage ui={ui} roles={roles.list()} answer={told} />, 422);
	};

	app.get(ROLES_PATH, requirePermission('operators:read'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <RolesPage ui={ui} roles={roles.list()} {...doneAnswer(ui, c.req.query('done'))} />);
	});
	app.post(ROLES_PATH, requirePermission('roles:write'), async (c) => {
		const { wish } = await readRole(c);
		return settle(c, wish.name === '' ? { result: 'notFound' } : roles.add(wish, actorOf(c)));
	});
	app.post(`${ROLES_PATH}/:roleId`, requirePermission('roles:write'), async (c) => {
		const { wish, version } = await readRole(c);
		return settle(c, roles.update(c.req.param('roleId'), wish, actorOf(c), version));
	});
	app.post(`${ROLES_PATH}/:roleId/remove`, requirePermission('roles:write'), (c) =>
		settle(c, roles.remove(c.req.param('roleId'), actorOf(c))),
	);
}

async function readRole(c: HttpContext) {
	const fields = await c.req.parseBody({ all: true });
	const given = [fields['permissions']].flat().map(String);
	const name = textOf(fields['name']).slice(0, 100);
	return { wish: { name, permissions: given.filter(isPermission) }, version: Number(textOf(fields['version'])) };
}
