import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { HttpContext } from '../http/login-context.ts';
import { SpriteUrl } from './components/icon.tsx';
import type { PageUi } from './page-ui.ts';

/** Answers with a whole page. */
export function renderPage(c: HttpContext, ui: PageUi, page: Child, status: ContentfulStatusCode = 200): Response {
	return respond(c, '<!doctype html>', ui, page, status);
}

/** Answers with a part of one, for a script that puts it in place. */
export function renderPart(c: HttpContext, ui: PageUi, part: Child, status: ContentfulStatusCode = 200): Response {
	return respond(c, '', ui, part, status);
}

function respond(c: HttpContext, before: string, ui: PageUi, content: Child, status: ContentfulStatusCode): Response {
	const html = <SpriteUrl.Provider value={ui.asset('icons.svg')}>{content}</SpriteUrl.Provider>;
	// One address answers with a page or a part of it.
	c.header('Vary', 'HX-Request, Cookie, Accept-Language');
	return c.html(before + html.toString(), status);
}

/** A script asks for a part; the browser's own navigation, and one back in history, want the whole page. */
export function asksForPart(c: HttpContext): boolean {
	return c.req.header('hx-request') === 'true' && c.req.header('hx-history-restore-request') !== 'true';
}
