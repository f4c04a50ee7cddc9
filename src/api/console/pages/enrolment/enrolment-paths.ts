import { isCodeText, scannedText } from '../../../../gateway/core/scanned-text.ts';
import { localPath } from '../../local-path.ts';

/** Where what is read goes: into a field of the page behind the dialog, or without scripts to a form's address. */
export interface EnrolmentTarget {
	/** Id of the input that takes the tag, and of the one that takes what can be read on the card. */
	readonly field: string;
	readonly labelField: string;
	/** Name of the choice between kinds of credential; empty: there is none, a tag is wanted. */
	readonly kindField: string;
	/** A form that takes `tag`, `tagLabel` and, where there is a choice of it, `kind`. */
	readonly back: string;
}

const ID = /^[\w-]{1,64}$/;

/** What of an address can't be is as if it was not there. */
export function parseTarget(fields: Readonly<Record<string, unknown>>): EnrolmentTarget {
	const id = (name: string) => (typeof fields[name] === 'string' && ID.test(fields[name]) ? fields[name] : '');
	const back = typeof fields['back'] === 'string' ? localPath(fields['back']) : '/';
	return { field: id('field'), labelField: id('labelField'), kindField: id('kindField'), back };
}

function withTarget(
	path: string,
	{ field, labelField, kindField, back }: EnrolmentTarget,
	more: Record<string, string> = {},
): string {
	const kind = kindField === '' ? {} : { kindField };
	return `${path}?${new URLSearchParams({ field, labelField, ...kind, back, ...more })}`;
}

export const newEnrolmentHref = (target: EnrolmentTarget) => withTarget('/enrolments/new', target);

export const enrolmentHref = (id: string, target: EnrolmentTarget) =>
	withTarget(`/enrolments/${encodeURIComponent(id)}`, target);

/** Below the scripts' path: looking by itself keeps nobody signed in. */
export const enrolmentPartHref = (id: string, target: EnrolmentTarget, seen: string) =>
	withTarget(`/live/enrolments/${encodeURIComponent(id)}`, target, { seen });

export const cancelHref = (id: string, target: EnrolmentTarget) =>
	withTarget(`/enrolments/${encodeURIComponent(id)}/cancel`, target);

/** What was presented, as the form keeps it. */
export interface Presented {
	readonly kind: 'tag' | 'qr';
	readonly value: string;
	readonly label: string | null;
}

/** A code that a reader told as if it were a card is one, where the form can say so. */
export function presentedAs(
	{ kindField }: EnrolmentTarget,
	{ value, label }: { readonly value: string; readonly label: string | null },
): Presented {
	const code = kindField !== '' && isCodeText(value) ? scannedText(value) : undefined;
	return code === undefined ? { kind: 'tag', value, label } : { kind: 'qr', value: code, label: null };
}

/** The form again, with what was read. */
export function filledHref({ back, kindField }: EnrolmentTarget, { kind, value, label }: Presented): string {
	const url = new URL(back, 'http://localhost');
	url.searchParams.set('tag', value);
	if (label !== null) url.searchParams.set('tagLabel', label);
	if (kindField !== '') url.searchParams.set('kind', kind);
	return url.pathname + url.search;
}
