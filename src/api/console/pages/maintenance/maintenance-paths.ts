export const INTERVENTIONS_PATH = '/interventions';
export const ROSTER_PATH = '/roster';

export type InterventionAct = 'status' | 'comments' | 'parts' | 'photos';

/** The page of one intervention, or where a form about it goes. */
export function interventionHref(number: number, act?: InterventionAct): string {
	const path = `${INTERVENTIONS_PATH}/${number}`;
	return act === undefined ? path : `${path}/${act}`;
}

/** Where a part or a photo is taken away. */
export function removeHref(number: number, what: 'parts' | 'photos', id: string): string {
	return `${interventionHref(number, what)}/${id}/remove`;
}

/** Of a new one, with what is known of the fault filled in. */
export function reportHref(
	known: { readonly device?: string; readonly lane?: string; readonly title?: string } = {},
): string {
	return withQuery(`${INTERVENTIONS_PATH}/new`, known);
}

export function interventionsHref(filter: Readonly<Record<string, string | undefined>>): string {
	return withQuery(INTERVENTIONS_PATH, filter);
}

export function rosterHref(place: { readonly view?: string; readonly date?: string }): string {
	return withQuery(ROSTER_PATH, place);
}

export function photoSource(number: number, photoId: string, form: 'image' | 'thumbnail'): string {
	return `/api/v1/interventions/${number}/photos/${photoId}/${form}`;
}

function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
	const known = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value] as [string, string]] : []));
	return known.length === 0 ? path : `${path}?${new URLSearchParams(known)}`;
}
