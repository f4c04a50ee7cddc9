import type { Lane } from '../../../../gateway/core/site.ts';
import type { RecordGrant } from '../../../../gateway/services/operators/record-grants.ts';
import type { Ui } from '../../ui.ts';
import { HistoryLink } from '../activity/activity-words.tsx';
import { RecordGrantsCard, showsGrants } from '../operators/record-grants-card.tsx';

export function laneHref(laneId: string): string {
	return `/lanes/${encodeURIComponent(laneId)}`;
}

/** Of a park or an area. */
export function territoryHref(level: 'park' | 'area', id: string): string {
	return `/${level}s/${encodeURIComponent(id)}`;
}

/** Names of lanes, each with the way to its page for who may see it. */
export function LaneLinks({ ui, lanes }: { readonly ui: Ui; readonly lanes: readonly Pick<Lane, 'id' | 'name'>[] }) {
	return (
		<span class="site-links">
			{lanes.map(({ id, name }) =>
				ui.may('lanes:read', { kind: 'lane', id }) ? <a href={laneHref(id)}>{name}</a> : <span>{name}</span>,
			)}
		</span>
	);
}

/** Who may see and change it, and what was done to it. */
export function RecordSide(props: {
	readonly ui: Ui;
	/** As in `core/permission/record-kinds.ts`. */
	readonly record: string;
	/** As the audit names it. */
	readonly target: string;
	readonly grants: readonly RecordGrant[];
}) {
	const { ui, record, target, grants } = props;
	return (
		<div class="site-side">
			{showsGrants(ui, record) && <RecordGrantsCard ui={ui} record={record} grants={grants} isBeside />}
			<p>
				<HistoryLink ui={ui} target={target} />
			</p>
		</div>
	);
}
