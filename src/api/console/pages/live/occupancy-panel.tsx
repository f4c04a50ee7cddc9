import type { AreaOccupancy } from '../../../../gateway/services/occupancy.ts';
import { EmptyState } from '../../components/notice.tsx';
import type { Ui } from '../../ui.ts';

/** Every counter with its bar: parks, and their areas below them. */
export function OccupancyPanel({ ui, counters }: { ui: Ui; counters: readonly AreaOccupancy[] }) {
	const { t } = ui;
	return (
		<section
			class="panel"
			id="occupancy"
			aria-labelledby="occupancy-title"
			hx-get="/live/occupancy"
			hx-trigger="parkgate:occupancy from:body, parkgate:resync from:body"
			hx-swap="outerHTML"
		>
			<h2 class="panel__title" id="occupancy-title">
				{t('live.occupancy')}
			</h2>
			{counters.length === 0 ? (
				<EmptyState icon="car" title={t('live.noOccupancy')} hint={t('live.noOccupancyHint')} />
			) : (
				<ul class="counters card">
					{arrange(counters).map(({ counter, depth }) => (
						<Counter ui={ui} counter={counter} depth={depth} />
					))}
				</ul>
			)}
		</section>
	);
}

function Counter({ ui, counter, depth }: { ui: Ui; counter: AreaOccupancy; depth: number }) {
	const { t } = ui;
	const { name, capacity, occupied, reserved, kept = 0 } = counter;
	const free = capacity === null ? null : Math.max(0, capacity - occupied - reserved - kept);
	return (
		<li class={`counter counter--depth-${Math.min(depth, 3)} ${free === 0 ? 'is-full' : ''}`}>
			<p class="counter__line">
				<span class="counter__name">{name}</span>
				<span class="counter__figure">
					{capacity === null ? t('occupancy.unlimited', { occupied }) : t('occupancy.of', { occupied, capacity })}
				</span>
			</p>
			{capacity !== null && <Bar capacity={capacity} occupied={occupied} reserved={reserved} />}
			<p class="counter__line counter__note">
				<span class={free === 0 ? 'counter__full' : undefined}>
					{free === 0 ? t('occupancy.full') : free !== null && t('occupancy.free', { count: free })}
				</span>
				{reserved > 0 && <span>{t('occupancy.reserved', { count: reserved })}</span>}
				{kept > 0 && <span>{t('occupancy.kept', { count: kept })}</span>}
			</p>
		</li>
	);
}

/** Drawn with attributes: the content security policy allows no inline style. */
export function Bar({ capacity, occupied, reserved }: { capacity: number; occupied: number; reserved: number }) {
	const whole = Math.max(capacity, occupied + reserved, 1);
	const share = (count: number) => (100 * count) / whole;
	const level = occupied + reserved >= capacity ? 'full' : occupied + reserved >= capacity * 0.9 ? 'tight' : 'room';
	return (
		<svg
			class={`bar bar--${level}`}
			viewBox="0 0 100 8"
			preserveAspectRatio="none"
			aria-hidden="true"
			focusable="false"
		>
			<rect class="bar__ground" width="100" height="8" />
			<rect class="bar__occupied" width={share(occupied)} height="8" />
			<rect class="bar__reserved" x={share(occupied)} width={share(reserved)} height="8" />
		</svg>
	);
}

export interface Placed {
	readonly counter: AreaOccupancy;
	readonly depth: number;
}

/** Parks first, each followed by its areas, each area by those within it. */
export function arrange(counters: readonly AreaOccupancy[]): readonly Placed[] {
	const areas = counters.filter(({ level }) => level === 'area');
	const known = new Set(areas.map(({ areaId }) => areaId));
	const below = (parentId: string, depth: number): Placed[] =>
		areas
			.filter((area) => area.parentId === parentId)
			.flatMap((area) => [{ counter: area, depth }, ...below(area.areaId, depth + 1)]);
	const topOf = (parkId: string, depth: number): Placed[] =>
		areas
			.filter((area) => area.parkId === parkId && (area.parentId === null || !known.has(area.parentId)))
			.flatMap((area) => [{ counter: area, depth }, ...below(area.areaId, depth + 1)]);
	const parks = counters.filter(({ level }) => level === 'park');
	const parkIds = new Set(parks.map(({ parkId }) => parkId));
	const orphanParks = new Set(areas.map(({ parkId }) => parkId).filter((parkId) => !parkIds.has(parkId)));
	return [
		...parks.flatMap((park) => [{ counter: park, depth: 0 }, ...topOf(park.parkId, 1)]),
		...[...orphanParks].flatMap((parkId) => topOf(parkId, 0)),
	];
}
