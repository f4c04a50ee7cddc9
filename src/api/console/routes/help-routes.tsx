import type { Hono } from 'hono';
import { type HttpEnv, requirePermission } from '../../http/login-context.ts';
import { GlossaryPage, SEARCH_LENGTH } from '../pages/glossary/glossary-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';

/** What helps people understand the rest. */
export function addHelpRoutes(app: Hono<HttpEnv>, createUi: CreateUi): void {
	app.get('/glossary', requirePermission('signedIn'), (c) => {
		const ui = createUi(c);
		const q = (c.req.query('q') ?? '').trim().slice(0, SEARCH_LENGTH);
		return renderPage(c, ui, <GlossaryPage ui={ui} q={q} />);
	});
}
