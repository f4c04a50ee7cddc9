import { Moment, SystemWords, Untrusted } from '../../console/components/text.tsx';
import type { FleetCommand } from '../fleet.ts';
import type { CentralUi } from './central-ui.ts';
import { OutcomePill } from './outcome-pill.tsx';

/** Headings of `CommandCells`. */
export function CommandColumns({ ui: { t } }: { readonly ui: CentralUi }) {
	return (
		<>
			<th scope="col">{t('fleet.outcome')}</th>
			<th scope="col">{t('fleet.by')}</th>
			<th scope="col">{t('fleet.reason')}</th>
			<th scope="col">{t('fleet.time')}</th>
		</>
	);
}

/** What became of a command, and who asked for it, why and when. */
export function CommandCells({ ui, command }: { readonly ui: CentralUi; readonly command: FleetCommand }) {
	const { t } = ui;
	const { outcome, because, by, reason, atMs } = command;
	return (
		<>
			<td class="row__value row__state" data-label={t('fleet.outcome')}>
				<OutcomePill ui={ui} outcome={outcome} />
				{because !== null && (
					<>
						{' '}
						<SystemWords ui={ui} text={because} />
					</>
				)}
			</td>
			<td class="row__value" data-label={t('fleet.by')}>
				<Untrusted ui={ui} text={by} />
			</td>
			<td class="row__value" data-label={t('fleet.reason')}>
				<Untrusted ui={ui} text={reason} />
			</td>
			<td class="row__value fleet-time" data-label={t('fleet.time')}>
				<Moment ui={ui} atMs={atMs} />
			</td>
		</>
	);
}
