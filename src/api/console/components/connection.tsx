import type { Ui } from '../ui.ts';

/** Whether what is shown is the present; the words of each state are here, the live island only picks. Without scripts: how old the page is. */
export function Connection({ ui }: { ui: Ui }) {
	const { t } = ui;
	return (
		<>
			<noscript>
				<p class="connection">
					<span>{t('app.noScript', { time: ui.formats.moment(ui.nowMs) })}</span>{' '}
					<a href={ui.here}>{t('app.refresh')}</a>
				</p>
			</noscript>
			<p class="connection" id="connection" data-time-zone={ui.site.timeZone} role="status" hidden>
				<span class="connection__mark" aria-hidden="true" />
				<span data-when="connecting">{t('connection.connecting')}</span>
				<span data-when="live">{t('connection.live')}</span>
				<span data-when="paused">{t('connection.paused')}</span>
				<span data-when="lost">
					<strong>{t('connection.lost')}</strong>{' '}
					<span data-template={t('connection.lostDetail', { time: '{time}' })} />
				</span>
			</p>
		</>
	);
}
