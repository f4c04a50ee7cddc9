import { LIMITS } from '../limits.ts';
import { badRequest, type ScimType } from './scim-refusal.ts';

export type FilterToken =
	| { readonly kind: 'bracket' | 'word' | 'text'; readonly text: string }
	| { readonly kind: 'value'; readonly value: number }
	/** What stands right behind a `]`, with its point. */
	| { readonly kind: 'sub'; readonly text: string };

const TOKEN =
	/\s*(?:([()[\]])|("(?:[^"\\]|\\.)*"|'[^'"\\]*')|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w:.-])|(\.[A-Za-z$][\w$-]*)|([A-Za-z$][\w$:./%+-]*))/uy;

/** Words, brackets and JSON values of a filter or a path (RFC 7644, figure 1). Throws ScimRefusal of that kind. */
export function filterTokens(text: string, refusal: ScimType): readonly FilterToken[] {
	if (text.length > LIMITS.scimFilterLength) throw badRequest(refusal, 'It is too long.');
	const tokens: FilterToken[] = [];
	const rest = text.trimEnd();
	for (let at = 0; at < rest.length; ) {
		TOKEN.lastIndex = at;
		const [all = '', bracket, quoted, number, sub, word] = TOKEN.exec(rest) ?? [];
		if (all === '') throw badRequest(refusal, `Nothing is understood from character ${at + 1} on.`);
		at += all.length;
		if (bracket !== undefined) tokens.push({ kind: 'bracket', text: bracket });
		else if (quoted !== undefined) tokens.push({ kind: 'text', text: unquoted(quoted, refusal) });
		else if (number !== undefined) tokens.push({ kind: 'value', value: Number(number) });
		else if (sub !== undefined) tokens.push({ kind: 'sub', text: sub.slice(1) });
		else if (word !== undefined) tokens.push({ kind: 'word', text: word });
	}
	return tokens;
}

/** As in JSON; RFC 7644, 3.7.1 itself writes `displayName sw 'Group'`. */
function unquoted(text: string, refusal: ScimType): string {
	const quoted = text.startsWith("'") ? `"${text.slice(1, -1)}"` : text;
	try {
		const value: unknown = JSON.parse(quoted);
		if (typeof value === 'string' && value.isWellFormed()) return value;
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
	}
	throw badRequest(refusal, 'A quoted value is no JSON text.');
}
