import type { Hono } from 'hono';
import { type HttpEnv, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { CONNECTION_TEST_PATH, ConnectionTestPanel } from '../pages/sync-connection-test.tsx';
import { SyncDetail, SyncPage } from '../pages/sync-page.tsx';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import type { CreateUi } from '../ui.ts';

/** The link to central, and its test. */
export function addSyncRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { sync, connectionTest, log } = deps;

	app.get('/sync', requirePermission('sync:read'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <SyncPage ui={ui} sync={sync()} test={connectionTest.last()} />);
	});
	app.get('/live/sync', requirePermission('sync:read'), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <SyncDetail ui={ui} sync={sync()} />);
	});
	app.get('/live/sync/test', requirePermission('sync:read'), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <ConnectionTestPanel ui={ui} test={connectionTest.last()} />);
	});
	app.post(CONNECTION_TEST_PATH, requirePermission('sync:test'), async (c) => {
		const running = connectionTest.run();
		if (asksForPart(c)) {
			// The page looks on while it runs.
			running.catch((error: unknown) => log.error({ err: error }, 'the connection test failed'));
			const ui = createUi(c);
			return renderPart(c, ui, <ConnectionTestPanel ui={ui} test={connectionTest.last()} />);
		}
		await running;
		return c.redirect('/sync#connection-test', 303);
	});
}
