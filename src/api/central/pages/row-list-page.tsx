import type { DirectoryTable } from '../../../gateway/core/directory.ts';
import { aggregateOf } from '../../../gateway/core/directory.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { Icon } from '../../console/components/icon.tsx';
import { EmptyState, Notice } from '../../console/components/notice.tsx';
import { Untrusted } from '../../console/components/text.tsx';
import { Page } from '../../console/layout/page.tsx';
import type { Fleet, FleetRow, ListPage } from '../fleet.ts';
import { type CentralUi, rowHref, tableHref, tableName } from './central-ui.ts';
import { hrefWith, ListFilter, Pages } from './list-parts.tsx';
import { Reached } from './stream-page.tsx';

interface RowListProps {
	readonly ui: CentralUi;
	readonly fleet: Fleet;
	readonly table: DirectoryTable;
	readonly q: string;
	readonly cursor: string | undefined;
	readonly found: ListPage<FleetRow>;
	readonly isBadCursor: boolean;
	/** What the reader has just deleted. */
	readonly gone: SavedRev | undefined;
}

export interface SavedRev {
	readonly stream: string;
	readonly rev: number;
}

/** The rows of one table, as all sites have them. */
export function RowListPage({ ui, fleet, table, q, cursor, found, isBadCursor, gone }: RowListProps) {
	const { t } = ui;
	const path = tableHref(table);
	const add = (
		<a class="button button--primary" href={`${path}/new`}>
			<Icon name="plus" />
			{t('fleet.new')}
		</a>
	);
	return (
		<Page ui={ui} title={tableName(ui, table)} aside={ui.may(`${table}:write`) && add}>
			{gone !== undefined && (
				<Notice tone="good" title={t('fleet.gone', { rev: gone.rev, stream: gone.stream })} announce>
					<SavedReach ui={ui} fleet={fleet} saved={gone} />
				</Notice>
			)}
			<ListFilter ui={ui} action={path} q={q} maxLength={LIMITS.searchLength} />
			{isBadCursor && <Notice tone="warning" title={t('fleet.badCursor')} announce />}
			{found.items.length === 0 ? (
				<EmptyState icon="search" title={t('fleet.noRows')} hint={t('fleet.noRowsHint')} />
			) : (
				<RowTable ui={ui} table={table} rows={found.items} />
			)}
			<Pages
				{...{ ui, cursor }}
				nextCursor={found.nextCursor}
				href={(at) => hrefWith(path, { q, cursor: at })}
				first="fleet.first"
				next="fleet.next"
			/>
		</Page>
	);
}

/** Which of the connected sites have what was just saved; fetched again until the page is left. */
export function SavedReach({
	ui,
	fleet,
	saved,
}: {
	readonly ui: CentralUi;
	readonly fleet: Fleet;
	readonly saved: SavedRev;
}) {
	const live = hrefWith('/live/reach', { stream: saved.stream, rev: String(saved.rev) });
	return (
		<p id="reach" hx-get={live} hx-trigger="every 5s" hx-swap="outerHTML">
			{ui.t('fleet.reached')}: <Reached ui={ui} fleet={fleet} {...saved} />. {ui.t('fleet.reachedHint')}
		</p>
	);
}

function RowTable({
	ui,
	table,
	rows,
}: {
	readonly ui: CentralUi;
	readonly table: DirectoryTable;
	readonly rows: readonly FleetRow[];
}) {
	const { title, faces } = aggregateOf(table);
	const columns = (faces[0]?.columns ?? []).filter((field) => field !== title && field !== 'id');
	const label = (field: string) => ui.directory.field(table, field).label;
	return (
		<div class="card card--flush">
			<table class="row-table">
				<caption class="visually-hidden">{tableName(ui, table)}</caption>
				<thead>
					<tr>
						<th scope="col">{label(title)}</th>
						<th scope="col">{ui.t('fleet.key')}</th>
						{columns.map((field) => (
							<th scope="col">{label(field)}</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map(({ key, row }) => (
						<tr class="row" data-row={key}>
							<th scope="row" class="row__title">
								<a class="row__link" href={rowHref(table, key)}>
									<Untrusted ui={ui} text={plain(row[title]) || key} />
								</a>
							</th>
							<td class="row__value code" data-label={ui.t('fleet.key')}>
								<Untrusted ui={ui} text={key} />
							</td>
							{columns.map((field) => (
								<td class="row__value" data-label={label(field)}>
									<Untrusted ui={ui} text={plain(row[field])} />
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

/** A value as short text; what has parts as its JSON. */
function plain(value: unknown): string {
	if (value === null || value === undefined) return '';
	return typeof value === 'string' ? value : JSON.stringify(value);
}
