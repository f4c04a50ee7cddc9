import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { AnalyticsQuery, CountSpan } from '../../../gateway/services/analytics/analytics.ts';
import { type HttpEnv, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ANALYTICS_PATH, AnalyticsPage } from '../pages/analytics/analytics-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';

/** What went on at the site, by hour or by day. */
export function addAnalyticsRoutes(app: Hono<HttpEnv>, { analytics }: ConsoleDeps, createUi: CreateUi): void {
	/** Of no time that can be asked about: why, and the usual one. */
	function found(query: AnalyticsQuery) {
		try {
			return { analytics: analytics(query), isTooLong: false };
		} catch (error) {
			if (!(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
			return { analytics: analytics({}), isTooLong: true };
		}
	}

	app.get(ANALYTICS_PATH, requirePermission('analytics:read'), (c) => {
		const ui = createUi(c);
		const { from, to, span, area } = c.req.query();
		const [fromDay, toDay] = [dateText(from), dateText(to)];
		const chosen: CountSpan | undefined = span === 'hour' || span === 'day' ? span : undefined;
		const query = {
			...(fromDay !== undefined && { fromDay }),
			...(toDay !== undefined && { toDay }),
			...(chosen !== undefined && { span: chosen }),
		};
		return renderPage(c, ui, <AnalyticsPage ui={ui} asked={chosen} areaId={area} {...found(query)} />);
	});
}

/** undefined: none, or no date. */
function dateText(text: string | undefined): string | undefined {
	if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
	try {
		return Temporal.PlainDate.from(text).toString();
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}
