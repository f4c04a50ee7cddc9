import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { HttpContext } from '../../http/login-context.ts';
import type { Fleet, FleetSite } from '../fleet.ts';

/** Ends with a page that says so where there is no such site. */
export function heldSite(fleet: Fleet, c: HttpContext): FleetSite {
	const site = fleet.site(c.req.param('site') ?? '');
	if (site === undefined) throw new GatewayError('NOT_FOUND', 'there is no such site');
	return site;
}
