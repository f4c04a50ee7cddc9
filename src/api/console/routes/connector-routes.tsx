import type { Hono } from 'hono';
import { type HttpEnv, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { CONNECTORS_PATH, ConnectorsPage } from '../pages/connectors/connectors-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';

/** Lists, central and what else the site exchanges data with. */
export function addConnectorRoutes(app: Hono<HttpEnv>, { imports, sync }: ConsoleDeps, createUi: CreateUi): void {
	app.get(CONNECTORS_PATH, requirePermission('sync:read'), (c) => {
		const ui = createUi(c);
		// Names of files are for who brings lists in.
		const seen = ui.may('directory:import') ? imports.list() : [];
		return renderPage(c, ui, <ConnectorsPage ui={ui} imports={seen} sync={sync()} />);
	});
}
