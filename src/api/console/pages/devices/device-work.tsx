import { mayAtDevice } from '../../../../gateway/core/permission/device-place.ts';
import type { Permission } from '../../../../gateway/core/permission.ts';
import type { Intervention } from '../../../../gateway/services/maintenance/interventions.ts';
import type { Ui } from '../../ui.ts';
import { InterventionLine } from '../maintenance/intervention-views.tsx';
import { ReportLink } from '../maintenance/interventions-page.tsx';
import { interventionsHref } from '../maintenance/maintenance-paths.ts';

/** What is to be done to one device, and the way to say that it is broken. */
export function DeviceWork({ ui, deviceId, work }: { ui: Ui; deviceId: string; work: readonly Intervention[] }) {
	const { t } = ui;
	const may = (permission: Permission) => mayAtDevice(ui, ui.site.lanes, deviceId, permission);
	if (!may('interventions:read') && !may('interventions:report')) return null;
	return (
		<section class="card device-work" aria-labelledby="work-title">
			<h2 class="card__title" id="work-title">
				{t('maintenance.ofDevice')}
			</h2>
			{may('interventions:read') && (
				<>
					{work.length === 0 && <p class="muted">{t('maintenance.noneOfDevice')}</p>}
					<ul class="thumb-list">
						{work.map((item) => (
							<li>
								<InterventionLine ui={ui} item={item} />
							</li>
						))}
					</ul>
					<p>
						<a class="intervention__link" href={interventionsHref({ device: deviceId, state: 'all' })}>
							{t('maintenance.allOfDevice')}
						</a>
					</p>
				</>
			)}
			<ReportLink ui={ui} device={deviceId} />
		</section>
	);
}
