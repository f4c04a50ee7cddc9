import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { LoginSession } from '../../gateway/services/operators.ts';
import { type PersonalView, personalView } from '../../gateway/services/privacy/personal-view.ts';
import { type HttpContext, requireLogin } from './login-context.ts';

/** What the asking login is shown of people. */
export type PersonalViewOf = (c: HttpContext) => PersonalView;

export function createPersonalViewOf(seesPersonalData: (login: LoginSession) => boolean): PersonalViewOf {
	return (c) => personalView(seesPersonalData(requireLogin(c)));
}

/** Who sees first letters could find the rest by searching. Throws FORBIDDEN. */
export function requireSight(view: PersonalView): void {
	if (view.seesAll) return;
	throw new GatewayError('FORBIDDEN', 'Searching by name, plate or card needs personalData:read; leave `q` out.');
}

/** A picture shows the plate, whoever's it is. Throws FORBIDDEN. */
export function requirePictureSight(view: PersonalView): void {
	if (view.seesAll) return;
	throw new GatewayError('FORBIDDEN', 'Pictures show plates and people: this needs personalData:read too.');
}
