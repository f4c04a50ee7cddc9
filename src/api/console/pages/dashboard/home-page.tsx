import type { Child } from 'hono/jsx';
import type { Widget } from '../../../../gateway/core/dashboard.ts';
import type { Dashboard } from '../../../http/dashboard-data.ts';
import { Connection } from '../../components/connection.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { WidgetBody } from './widgets.tsx';

export const HOME_PATH = '/home';
/** Fetched by scripts: looking keeps nobody's login from going idle. */
export const LIVE_WIDGET_PATH = '/live/widgets';

interface HomeProps {
	readonly ui: Ui;
	readonly dashboard: Dashboard;
	readonly answer?: { readonly tone: 'good' | 'bad'; readonly title: string } | undefined;
}

/** What each widget is fetched again for. */
const WAKES: Readonly<Record<Widget, string>> = {
	tasks: 'every 60s',
	lanes: 'parkgate:lane from:body',
	refused: 'parkgate:decision from:body delay:2s',
	occupancy: 'parkgate:occupancy from:body',
	visitors: 'every 60s',
	bookings: 'every 60s',
	devices: 'parkgate:device from:body',
	sync: 'every 20s',
	licences: 'every 300s',
	signedIn: 'parkgate:activity from:body delay:2s, every 60s',
	ownActivity: 'parkgate:activity from:body delay:2s',
};

/** What everybody begins with: what waits for them, and what they chose to see. */
export function HomePage({ ui, dashboard, answer }: HomeProps) {
	const { t } = ui;
	const { widgets } = dashboard;
	return (
		<Page ui={ui} title={t('home.title')} islands={['live']} aside={<Connection ui={ui} />}>
			{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
			{widgets.length === 0 && <p class="muted">{t('home.empty')}</p>}
			<div class="dashboard">
				{widgets.map((widget) => (
					<section class={widget === 'tasks' ? 'card dashboard__wide' : 'card'} aria-labelledby={`${widget}-title`}>
						<h2 class="card__title" id={`${widget}-title`}>
							{t(`home.widget.${widget}`)}
						</h2>
						<LiveWidget ui={ui} widget={widget}>
							<WidgetBody ui={ui} widget={widget} data={dashboard.data} />
						</LiveWidget>
					</section>
				))}
			</div>
			<Choice ui={ui} dashboard={dashboard} />
		</Page>
	);
}

/** A widget's content in the frame that fetches it again. */
export function LiveWidget({
	widget,
	children,
}: {
	readonly ui: Ui;
	readonly widget: Widget;
	readonly children?: Child;
}) {
	return (
		<div
			id={`widget-${widget}`}
			hx-get={`${LIVE_WIDGET_PATH}/${widget}`}
			hx-trigger={`${WAKES[widget]}, parkgate:resync from:body`}
			hx-swap="outerHTML"
		>
			{children}
		</div>
	);
}

/** Which widgets, by their number in the order; a plain form. */
function Choice({ ui, dashboard }: Pick<HomeProps, 'ui' | 'dashboard'>) {
	const { t } = ui;
	const { widgets, available, version } = dashboard;
	const ordered = [...widgets, ...available.filter((widget) => !widgets.includes(widget))];
	return (
		<details class="card">
			<summary>{t('home.choose')}</summary>
			<form class="stack" method="post" action={HOME_PATH}>
				<CsrfField ui={ui} />
				<input type="hidden" name="version" value={String(version)} />
				<p class="muted">{t('home.chooseHint')}</p>
				<div class="widget-choice">
					{ordered.map((widget, place) => (
						<>
							<label class="option">
								<input type="checkbox" name="widgets" value={widget} checked={widgets.includes(widget)} />
								{t(`home.widget.${widget}`)}
							</label>
							<input
								class="field__input"
								type="number"
								name={`place-${widget}`}
								min="1"
								max="99"
								value={String(place + 1)}
								aria-label={t('home.place', { widget: t(`home.widget.${widget}`) })}
							/>
						</>
					))}
				</div>
				<p>
					<button class="button button--primary" type="submit">
						{t('home.save')}
					</button>
				</p>
			</form>
		</details>
	);
}
