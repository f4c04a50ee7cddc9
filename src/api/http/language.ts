import { z } from '@hono/zod-openapi';
import { parseAccept } from 'hono/utils/accept';
import type { Language } from '../../gateway/core/reason-texts/reason-text.ts';
import type { HttpContext } from './login-context.ts';

export const LANGUAGES = ['en', 'fr', 'nl'] as const satisfies readonly Language[];

/** Part of the query of every route that answers in words. */
export const languageQuery = { lang: z.enum(LANGUAGES).optional() };

export function parseLanguage(text: unknown): Language | undefined {
	return LANGUAGES.find((language) => language === text);
}

/** The most wanted of ours in an Accept-Language (RFC 9110 12.5.4); undefined: none of them. */
export function preferredLanguage(acceptLanguage: string | undefined): Language | undefined {
	return parseAccept(acceptLanguage ?? '')
		.filter(({ q }) => q > 0)
		.sort((a, b) => b.q - a.q)
		.map(({ type }) => parseLanguage(type.split('-')[0]?.toLowerCase()))
		.find((language) => language !== undefined);
}

/** What was asked for, else what the sender prefers, else the operator's own, else English; says so in the answer's headers. */
export function answerLanguage(c: HttpContext, asked: Language | undefined): Language {
	const own = c.get('login')?.operator.language;
	const language = asked ?? preferredLanguage(c.req.header('accept-language')) ?? own ?? 'en';
	c.header('Content-Language', language);
	c.header('Vary', 'Accept-Language', { append: true });
	return language;
}
