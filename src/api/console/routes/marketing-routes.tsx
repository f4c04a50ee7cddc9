import type { Hono } from 'hono';
import type { HttpEnv } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { CreateUi } from '../ui.ts';
import { addCampaignRoutes } from './campaign-routes.tsx';
import { addLeadRoutes } from './lead-routes.tsx';

/** Campaigns, and people who asked to be contacted. */
export function addMarketingRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addCampaignRoutes(app, deps, createUi);
	addLeadRoutes(app, deps, createUi);
}
