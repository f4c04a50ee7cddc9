import type { ActivityStep, AuditItem, OwnActivity } from '../../../../gateway/services/activity/audit-log.ts';
import type { LiveOperator } from '../../../../gateway/services/activity/operator-activity.ts';
import { Connection } from '../../components/connection.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { operatorHref } from '../operators/operators-frame.tsx';
import { ActivityFrame } from './activity-frame.tsx';
import { doneWords, Target } from './activity-words.tsx';

/** Fetched by scripts: looking keeps nobody's own login from going idle. */
export const LIVE_LOGINS_PATH = '/live/activity/logins';
export const LIVE_FEED_PATH = '/live/activity/feed';

interface LivePageProps {
	readonly ui: Ui;
	readonly logins: readonly LiveOperator[];
	readonly feed: readonly FeedLine[];
}

export type FeedLine = Pick<AuditItem, 'atMs' | 'operatorId' | 'kind' | 'verb' | 'target'>;

/** Who is signed in and what is being done, as it happens. */
export function LiveActivityPage({ ui, logins, feed }: LivePageProps) {
	return (
		<ActivityFrame ui={ui} tab="live" title={ui.t('activity.title')} islands={['live']} aside={<Connection ui={ui} />}>
			<section class="card" aria-labelledby="logins-title">
				<h2 class="card__title" id="logins-title">
					{ui.t('activity.signedIn')}
				</h2>
				<LiveLogins ui={ui} logins={logins} />
			</section>
			<section class="card" aria-labelledby="feed-title">
				<h2 class="card__title" id="feed-title">
					{ui.t('activity.feed')}
				</h2>
				<Feed ui={ui} feed={feed} />
			</section>
		</ActivityFrame>
	);
}

export function LiveLogins({ ui, logins }: Pick<LivePageProps, 'ui' | 'logins'>) {
	const { t } = ui;
	return (
		<div
			class="config-scroll"
			id="live-logins"
			hx-get={LIVE_LOGINS_PATH}
			hx-trigger="parkgate:activity from:body, parkgate:resync from:body, every 10s"
			hx-swap="outerHTML"
		>
			{logins.length === 0 ? (
				<p class="muted">{t('activity.nobodySignedIn')}</p>
			) : (
				<table class="plain-table">
					<thead>
						<tr>
							<th scope="col">{t('operators.name')}</th>
							<th scope="col">{t('activity.since')}</th>
							<th scope="col">{t('operators.idleS')}</th>
							<th scope="col">{t('activity.where')}</th>
							<th scope="col">{t('activity.last')}</th>
						</tr>
					</thead>
					<tbody>
						{logins.map((login) => (
							<LoginRow ui={ui} login={login} />
						))}
					</tbody>
				</table>
			)}
		</div>
	);
}

function LoginRow({ ui, login }: { ui: Ui; login: LiveOperator }) {
	const { t, formats } = ui;
	const { operatorId, name, remoteAddress, createdAtMs, idleS, module, last } = login;
	return (
		<tr>
			<th scope="row">
				{ui.may('operators:read') ? (
					<a href={operatorHref(operatorId)}>
						<Untrusted ui={ui} text={name} />
					</a>
				) : (
					<Untrusted ui={ui} text={name} />
				)}
				<p class="muted">
					<Untrusted ui={ui} text={remoteAddress} />
				</p>
			</th>
			<td>
				<Moment ui={ui} atMs={createdAtMs} />
			</td>
			<td class="figures">{formats.number(idleS)}</td>
			<td>{module === null ? t('activity.nowhere') : t(`activity.module.${module}`)}</td>
			<td>{last === null ? t('activity.nothing') : <Last ui={ui} last={last} />}</td>
		</tr>
	);
}

function Last({ ui, last }: { ui: Ui; last: ActivityStep | OwnActivity }) {
	return (
		<>
			{doneWords(ui, last)} <span class="muted">{ui.formats.moment(last.atMs)}</span>
		</>
	);
}

/** The last things that were done, newest first. */
export function Feed({ ui, feed }: Pick<LivePageProps, 'ui' | 'feed'>) {
	const { t } = ui;
	return (
		<ol
			class="done-lines"
			id="live-feed"
			hx-get={LIVE_FEED_PATH}
			hx-trigger="parkgate:activity from:body, parkgate:resync from:body"
			hx-swap="outerHTML"
		>
			{feed.length === 0 && <li class="muted">{t('activity.nothing')}</li>}
			{feed.map((line) => (
				<li class="done-line">
					<span class="muted">
						<Moment ui={ui} atMs={line.atMs} />
					</span>{' '}
					<strong>
						{line.operatorId === null ? (
							t('audit.gateway')
						) : (
							<Untrusted ui={ui} text={ui.operatorName(line.operatorId)} />
						)}
					</strong>{' '}
					{doneWords(ui, line)} <Target ui={ui} done={line} />
				</li>
			))}
		</ol>
	);
}
