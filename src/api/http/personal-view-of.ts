import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { Place } from '../../gateway/core/permission/scope.ts';
import type { LoginSession } from '../../gateway/services/operators.ts';
import { type PersonalView, personalView } from '../../gateway/services/privacy/personal-view.ts';
import { type HttpContext, requireLogin } from './login-context.ts';

/** Who reads names, plates and contacts as they are: everywhere, or of what happened at a place. */
export type SeesPersonalData = (login: LoginSession, place?: Place) => boolean;

/** What the asking login is shown of people: everywhere, or of what happened at a place. */
export type PersonalViewOf = (c: HttpContext, place?: Place) => PersonalView;

export function createPersonalViewOf(seesPersonalData: SeesPersonalData): PersonalViewOf {
	return (c, place) => personalView(seesPersonalData(requireLogin(c), place));
}

/** Who sees first letters could find the rest by searching. Throws FORBIDDEN. */
export function requireSight(view: Pick<PersonalView, 'seesAll'>): void {
	if (view.seesAll) return;
	throw new GatewayError('FORBIDDEN', 'Searching by name, plate or card needs personalData:read; leave `q` out.');
}

/** A picture shows the plate, whoever's it is. Throws FORBIDDEN. */
export function requirePictureSight(view: Pick<PersonalView, 'seesAll'>): void {
	if (view.seesAll) return;
	throw new GatewayError('FORBIDDEN', 'Pictures show plates and people: this needs personalData:read too.');
}
