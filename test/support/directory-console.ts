import { type ConsoleSite, type ConsoleSiteOptions, createConsoleSite, form, type Visitor } from './console-site.ts';
import { fillWithPeople } from './directory-people.ts';

/** The console before a directory in which every table has rows. */
export async function createDirectoryConsole(
	options: ConsoleSiteOptions = {},
): Promise<{ readonly site: ConsoleSite; readonly admin: Visitor }> {
	const site = createConsoleSite(options);
	const admin = await site.signIn('administrator');
	fillWithPeople(site.services.services.edits, admin.operatorId);
	return { site, admin };
}

/** The fields that a page's form of this address would send as it stands. */
export function formOf(html: string, action: string): Record<string, string | string[]> {
	const found = [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].find(
		([, own]) => plainText(own ?? '') === action,
	);
	if (found === undefined) throw new Error(`there is no form for ${action}`);
	const fields: Record<string, string[]> = {};
	const add = (name: string, value: string) => {
		fields[name] = [...(fields[name] ?? []), value];
	};
	const controls = /<input\b[^>]*>|<(select|textarea)\b[^>]*>(.*?)<\/\1>/gs;
	for (const [control, tag, inner = ''] of (found[2] ?? '').matchAll(controls)) {
		const name = attribute(control, 'name');
		const type = attribute(control, 'type');
		if (name === undefined) continue;
		if (tag === 'textarea') add(name, plainText(inner));
		else if (tag === 'select') add(name, plainText(/<option value="([^"]*)" selected/.exec(inner)?.[1] ?? ''));
		else if (type !== 'radio' && type !== 'checkbox') add(name, attribute(control, 'value') ?? '');
		else if (/\schecked/.test(control)) add(name, attribute(control, 'value') ?? 'on');
	}
	return fields;
}

/** Sends a page's form with some fields changed, as a browser without scripts does; `[]` unticks. */
export async function sendForm(
	{ site, visitor }: { readonly site: ConsoleSite; readonly visitor: Visitor },
	page: string,
	change: Readonly<Record<string, string | readonly string[]>>,
	action = page,
): Promise<Response> {
	return sendFields(site, visitor, action, { ...formOf(await visitor.page(page), action), ...change });
}

export function sendFields(
	site: ConsoleSite,
	{ cookie }: Visitor,
	action: string,
	fields: Readonly<Record<string, string | readonly string[]>>,
	headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
	const body = new URLSearchParams(
		Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
	);
	return site.request(action, { ...form({}, { cookie, ...headers }), body: body.toString() });
}

function attribute(tag: string, name: string): string | undefined {
	const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
	return value === undefined ? undefined : plainText(value);
}

function plainText(text: string): string {
	return text
		.replaceAll('&quot;', '"')
		.replaceAll('&#39;', "'")
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&amp;', '&');
}

/** What is read of a page. */
export function textOf(html: string): string {
	return html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}
