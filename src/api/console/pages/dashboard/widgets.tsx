import type { Child } from 'hono/jsx';
import type { Widget } from '../../../../gateway/core/dashboard.ts';
import type { Counted, DashboardData } from '../../../http/dashboard-data.ts';
import type { OwnTask } from '../../../http/own-tasks.ts';
import { deviceStatus, Pill, phaseStatus } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { ACTIVITY_PATH, DoneLine } from '../activity/activity-words.tsx';

interface WidgetProps {
	readonly ui: Ui;
	readonly widget: Widget;
	readonly data: DashboardData;
}

type Of<W extends Widget> = { readonly ui: Ui; readonly shown: NonNullable<DashboardData[W]> };

/** What a widget shows; nothing where its reader may not have it any more. */
export function WidgetBody({ ui, widget, data }: WidgetProps): Child {
	switch (widget) {
		case 'tasks':
			return data.tasks && <Tasks ui={ui} shown={data.tasks} />;
		case 'lanes':
			return data.lanes && <LaneStates ui={ui} shown={data.lanes} />;
		case 'refused':
			return data.refused && <Refused ui={ui} shown={data.refused} />;
		case 'occupancy':
			return data.occupancy && <Occupied ui={ui} shown={data.occupancy} />;
		case 'visitors':
			return data.visitors && <Figure ui={ui} shown={data.visitors} href="/visitors" words="home.visitors" />;
		case 'bookings':
			return data.bookings && <Figure ui={ui} shown={data.bookings} href="/bookings" words="home.bookings" />;
		case 'devices':
			return data.devices && <Devices ui={ui} shown={data.devices} />;
		case 'sync':
			return data.sync && <Sync ui={ui} shown={data.sync} />;
		case 'licences':
			return data.licences && <Licences ui={ui} shown={data.licences} />;
		case 'signedIn':
			return (
				data.signedIn !== undefined && (
					<Figure ui={ui} shown={{ count: data.signedIn, isMore: false }} href={ACTIVITY_PATH} words="home.signedIn" />
				)
			);
		case 'ownActivity':
			return data.ownActivity && <Own ui={ui} shown={data.ownActivity} />;
	}
}

/** `50+` where there are more than were counted. */
function numberOf({ formats }: Ui, { count, isMore }: Counted): string {
	return `${formats.number(count)}${isMore ? '+' : ''}`;
}

function Tasks({ ui, shown }: Of<'tasks'>) {
	const { t } = ui;
	if (shown.length === 0) return <p class="muted">{t('home.noTasks')}</p>;
	return (
		<ul class="task-list">
			{shown.map((task) => (
				<li>
					<a href={task.href}>{t(`home.task.${task.kind}`)}</a>
					<strong class="figures">{numberOf(ui, task)}</strong>
					<Age ui={ui} task={task} />
				</li>
			))}
		</ul>
	);
}

function Age({ ui, task: { oldestMs } }: { readonly ui: Ui; readonly task: OwnTask }) {
	if (oldestMs === null) return null;
	const ago = ui.formats.duration(Math.max(0, ui.nowMs - oldestMs));
	return <span class="muted">{ui.t('home.oldest', { ago })}</span>;
}

function LaneStates({ ui, shown }: Of<'lanes'>) {
	const { t } = ui;
	return (
		<>
			<table class="plain-table">
				<tbody>
					{shown.map((lane) => {
						const { tone, icon, label } = phaseStatus(lane.phase);
						return (
							<tr>
								<th scope="row">{lane.name}</th>
								<td>
									<Pill tone={lane.problems.length > 0 ? 'warning' : tone} icon={icon}>
										{t(label)}
									</Pill>
								</td>
							</tr>
						);
					})}
				</tbody>
			</table>
			<p>
				<a href="/">{t('home.toLive')}</a>
			</p>
		</>
	);
}

const REASONS_SHOWN = 5;

function Refused({ ui, shown }: Of<'refused'>) {
	const { t, formats } = ui;
	return (
		<>
			<p>
				<a href="/log?outcome=refused">
					<strong class="figures">{numberOf(ui, shown)}</strong> {t('home.refused')}
				</a>
			</p>
			<ul class="task-list">
				{shown.reasons.slice(0, REASONS_SHOWN).map(({ reason, count }) => (
					<li>
						<a href={`/log?${new URLSearchParams({ outcome: 'refused', reason })}`}>{ui.reason(reason).cause}</a>
						<span class="figures">{formats.number(count)}</span>
					</li>
				))}
			</ul>
		</>
	);
}

function Occupied({ ui, shown }: Of<'occupancy'>) {
	const { t, formats } = ui;
	return (
		<>
			<ul class="task-list">
				{shown.map(({ areaId, occupied, capacity }) => (
					<li>
						<span>{ui.placeName(areaId)}</span>
						<span class="figures">
							{formats.number(occupied)}
							{capacity !== null && ` / ${formats.number(capacity)}`}
						</span>
					</li>
				))}
			</ul>
			<p>
				<a href="/occupancy">{t('home.toOccupancy')}</a>
			</p>
		</>
	);
}

function Figure(props: {
	readonly ui: Ui;
	readonly shown: Counted;
	readonly href: string;
	readonly words: 'home.visitors' | 'home.bookings' | 'home.signedIn';
}) {
	const { ui, shown, href, words } = props;
	return (
		<p>
			<a href={href}>
				<strong class="figures">{numberOf(ui, shown)}</strong> {ui.t(words)}
			</a>
		</p>
	);
}

function Devices({ ui, shown }: Of<'devices'>) {
	const { t, formats } = ui;
	const { total, troubled } = shown;
	if (troubled.length === 0) return <p>{t('home.devicesGood', { count: total })}</p>;
	return (
		<>
			<p>
				<a href="/devices">
					<strong>{t('home.devicesBad', { count: troubled.length, all: formats.number(total) })}</strong>
				</a>
			</p>
			<ul class="task-list">
				{troubled.slice(0, DEVICES_SHOWN).map(({ id, state, sinceMs }) => {
					const { tone, icon, label } = deviceStatus(state);
					return (
						<li>
							<a href={`/devices/${encodeURIComponent(id)}`}>
								<Untrusted ui={ui} text={id} />
							</a>
							<Pill tone={tone} icon={icon}>
								{t(label)}
							</Pill>
							<span class="muted">
								<Moment ui={ui} atMs={sinceMs} />
							</span>
						</li>
					);
				})}
			</ul>
		</>
	);
}

const DEVICES_SHOWN = 8;

function Sync({ ui, shown }: Of<'sync'>) {
	const { t, formats } = ui;
	const { configured, connected, outboxDepth, deadLetters } = shown;
	if (!configured) return <p class="muted">{t('home.standalone')}</p>;
	return (
		<p>
			<a href="/sync">
				<Pill tone={connected ? 'good' : 'bad'} icon={connected ? 'check' : 'offline'}>
					{t(connected ? 'home.connected' : 'home.disconnected')}
				</Pill>
			</a>{' '}
			{t('home.waiting', { rows: formats.number(outboxDepth), refused: formats.number(deadLetters) })}
		</p>
	);
}

function Licences({ ui, shown }: Of<'licences'>) {
	const { t, formats } = ui;
	const { phase, endsAtMs, operators, cameras } = shown;
	const of = ({ used, available }: { readonly used: number; readonly available: number }) =>
		`${formats.number(used)} / ${formats.number(available)}`;
	return (
		<>
			<p>
				<a href="/licences">
					<Pill tone={phase === 'valid' ? 'good' : 'warning'} icon={phase === 'valid' ? 'check' : 'warning'}>
						{t(`home.licence.${phase}`)}
					</Pill>
				</a>{' '}
				{endsAtMs !== null && t('home.licenceEnds', { at: formats.minute(endsAtMs) })}
			</p>
			<p class="muted">{t('home.seats', { operators: of(operators), cameras: of(cameras) })}</p>
		</>
	);
}

function Own({ ui, shown }: Of<'ownActivity'>) {
	const { done } = shown;
	if (done.length === 0) return <p class="muted">{ui.t('activity.nothing')}</p>;
	return (
		<ol class="done-lines">
			{done.map((one) => (
				<DoneLine ui={ui} done={one} />
			))}
		</ol>
	);
}
