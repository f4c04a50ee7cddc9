import { SystemWords } from '../../console/components/text.tsx';
import type { FleetSite } from '../fleet.ts';
import type { CentralUi } from './central-ui.ts';

/** Rows that a site can not use, and why; nothing when there are none. */
export function UnusableRows({ ui, site }: { ui: CentralUi; site: Pick<FleetSite, 'streams' | 'unusable'> }) {
	const parked = site.streams.reduce((sum, stream) => sum + stream.parked, 0);
	// Only the first of many are told one by one; a site that is away may have told nothing else since central started.
	const total = Math.max(parked, site.unusable.length);
	if (total === 0) return null;
	return (
		<>
			<p class="fleet-note">{ui.t('fleet.unusable', { count: total })}</p>
			<ul>
				{site.unusable.map(({ table, key, problem }) => (
					<li>
						<span class="code">{`${table}/${key}`}</span> <SystemWords ui={ui} text={problem} />
					</li>
				))}
			</ul>
		</>
	);
}
