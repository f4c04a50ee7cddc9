import type { DirectoryTable } from '../../gateway/core/directory.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { mayWherever } from '../../gateway/core/permission/access.ts';
import type { Place } from '../../gateway/core/permission/scope.ts';
import type { LoginSession } from '../../gateway/services/operators.ts';
import { type PersonalView, personalView } from '../../gateway/services/privacy/personal-view.ts';
import { type HttpContext, requireLogin } from './login-context.ts';

/** All rows of a table of the directory that somebody sees. */
export interface SeenRows {
	readonly kind: 'rows';
	readonly table: DirectoryTable;
}

/** Who reads names, plates and contacts as they are: everywhere, of what happened at a place, or of the rows they see. */
export type SeesPersonalData = (login: LoginSession, of?: Place | SeenRows) => boolean;

/** As their permissions say. */
export const seesByPermission: SeesPersonalData = ({ access }, of) =>
	of?.kind === 'rows'
		? mayWherever(access, 'personalData:read', `${of.table}:read`)
		: access.may('personalData:read', of);

/** What the asking login is shown of people: everywhere, or of what happened at a place. */
export type PersonalViewOf = (c: HttpContext, of?: Place | SeenRows) => PersonalView;

export function createPersonalViewOf(seesPersonalData: SeesPersonalData): PersonalViewOf {
	return (c, of) => personalView(seesPersonalData(requireLogin(c), of));
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
