/**
 * JSON in the one form that is hashed (RFC 8785, JCS): no white space, names in the order of their UTF-16 code units,
 * numbers and texts as ECMAScript writes them. `undefined` is left out, as it never came over a wire. Half a surrogate pair,
 * which the RFC refuses, stands as its `\u` escape, so that any text a peer sends has a form.
 */
export function canonicalJson(value: unknown): string {
	if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
	let members = '';
	const object = value as Readonly<Record<string, unknown>>;
	for (const name of Object.keys(object).sort()) {
		const member = object[name];
		if (member === undefined) continue;
		members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`;
	}
	return `{${members}}`;
}
