import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { ImportLink } from '../imports/import-link.tsx';
import { DoneNotice, type EditDone } from './done-notice.tsx';
import { ExportStatus } from './export-progress.tsx';
import { type DirectoryFace, listHref, newHref } from './face-links.ts';
import { FilterChips, type FilterOptions, ListFilters } from './list-filters.tsx';
import { exportHref, filterHref, isFiltered, type RowFilter } from './list-query.ts';
import { RowTable } from './list-table.tsx';
import type { RowNames } from './row-names.ts';

export interface ListProps {
	readonly ui: Ui;
	readonly face: DirectoryFace;
	readonly filter: RowFilter;
	readonly options: FilterOptions;
	readonly rows: readonly AnyRow[];
	readonly names: RowNames;
	/** LIMITS.countedRows: that many or more. */
	readonly count: number;
	/** The cursor of this page; undefined on the first. */
	readonly cursor: string | undefined;
	readonly next: string | null;
	/** The cursor asked for was not ours: this is the first page instead. */
	readonly isBadCursor: boolean;
	/** What the reader has just done. */
	readonly done: EditDone | undefined;
}

/** The rows of one face: search, filters, and what is done with several at once. */
export function ListPage(props: ListProps) {
	const { ui, face, done } = props;
	const words = ui.directory.face(face.face.path);
	const add = (
		<a class="button button--primary" href={newHref(face)}>
			<Icon name="plus" />
			{words.add}
		</a>
	);
	return (
		<Page
			ui={ui}
			title={words.title}
			islands={['selection']}
			aside={
				<>
					<ImportLink {...props} />
					{ui.mayInParts(`${face.table}:write`) && add}
				</>
			}
		>
			{done !== undefined && <DoneNotice ui={ui} done={done} />}
			<ListFilters {...props} />
			<RowsCount {...props} />
			{ui.mayInParts('directory:export') && <ExportStatus ui={ui} face={face} progress={undefined} />}
			<Rows {...props} />
		</Page>
	);
}

/** How much was found; stays in place when a search replaces the rest, so that it is read out. */
export function RowsCount({ ui, face, filter, count, outOfBand = false }: ListProps & { outOfBand?: boolean }) {
	return (
		<p class="results-count" id="rows-count" role="status" hx-swap-oob={outOfBand ? 'innerHTML' : undefined}>
			{countText(ui, face, count)}
			{count > 0 && ui.mayInParts('directory:export') && (
				<>
					{' · '}
					{ui.t('dir.export')} <a href={exportHref(ui, face, filter, 'csv')}>CSV</a>{' '}
					<a href={exportHref(ui, face, filter, 'xlsx')}>Excel</a>
				</>
			)}
		</p>
	);
}

export function countText(ui: Ui, face: DirectoryFace, count: number): string {
	if (count < LIMITS.countedRows) return ui.directory.countOf(face, count);
	return ui.directory.countOf(face, count, ui.t('dir.atLeast', { count: ui.formats.number(count) }));
}

/** The part that a search replaces. */
export function Rows(props: ListProps) {
	const { ui, face, filter, rows, cursor, next, isBadCursor } = props;
	const { t } = ui;
	return (
		<div id="rows">
			<FilterChips {...props} />
			{isBadCursor && <Notice tone="warning" title={t('dir.badCursor')} announce />}
			{rows.length === 0 ? <Nothing ui={ui} face={face} filter={filter} /> : <RowTable {...props} />}
			<PagesNav
				ui={ui}
				order="name"
				first={cursor === undefined ? undefined : filterHref(face, filter)}
				next={next === null ? undefined : filterHref(face, filter, next)}
			/>
		</div>
	);
}

function Nothing({ ui, face, filter }: Pick<ListProps, 'ui' | 'face' | 'filter'>) {
	const { t } = ui;
	const words = ui.directory.face(face.face.path);
	if (isFiltered(filter)) {
		return (
			<EmptyState icon="search" title={t('dir.nothing')} hint={t('dir.nothingHint')}>
				<a class="button" href={listHref(face)}>
					{t('log.reset')}
				</a>
			</EmptyState>
		);
	}
	return (
		<EmptyState icon="log" title={t('dir.empty', { what: words.title })} hint={words.about}>
			{ui.mayInParts(`${face.table}:write`) && (
				<a class="button button--primary" href={newHref(face)}>
					<Icon name="plus" />
					{words.add}
				</a>
			)}
		</EmptyState>
	);
}
