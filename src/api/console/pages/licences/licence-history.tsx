import type { LicenceChange } from '../../../../gateway/services/licensing/licence-standing.ts';
import { Moment, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { kindName } from './kind-words.ts';

interface HistoryProps {
	readonly ui: Ui;
	/** The newest first. */
	readonly history: readonly LicenceChange[];
	readonly operatorName: (operatorId: string) => string | null;
}

/** What was installed, given and taken, the newest first. */
export function LicenceHistory({ ui, history, operatorName }: HistoryProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="history-title">
			<h2 class="card__title" id="history-title">
				{t('licences.history')}
			</h2>
			{history.length === 0 ? (
				<p class="muted">{t('licences.noHistory')}</p>
			) : (
				<div class="config-scroll">
					<table class="plain-table">
						<thead>
							<tr>
								<th scope="col">{t('licences.at')}</th>
								<th scope="col">{t('licences.what')}</th>
								<th scope="col">{t('licences.by')}</th>
							</tr>
						</thead>
						<tbody>
							{history.map(({ atMs, what, subject, kind, operatorId }) => (
								<tr>
									<th scope="row">
										<Moment ui={ui} atMs={atMs} long />
									</th>
									<td>
										<Untrusted
											ui={ui}
											text={changeText(ui, what, { subject: nameOf(what, subject, operatorName), kind })}
										/>
									</td>
									<td>
										{operatorId === null ? (
											t('licences.gateway')
										) : (
											<Untrusted ui={ui} text={operatorName(operatorId) ?? operatorId} />
										)}
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</section>
	);
}

function nameOf(what: LicenceChange['what'], subject: string, operatorName: HistoryProps['operatorName']): string {
	return what === 'kindGiven' || what === 'kindTaken' ? (operatorName(subject) ?? subject) : subject;
}

function changeText(ui: Ui, what: LicenceChange['what'], named: { subject: string; kind: string | null }): string {
	const { subject } = named;
	if (what !== 'kindGiven' && what !== 'kindTaken') return ui.t(`licences.${what}`, { subject });
	return ui.t(`licences.${what}`, { subject, kind: kindName(ui, named.kind ?? '') });
}
