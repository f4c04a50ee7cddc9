import { getCookie, setCookie } from 'hono/cookie';
import { parseLanguage, preferredLanguage } from '../http/language.ts';
import type { HttpContext } from '../http/login-context.ts';
import type { Language } from './catalogue/translator.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const LANGUAGE_COOKIE = 'parkgate-language';
const THEME_COOKIE = 'parkgate-theme';
const YEAR_S = 31_536_000;

export function parseTheme(text: unknown): Theme | undefined {
	return THEMES.find((theme) => theme === text);
}

/** The operator's own language, else what this browser chose, else what it prefers (RFC 9110 12.5.4), else English. */
export function chosenLanguage(c: HttpContext): Language {
	const own = c.get('login')?.operator.language ?? parseLanguage(getCookie(c, LANGUAGE_COOKIE));
	if (own !== undefined) return own;
	return preferredLanguage(c.req.header('accept-language')) ?? 'en';
}

export function chosenTheme(c: HttpContext): Theme {
	return parseTheme(getCookie(c, THEME_COOKIE)) ?? 'auto';
}

export function keepLanguage(c: HttpContext, language: Language): void {
	keep(c, LANGUAGE_COOKIE, language);
}

export function keepTheme(c: HttpContext, theme: Theme): void {
	keep(c, THEME_COOKIE, theme);
}

function keep(c: HttpContext, name: string, value: string): void {
	setCookie(c, name, value, {
		path: '/',
		maxAge: YEAR_S,
		httpOnly: true,
		sameSite: 'Lax',
		secure: c.get('secure'),
	});
}
