import type { Hono } from 'hono';
import { renderPage, renderPart } from '../../console/render.tsx';
import { type HttpEnv, requirePermission } from '../../http/login-context.ts';
import type { Fleet } from '../fleet.ts';
import type { CreateCentralUi } from '../pages/central-ui.ts';
import { MailPage, Mails } from '../pages/mail-page.tsx';

/** The page of mails that sites send through central. */
export function addMailPages(app: Hono<HttpEnv>, fleet: Fleet, createUi: CreateCentralUi): void {
	app.get('/mail', requirePermission('sync:read'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <MailPage ui={ui} fleet={fleet} />);
	});
	app.get('/live/mail', requirePermission('sync:read'), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <Mails ui={ui} fleet={fleet} />);
	});
}
