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
	for (const [name, quoted] of orderOf(Object.keys(object))) {
		const member = object[name];
		if (member === undefined) continue;
		members += `${members === '' ? '' : ','}${quoted}:${canonicalJson(member)}`;
	}
	return `{${members}}`;
}

type NameOrder = readonly (readonly [name: string, quoted: string])[];

/** Rows of one table come one after the other, each with the same names: they are put in order once. */
let last: { readonly names: readonly string[]; readonly order: NameOrder } = { names: [], order: [] };

function orderOf(names: readonly string[]): NameOrder {
	const { length } = names;
	let isSame = length === last.names.length;
	for (let at = 0; isSame && at < length; at += 1) isSame = names[at] === last.names[at];
	if (!isSame) last = { names, order: names.toSorted().map((name) => [name, JSON.stringify(name)]) };
	return last.order;
}
