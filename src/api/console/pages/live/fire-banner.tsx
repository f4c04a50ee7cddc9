import type { LaneView } from '../../../../gateway/services/lanes/lane-view.ts';
import { Icon } from '../../components/icon.tsx';
import type { Ui } from '../../ui.ts';

/** Stays in place while its content is fetched anew, so that fire is read out when it begins. */
export function FireBanner({ ui, lanes }: { ui: Ui; lanes: readonly LaneView[] }) {
	return (
		<div id="fire" role="alert" hx-get="/live/fire" hx-trigger="parkgate:lane from:body, parkgate:resync from:body">
			<Fire ui={ui} lanes={lanes} />
		</div>
	);
}

/** Which lanes' fire input is active; nothing when none is. */
export function Fire({ ui, lanes }: { ui: Ui; lanes: readonly LaneView[] }) {
	const burning = lanes.filter(({ fire }) => fire).map(({ name }) => name);
	if (burning.length === 0) return null;
	const names = new Intl.ListFormat(ui.language).format(burning);
	return (
		<div class="fire">
			<Icon name="flame" size="large" />
			<div>
				<p class="fire__title">{ui.t('fire.title')}</p>
				<p>{ui.t('fire.lanes', { lanes: names })}</p>
			</div>
		</div>
	);
}
