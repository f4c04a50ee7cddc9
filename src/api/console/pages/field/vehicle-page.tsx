import type { Area } from '../../../../gateway/core/site.ts';
import type { SpaceWarning, StandingPlace, StandingVehicle } from '../../../../gateway/services/field/logistic.ts';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { LOGISTIC_PATH, vehicleHref } from './field-paths.ts';
import { OfflineNotice, placeWords, VehicleWords, vehicleName } from './field-views.tsx';

interface VehicleProps {
	readonly ui: Ui;
	/** Where it may be said to stand. */
	readonly areas: readonly Area[];
	readonly vehicle: StandingVehicle;
	readonly isTaken: (spaceId: string) => boolean;
	/** It was not moved: this is there already. */
	readonly warned: { readonly to: StandingPlace; readonly warning: SpaceWarning } | undefined;
	readonly problem: string | undefined;
}

/** Where one vehicle stands now: one touch says it. */
export function VehiclePage({ ui, areas, vehicle, isTaken, warned, problem }: VehicleProps) {
	const { t } = ui;
	const back = { href: LOGISTIC_PATH, label: t('logistic.title') };
	return (
		<Page ui={ui} title={t('logistic.where')} back={back} islands={['field-work']}>
			<div class="field-work">
				<OfflineNotice ui={ui} />
				{problem !== undefined && <Notice tone="bad" title={problem} announce />}
				<section class="card">
					<VehicleWords ui={ui} vehicle={vehicle} />
				</section>
				{warned !== undefined && <Warned ui={ui} vehicle={vehicle} {...warned} />}
				<form class="places" method="post" action={vehicleHref(vehicle.stayId)} data-keeps>
					<CsrfField ui={ui} />
					{areas.map((area) => (
						<AreaPlaces ui={ui} area={area} vehicle={vehicle} isTaken={isTaken} />
					))}
				</form>
			</div>
		</Page>
	);
}

function AreaPlaces({ ui, area, vehicle, isTaken }: Pick<VehicleProps, 'ui' | 'vehicle' | 'isTaken'> & { area: Area }) {
	const { t } = ui;
	const { spaces = [] } = area;
	const isHere = vehicle.areaId === area.id && vehicle.spaceId === null;
	return (
		<fieldset class="card places__area">
			<legend class="visually-hidden">{area.name}</legend>
			<button
				class="button button--wide button--thumb"
				type="submit"
				name="place"
				value={placeValue({ areaId: area.id, spaceId: null })}
				disabled={isHere}
			>
				{spaces.length === 0 ? area.name : t('logistic.somewhere', { area: area.name })}
				{isHere && <span class="muted">{t('logistic.here')}</span>}
			</button>
			{spaces.length > 0 && (
				<div class="places__spaces">
					{spaces.map(({ id, name }) => {
						const standsHere = vehicle.spaceId === id;
						const taken = !standsHere && isTaken(id);
						return (
							<button
								class={taken ? 'button space space--taken' : 'button space'}
								type="submit"
								name="place"
								value={placeValue({ areaId: area.id, spaceId: id })}
								disabled={standsHere}
							>
								<span>{name}</span>
								{(taken || standsHere) && (
									<span class="space__state">{t(standsHere ? 'logistic.here' : 'logistic.taken')}</span>
								)}
							</button>
						);
					})}
				</div>
			)}
		</fieldset>
	);
}

function Warned({
	ui,
	vehicle,
	to,
	warning,
}: Pick<VehicleProps, 'ui' | 'vehicle'> & { to: StandingPlace; warning: SpaceWarning }) {
	const { t } = ui;
	const takenBy = warning.takenBy.map((other) => vehicleName(ui, other)).join(', ');
	const keptFor = warning.allocatedTo.map(({ name, holderId }) => name ?? (holderId || '—')).join(', ');
	return (
		<Notice tone="warning" title={placeWords(ui, to)} announce>
			{takenBy !== '' && (
				<p>
					<Untrusted ui={ui} text={t('logistic.takenBy', { who: takenBy })} />
				</p>
			)}
			{keptFor !== '' && (
				<p>
					<Untrusted ui={ui} text={t('logistic.allocatedTo', { who: keptFor })} />
				</p>
			)}
			<form method="post" action={vehicleHref(vehicle.stayId)} data-keeps>
				<CsrfField ui={ui} />
				<input type="hidden" name="even" value="yes" />
				<button class="button button--thumb" type="submit" name="place" value={placeValue(to)}>
					<Icon name="car" />
					{t('logistic.evenIfTaken')}
				</button>
			</form>
		</Notice>
	);
}

/** Ids hold no slash. */
function placeValue({ areaId, spaceId }: StandingPlace): string {
	return spaceId === null ? areaId : `${areaId}/${spaceId}`;
}

export function parsePlace(value: string): StandingPlace {
	const [areaId = '', spaceId = null] = value.slice(0, 200).split('/');
	return { areaId, spaceId };
}
