import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import { opensDialog } from '../../components/dialog-frame.tsx';
import { Icon } from '../../components/icon.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { faceOfRow, listHref, newHref, rowHref } from './face-links.ts';
import { FieldValue, hasValue } from './field-value.tsx';
import { countText } from './list-page.tsx';
import type { RelatedRows } from './related-rows.ts';
import { rowTitle } from './row-names.ts';
import { isStateField } from './value-tones.ts';

interface RelatedProps {
	readonly ui: Ui;
	/** Of the row that is shown. */
	readonly id: string;
	readonly related: RelatedRows;
}

/** Some of the rows that name this one, the way to all of them, and to add one. */
export function RelatedPanel({ ui, id, related }: RelatedProps) {
	const { face, field, rows, count, isPart } = related;
	const { t } = ui;
	const words = ui.directory.face(face.face.path);
	const titleId = `related-${face.table}-${field}`;
	const all = listHref(face, { [field]: id });
	const add = newHref(face, { [field]: id });
	return (
		<section class="card related" aria-labelledby={titleId}>
			<div class="panel__head">
				<h2 class="card__title" id={titleId}>
					{words.title}
					{rows.length > 0 && <span class="related__count">{ui.formats.number(count)}</span>}
				</h2>
				{isPart && ui.mayInParts(`${face.table}:write`) && (
					<a class="panel__link" id={`add-${face.table}`} href={add} {...opensDialog(add)}>
						<Icon name="plus" size="small" />
						{t('dir.add')}
					</a>
				)}
			</div>
			{rows.length === 0 ? (
				<p class="muted">{t('dir.noneYet')}</p>
			) : (
				<ul class="related__rows">
					{rows.map((row) => (
						<RelatedRow ui={ui} related={related} row={row} />
					))}
				</ul>
			)}
			{count > rows.length && (
				<a class="panel__link related__all" href={all}>
					{t('dir.all', { what: countText(ui, face, count) })}
					<Icon name="chevron-right" size="small" />
				</a>
			)}
		</section>
	);
}

function RelatedRow({ ui, related, row }: { ui: Ui; related: RelatedRows; row: AnyRow }) {
	const { face, field, names } = related;
	// All of them are called like the row they belong to: what else they name tells them apart.
	const other = face.aggregate.title === field ? face.face.columns.find((column) => column !== field) : undefined;
	const title = rowTitle(ui, face.table, row, names);
	const isTold = (column: string) =>
		column === field ||
		column === other ||
		column === face.aggregate.title ||
		row[column] === title ||
		!hasValue(row[column]);
	const shown = face.face.columns.filter((column) => !isTold(column));
	const states = shown.filter(isStateField);
	const facts = shown.filter((column) => !isStateField(column));
	return (
		<li class="related__row">
			<span class="related__words">
				<a class="related__link" href={rowHref(faceOfRow(face.table, row), String(row['id']))}>
					{other === undefined ? (
						<Untrusted ui={ui} text={title} />
					) : (
						<FieldValue ui={ui} table={face.table} field={other} row={row} names={names} />
					)}
				</a>
				{facts.length > 0 && (
					<span class="related__facts">
						{facts.slice(0, 3).map((column) => (
							<span>
								<span class="related__label">{`${ui.directory.field(face.table, column).label}: `}</span>
								<FieldValue ui={ui} table={face.table} field={column} row={row} names={names} />
							</span>
						))}
					</span>
				)}
			</span>
			{states.map((column) => (
				<FieldValue ui={ui} table={face.table} field={column} row={row} names={names} />
			))}
		</li>
	);
}
