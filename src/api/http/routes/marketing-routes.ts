import type { Route } from '../define-route.ts';
import { type CampaignRoutesDeps, campaignRoutes } from './campaign-routes.ts';
import { type LeadRoutesDeps, leadRoutes } from './lead-routes.ts';

export interface MarketingRoutesDeps extends CampaignRoutesDeps, LeadRoutesDeps {}

/** Campaigns, and people who asked to be contacted. */
export function marketingRoutes(deps: MarketingRoutesDeps): readonly Route[] {
	return [...campaignRoutes(deps), ...leadRoutes(deps)];
}
