import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import { Icon } from '../../components/icon.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { plainUntrusted } from '../../untrusted-text.ts';
import { type BulkAction, bulkActionsOf, bulkHref } from './bulk-actions.ts';
import { type DirectoryFace, rowHref } from './face-links.ts';
import { FieldValue, hasValue } from './field-value.tsx';
import { orderOf } from './list-filters.tsx';
import type { ListProps } from './list-page.tsx';
import { filterAddress, filterHref } from './list-query.ts';
import { rowTitle } from './row-names.ts';
import { isStateField } from './value-tones.ts';

/** Rows, each leading to its page, and what is done with those that are ticked; on a narrow screen each is a card. */
export function RowTable(props: ListProps) {
	const { ui, face, rows } = props;
	const { t } = ui;
	const words = ui.directory.face(face.face.path);
	const actions = bulkActionsOf(ui, face);
	const address = filterAddress(props.filter);
	return (
		<form class="rows" method="post" action={bulkHref(face)} hx-post={bulkHref(face)} hx-target="#dialog-body">
			<CsrfField ui={ui} />
			{Object.entries(address).map(([name, value]) => (
				<input type="hidden" name={`filter.${name}`} value={value} />
			))}
			<div class="card card--flush">
				<table class="row-table">
					<caption class="visually-hidden">{words.title}</caption>
					<thead>
						<tr>
							{actions.length > 0 && (
								<th scope="col" class="row-table__tick">
									<label class="tick" data-selects-all hidden>
										<input type="checkbox" aria-label={t('dir.selectAll')} />
									</label>
									<span class="visually-hidden">{t('dir.select')}</span>
								</th>
							)}
							{face.face.columns.map((field) => (
								<Heading {...props} field={field} />
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map((row) => (
							<Row {...props} row={row} isTicked={actions.length > 0} />
						))}
					</tbody>
				</table>
			</div>
			{actions.length > 0 && <BulkBar {...props} actions={actions} />}
		</form>
	);
}

/** The column that the list is ordered by turns it round. */
function Heading({ ui, face, filter, field }: ListProps & { field: string }) {
	const { label } = ui.directory.field(face.table, field);
	if (field !== orderOf(face)) {
		return (
			<th scope="col" class={alignment(face, field)}>
				{label}
			</th>
		);
	}
	return (
		<th scope="col" aria-sort={filter.descending ? 'descending' : 'ascending'}>
			<a class="sorts" href={filterHref(face, { ...filter, descending: !filter.descending })}>
				{label}
				<Icon name={filter.descending ? 'arrow-up' : 'arrow-down'} size="small" />
			</a>
		</th>
	);
}

function alignment({ aggregate }: DirectoryFace, field: string): string | undefined {
	return aggregate.fields[field]?.input.kind === 'count' ? 'figures' : undefined;
}

function Row({ ui, face, names, row, isTicked }: ListProps & { row: AnyRow; isTicked: boolean }) {
	const id = String(row['id']);
	const title = rowTitle(ui, face.table, row, names);
	const [first, ...others] = face.face.columns;
	return (
		<tr class="row" data-row={id}>
			{isTicked && (
				<td class="row-table__tick">
					<label class="tick">
						<input
							type="checkbox"
							name="id"
							value={id}
							aria-label={ui.t('dir.selectRow', { name: plainUntrusted(title) })}
						/>
					</label>
				</td>
			)}
			<th scope="row" class="row__title">
				<a class="row__link" id={`row-${id}`} href={rowHref(face, id)}>
					{first === face.aggregate.title ? (
						<Untrusted ui={ui} text={title} />
					) : (
						<FieldValue ui={ui} table={face.table} field={first ?? 'id'} row={row} names={names} />
					)}
				</a>
			</th>
			{others.map((field) => (
				<td
					class={[
						'row__value',
						isStateField(field) && 'row__state',
						!hasValue(row[field]) && 'row__none',
						alignment(face, field),
					]
						.filter(Boolean)
						.join(' ')}
					data-label={ui.directory.field(face.table, field).label}
				>
					<FieldValue ui={ui} table={face.table} field={field} row={row} names={names} brief />
				</td>
			))}
		</tr>
	);
}

/** Seen once something is ticked; without scripts too. */
function BulkBar({ ui, count, rows, actions }: ListProps & { actions: readonly BulkAction[] }) {
	const { t } = ui;
	return (
		<fieldset class="bulk">
			<legend class="visually-hidden">{t('dir.bulk.legend')}</legend>
			<p class="bulk__count" data-selected={t('dir.bulk.selected', { count: '{count}' })} aria-live="polite" />
			{count > rows.length && (
				<label class="bulk__all">
					<input type="checkbox" name="scope" value="all" />
					<span>{t('dir.bulk.all', { count: ui.formats.number(count) })}</span>
				</label>
			)}
			<div class="bulk__actions">
				{actions.map((action) => (
					<button class="button" type="submit" name="action" value={action.name}>
						<Icon name={action.icon} />
						{action.label}
					</button>
				))}
			</div>
		</fieldset>
	);
}
