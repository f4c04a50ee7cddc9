import type { Hono } from 'hono';
import { type HttpEnv, requirePermission } from '../../http/login-context.ts';
import { maintenanceOf } from '../../http/routes/intervention-routes.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { dayAt } from '../pages/bookings/booking-calendar.ts';
import { ROSTER_PATH } from '../pages/maintenance/maintenance-paths.ts';
import { ROSTER_VIEWS, RosterPage, type RosterPlace } from '../pages/maintenance/roster-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';

export function addRosterRoute(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { site } = deps;
	app.get(ROSTER_PATH, requirePermission({ inParts: 'interventions:read' }), (c) => {
		const ui = createUi(c);
		const place = placeOf(c.req.query(), dayAt(ui.nowMs, site.timeZone));
		const { view, date } = place;
		const first = view === 'week' ? date.subtract({ days: date.dayOfWeek - 1 }) : date;
		const startMs = (day: Temporal.PlainDate) => day.toZonedDateTime({ timeZone: site.timeZone }).epochMilliseconds;
		const end = startMs(first.add({ days: view === 'week' ? 7 : 1 }));
		const roster = maintenanceOf(deps, c).roster.view(startMs(first), end);
		return renderPage(c, ui, <RosterPage ui={ui} place={place} first={first} roster={roster} />);
	});
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

function placeOf({ view, date = '' }: Readonly<Record<string, string>>, today: Temporal.PlainDate): RosterPlace {
	const known = ROSTER_VIEWS.find((one) => one === view) ?? 'week';
	if (!DATE.test(date)) return { view: known, date: today };
	try {
		return { view: known, date: Temporal.PlainDate.from(date) };
	} catch (error) {
		if (error instanceof RangeError) return { view: known, date: today };
		throw error;
	}
}
