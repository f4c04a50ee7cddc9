import type { OwnAccess, PersonAccess } from '../../gateway/services/own-access/own-access.ts';
import { type HttpContext, operatorOf } from './login-context.ts';
import { problem } from './problem.ts';

export const ownAccessPath = '/api/v1/me/access';
/** By whoever signed in themselves: none of it is lent to programs. */
export const ownAccessCommon = { tag: 'my-access', permission: { byPerson: 'signedIn' } } as const;

/** The person who is signed in, or why there is none. */
export function ownPerson(
	c: HttpContext,
	ownAccess: OwnAccess,
	show: (access: PersonAccess) => Response | Promise<Response>,
): Response | Promise<Response> {
	const person = ownAccess.of(operatorOf(c));
	if (person.state === 'known') return show(person.access);
	const detail =
		person.state === 'none'
			? 'This account is linked to no person; ask the reception.'
			: 'The person of this account is no longer known here; ask the reception.';
	return problem(c, { status: 409, code: 'NO_PERSON', because: person.state, detail });
}
