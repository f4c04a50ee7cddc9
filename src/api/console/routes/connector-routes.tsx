import type { Hono } from 'hono';
import { actorOf } from '../../http/actor.ts';
import { type HttpEnv, readForm, requirePermission } from '../../http/login-context.ts';
import { SCIM_PATH } from '../../http/scim/scim-error.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { CONNECTORS_PATH } from '../pages/connectors/connector-paths.ts';
import { ConnectorsPage } from '../pages/connectors/connectors-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';

/** Lists, central and what else the site exchanges data with. */
export function addConnectorRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { imports, sync, centralAccounts, operators } = deps;

	app.get(CONNECTORS_PATH, requirePermission('sync:read'), (c) => {
		const ui = createUi(c);
		const answer = (['saved', 'notYours'] as const).find((known) => known === c.req.query('done'));
		const props = {
			...{ ui, answer, sync: sync(), accountRules: centralAccounts.rules() },
			...{ scim: operators.scim.activity, scimAddress: `${new URL(c.req.url).origin}${SCIM_PATH}` },
			// Names of files are for who brings lists in, addresses for who sees operators.
			imports: ui.may('directory:import') ? imports.list() : [],
			accounts: ui.may('operators:read') ? centralAccounts.list() : [],
		};
		return renderPage(c, ui, <ConnectorsPage {...props} />);
	});
	app.post(`${CONNECTORS_PATH}/accounts`, requirePermission('settings:write'), async (c) => {
		const { administrators } = await readForm(c);
		const answer = centralAccounts.setRules({ administrators: administrators === 'yes' }, actorOf(c));
		return c.redirect(`${CONNECTORS_PATH}?done=${answer === 'done' ? 'saved' : answer}`, 303);
	});
}
