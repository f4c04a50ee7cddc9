import { localPath } from '../../local-path.ts';

/** Where what is read goes: into a field of the page behind the dialog, or without scripts to a form's address. */
export interface EnrolmentTarget {
	/** Id of the input that takes the tag, and of the one that takes what can be read on the card. */
	readonly field: string;
	readonly labelField: string;
	/** A form that takes `tag` and `tagLabel`. */
	readonly back: string;
}

const ID = /^[\w-]{1,64}$/;

/** What of an address can't be is as if it was not there. */
export function parseTarget(fields: Readonly<Record<string, unknown>>): EnrolmentTarget {
	const id = (name: string) => (typeof fields[name] === 'string' && ID.test(fields[name]) ? fields[name] : '');
	const back = typeof fields['back'] === 'string' ? localPath(fields['back']) : '/';
	return { field: id('field'), labelField: id('labelField'), back };
}

function withTarget(
	path: string,
	{ field, labelField, back }: EnrolmentTarget,
	more: Record<string, string> = {},
): string {
	return `${path}?${new URLSearchParams({ field, labelField, back, ...more })}`;
}

export const newEnrolmentHref = (target: EnrolmentTarget) => withTarget('/enrolments/new', target);

export const enrolmentHref = (id: string, target: EnrolmentTarget) =>
	withTarget(`/enrolments/${encodeURIComponent(id)}`, target);

/** Below the scripts' path: looking by itself keeps nobody signed in. */
export const enrolmentPartHref = (id: string, target: EnrolmentTarget, seen: string) =>
	withTarget(`/live/enrolments/${encodeURIComponent(id)}`, target, { seen });

export const cancelHref = (id: string, target: EnrolmentTarget) =>
	withTarget(`/enrolments/${encodeURIComponent(id)}/cancel`, target);

/** The form again, with what was read. */
export function filledHref(
	{ back }: EnrolmentTarget,
	tag: { readonly value: string; readonly label: string | null },
): string {
	const url = new URL(back, 'http://localhost');
	url.searchParams.set('tag', tag.value);
	if (tag.label !== null) url.searchParams.set('tagLabel', tag.label);
	return url.pathname + url.search;
}
