import { OUTSIDE } from '../../../../gateway/core/site.ts';
import type { RecordGrant } from '../../../../gateway/services/operators/record-grants.ts';
import { Icon } from '../../components/icon.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { historyHref } from '../occupancy/history-panel.tsx';
import { OCCUPANCY_PATH } from '../occupancy/occupancy-paths.ts';
import { Pair } from './lane-page.tsx';
import { LaneLinks, RecordSide, territoryHref } from './site-links.tsx';

interface TerritoryProps {
	readonly ui: Ui;
	readonly level: 'park' | 'area';
	readonly id: string;
	readonly grants: readonly RecordGrant[];
}

/** What a park or an area is, what lies in it, and who may see and change it. */
export function TerritoryPage({ ui, level, id, grants }: TerritoryProps) {
	const { t, formats, site } = ui;
	const area = level === 'area' ? site.areas.find((one) => one.id === id) : undefined;
	const place = area ?? site.parks.find((one) => one.id === id);
	const name = place?.name ?? id;
	const around =
		area && (area.parentId === undefined ? (['park', area.parkId] as const) : (['area', area.parentId] as const));
	const inner = site.areas.filter(({ parkId, parentId }) =>
		level === 'area' ? parentId === id : parkId === id && parentId === undefined,
	);
	const spaces = area?.spaces?.length ?? 0;
	return (
		<Page ui={ui} title={name} back={{ href: OCCUPANCY_PATH, label: t('counting.title') }}>
			<div class="config-stack">
				<section class="card" aria-label={name}>
					<dl class="pairs pairs--wide">
						{around !== undefined && (
							<Pair label={t('site.within')}>
								<Territories ui={ui} of={[around]} />
							</Pair>
						)}
						<Pair label={t('counting.capacity')}>
							{place?.capacity === undefined ? t('counting.unlimited') : formats.number(place.capacity)}
						</Pair>
						{spaces > 0 && <Pair label={t('site.spaces')}>{formats.number(spaces)}</Pair>}
						{inner.length > 0 && (
							<Pair label={t('site.areas')}>
								<Territories ui={ui} of={inner.map((one) => ['area', one.id] as const)} />
							</Pair>
						)}
						<Pair label={t('site.lanes')}>
							<Lanes ui={ui} level={level} id={id} />
						</Pair>
					</dl>
					<p>
						<a class="panel__link" href={historyHref(id, 'today')}>
							{t('counting.historyOf', { area: name })}
							<Icon name="chevron-right" size="small" />
						</a>
					</p>
				</section>
				<RecordSide ui={ui} record={`${level}s/${id}`} target={id} grants={grants} />
			</div>
		</Page>
	);
}

function Territories({ ui, of }: { readonly ui: Ui; readonly of: readonly (readonly ['park' | 'area', string])[] }) {
	return (
		<span class="site-links">
			{of.map(([level, id]) =>
				ui.may('occupancy:read', { kind: level, id }) ? (
					<a href={territoryHref(level, id)}>{ui.placeName(id)}</a>
				) : (
					<span>{ui.placeName(id)}</span>
				),
			)}
		</span>
	);
}

/** Those that lead into it or out of it; of a park those of any of its areas. */
function Lanes({ ui, level, id }: Pick<TerritoryProps, 'ui' | 'level' | 'id'>) {
	const { lanes, areas } = ui.site;
	const isIn = (end: string) =>
		end !== OUTSIDE && (level === 'area' ? end === id : areas.some((area) => area.id === end && area.parkId === id));
	const here = lanes.filter(({ from, to }) => isIn(from) || isIn(to));
	return here.length === 0 ? <span class="muted">{ui.t('site.noLanes')}</span> : <LaneLinks ui={ui} lanes={here} />;
}
