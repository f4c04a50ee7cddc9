import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { COUNTED_KINDS, type CountedKind } from '../../../gateway/services/licensing/licence-days.ts';
import { LICENCE_LISTS } from '../../../gateway/services/licensing/licence-exports.ts';
import { type HttpEnv, operatorOf, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { LICENCE_EXPORT_PATH, LicenceExportStatus } from '../pages/licences/export-status.tsx';
import { tabHref } from '../pages/licences/licences-frame.tsx';
import { StatisticsTab, type StatisticsTabProps } from '../pages/licences/statistics-tab.tsx';
import { TotalTab } from '../pages/licences/total-tab.tsx';
import { renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

const HISTORY_SHOWN = 50;
const MONTH = { days: 30 } as const;

/** How many licences there were, and all of them together. */
export function addLicenceFigureRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { licensing, licenceGrants, licenceOverview, licenceStatistics, people, site } = deps;
	const today = (ui: Ui) =>
		Temporal.Instant.fromEpochMilliseconds(ui.nowMs).toZonedDateTimeISO(site.timeZone).toPlainDate();

	app.get(tabHref('statistics'), requirePermission('licences:read'), (c) => {
		const ui = createUi(c);
		const asked = c.req.query();
		const to = dateOf(asked['to']) ?? today(ui);
		const from = dateOf(asked['from']) ?? to.subtract({ years: 1 });
		const kind = COUNTED_KINDS.find((known) => known === asked['kind']) ?? null;
		const shown = { ui, kind, from: from.toString(), to: to.toString(), ...figuresOf(ui, { from, to, kind }) };
		return renderPage(c, ui, <StatisticsTab {...shown} />);
	});
	app.get(`${LICENCE_EXPORT_PATH}/:list`, requirePermission('licences:read'), (c) => {
		const list = LICENCE_LISTS.find((one) => one === c.req.param('list'));
		if (list === undefined) throw new GatewayError('NOT_FOUND', 'There is no such list.');
		const ui = createUi(c);
		const progress = deps.licenceExports.progress(operatorOf(c), list);
		return renderPart(c, ui, <LicenceExportStatus ui={ui} list={list} progress={progress} />);
	});
	app.get(tabHref('total'), requirePermission('licences:read'), (c) => {
		const ui = createUi(c);
		const last = today(ui);
		const month = figuresOf(ui, { from: last.subtract(MONTH), to: last, kind: null }).statistics?.kinds ?? [];
		const seen = {
			...{ ui, overview: licenceOverview.overview(), kinds: licenceGrants.kinds() },
			changed: new Map(month.map(({ kind, given, taken }) => [kind as string, { given, taken }])),
			...{ history: licensing.history({}, null, HISTORY_SHOWN), operatorName: people.operatorName },
		};
		return renderPage(c, ui, <TotalTab {...seen} />);
	});

	function figuresOf(
		ui: Ui,
		{ from, to, kind }: { from: Temporal.PlainDate; to: Temporal.PlainDate; kind: CountedKind | null },
	): Pick<StatisticsTabProps, 'statistics' | 'problem'> {
		if (Temporal.PlainDate.compare(from, to) > 0) return { statistics: null, problem: ui.t('form.order') };
		const kinds = kind === null ? COUNTED_KINDS : [kind];
		try {
			const statistics = licenceStatistics({ fromDay: from.toString(), toDay: to.toString(), kinds });
			return { statistics, problem: undefined };
		} catch (error) {
			const code = error instanceof GatewayError ? error.code : undefined;
			if (code === 'CONFLICT') return { statistics: null, problem: ui.t('licences.statisticsStopped') };
			if (code === 'INVALID_REQUEST') return { statistics: null, problem: ui.t('licences.tooLong') };
			throw error;
		}
	}
}

/** undefined: none, or no date. */
function dateOf(text: string | undefined): Temporal.PlainDate | undefined {
	if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
	try {
		return Temporal.PlainDate.from(text);
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}
