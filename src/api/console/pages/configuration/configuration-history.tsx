import type { AskedBy, ConfigurationEvent } from '../../../../gateway/core/configuration/configuration-state.ts';
import { Moment, SystemWords, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { versionName } from './configuration-paths.ts';

/** Who asked, and from where. */
export function Who({ ui, asked: { source, by } }: { ui: Ui; asked: AskedBy }) {
	if (source === 'gateway') return <>{ui.t('config.source.gateway')}</>;
	return (
		<>
			<Untrusted ui={ui} text={by} />
			{` (${ui.t(`config.source.${source}`)})`}
		</>
	);
}

/** What happened to the configuration, newest first. */
export function History({ ui, history }: { ui: Ui; history: readonly ConfigurationEvent[] }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="history-title">
			<h2 class="card__title" id="history-title">
				{t('config.history')}
			</h2>
			{history.length === 0 ? (
				<p class="muted">{t('config.noHistory')}</p>
			) : (
				<div class="config-scroll">
					<table class="plain-table">
						<thead>
							<tr>
								<th scope="col">{t('config.when')}</th>
								<th scope="col">{t('config.what')}</th>
								<th scope="col">{t('config.versions')}</th>
								<th scope="col">{t('config.by')}</th>
								<th scope="col">{t('config.reason')}</th>
								<th scope="col">{t('config.because')}</th>
							</tr>
						</thead>
						<tbody>
							{history.map((event) => (
								<tr>
									<th scope="row">
										<Moment ui={ui} atMs={event.atMs} long />
									</th>
									<td>{t(`config.what.${event.what}`)}</td>
									<td>{versionName(ui, event.version)}</td>
									<td>
										<Who ui={ui} asked={event} />
									</td>
									<td>
										<Untrusted ui={ui} text={event.reason} />
									</td>
									<td>{event.because !== null && <SystemWords ui={ui} text={event.because} />}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</section>
	);
}
