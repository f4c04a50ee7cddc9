import type { Hono } from 'hono';
import type { Operators } from '../../../gateway/services/operators.ts';
import { parseLanguage } from '../../http/language.ts';
import { type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import { localPath } from '../local-path.ts';
import { keepLanguage, keepTheme, parseTheme } from '../preferences.ts';

/** Language and appearance: of this browser, and the language also of the operator who is signed in. */
export function addPreferenceRoutes(app: Hono<HttpEnv>, operators: Pick<Operators, 'setLanguage'>): void {
	app.post('/preferences/language', requirePermission('public'), async (c) => {
		const { language: asked, back } = await readForm(c);
		const language = parseLanguage(asked);
		if (language !== undefined) keepLanguage(c, language);
		return c.redirect(localPath(back), 303);
	});
	app.post('/account/language', requirePermission('signedIn'), async (c) => {
		const { language: asked, back } = await readForm(c);
		const language = parseLanguage(asked);
		if (language !== undefined) {
			operators.setLanguage(requireLogin(c).operator.id, language);
			keepLanguage(c, language);
		}
		return c.redirect(localPath(back), 303);
	});
	app.post('/preferences/theme', requirePermission('public'), async (c) => {
		const { theme: asked, back } = await readForm(c);
		const theme = parseTheme(asked);
		if (theme !== undefined) keepTheme(c, theme);
		return c.redirect(localPath(back), 303);
	});
}
