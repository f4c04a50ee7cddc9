export const MY_ACCESS_PATH = '/my-access';

export function myAccessHref(what: 'book' | 'give-up' | 'invite' | 'log' | 'bookings' | 'guests', id?: string): string {
	const of = `${MY_ACCESS_PATH}/${what}`;
	return id === undefined ? of : `${of}/${encodeURIComponent(id)}`;
}
