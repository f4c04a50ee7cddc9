import type { StandingPlace, StandingVehicle } from '../../../../gateway/services/field/logistic.ts';
import { Icon } from '../../components/icon.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';

/** `Deck · space 12`. */
export function placeWords(ui: Ui, { areaId, spaceId }: StandingPlace): string {
	const area = ui.areaName(areaId);
	return spaceId === null ? area : `${area} · ${ui.t('logistic.space', { space: ui.placeName(spaceId) })}`;
}

/** What a vehicle is called in one line: its plate or tag, its holder. */
export function vehicleName(ui: Ui, { carried, holderName }: StandingVehicle): string {
	return [carried, holderName].filter((part) => part !== null).join(' · ') || ui.t('logistic.anonymous');
}

export function VehicleWords({ ui, vehicle }: { ui: Ui; vehicle: StandingVehicle }) {
	const { carried, holderName, openedAtMs } = vehicle;
	return (
		<span class="vehicle__words">
			<span class="subject">
				{carried === null && holderName === null ? (
					ui.t('logistic.anonymous')
				) : (
					<Untrusted ui={ui} text={carried ?? holderName ?? ''} />
				)}
			</span>
			{carried !== null && holderName !== null && (
				<span class="holder">
					<Untrusted ui={ui} text={holderName} />
				</span>
			)}
			<span class="muted vehicle__place">
				<Icon name="car" size="small" />
				{placeWords(ui, vehicle)}
				{' · '}
				<Moment ui={ui} atMs={openedAtMs} />
			</span>
		</span>
	);
}

/** Shown by a script while the gateway can't be reached. */
export function OfflineNotice({ ui }: { ui: Ui }) {
	return (
		<div class="notice notice--warning" role="alert" data-offline hidden>
			<Icon name="offline" />
			<div class="notice__words">
				<p class="notice__title">{ui.t('field.offline')}</p>
				<p>{ui.t('field.offlineHint')}</p>
			</div>
		</div>
	);
}
