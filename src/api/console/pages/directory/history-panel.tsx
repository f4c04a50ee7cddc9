import { aggregateOf, type DirectoryTable } from '../../../../gateway/core/directory.ts';
import type { EditEntry } from '../../../../gateway/core/journal.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { seenRow } from './edit-form.ts';
import { FieldValue, hasValue } from './field-value.tsx';
import type { RowNames } from './row-names.ts';

interface HistoryProps {
	readonly ui: Ui;
	readonly table: DirectoryTable;
	/** Newest first. */
	readonly entries: readonly EditEntry[];
	readonly names: RowNames;
}

const SHOWN = 20;

/** Who changed what of this row on site, and when. */
export function HistoryPanel({ ui, table, entries, names }: HistoryProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="history-title">
			<h2 class="card__title" id="history-title">
				{t('dir.history')}
			</h2>
			{entries.length === 0 ? (
				<p class="muted">{t('dir.noHistory')}</p>
			) : (
				<ol class="changes-made">
					{entries.slice(0, SHOWN).map((entry) => (
						<Change ui={ui} table={table} entry={entry} names={names} />
					))}
				</ol>
			)}
			{entries.length > SHOWN && <p class="muted">{t('dir.historyMore', { count: entries.length - SHOWN })}</p>}
		</section>
	);
}

function Change({ ui, table, entry, names }: Omit<HistoryProps, 'entries'> & { entry: EditEntry }) {
	const { t } = ui;
	const what = entry.before === null ? 'created' : entry.after === null ? 'deleted' : 'changed';
	const before = seen(ui, table, entry.before);
	const after = seen(ui, table, entry.after);
	const fields = what === 'changed' ? changedFields(table, entry.before ?? {}, entry.after ?? {}) : [];
	return (
		<li class="change-made">
			<p class="change-made__head">
				<strong>{t(`dir.history.${what}`)}</strong>{' '}
				<span class="muted">
					<time datetime={ui.formats.machine(entry.atMs)}>{ui.formats.minute(entry.atMs)}</time>
					{' · '}
					<Untrusted
						ui={ui}
						text={entry.operatorId === null ? t('dir.history.gateway') : ui.operatorName(entry.operatorId)}
					/>
				</span>
			</p>
			{fields.length > 0 && (
				<dl class="change-made__fields">
					{fields.map((field) => (
						<div>
							<dt>{ui.directory.field(table, field).label}</dt>
							<dd>
								{hasValue(before[field]) ? (
									<del>
										<FieldValue ui={ui} table={table} field={field} row={before} names={names} />
									</del>
								) : (
									<span class="muted">{t('dir.none')}</span>
								)}
								<span aria-hidden="true"> → </span>
								<ins>
									{hasValue(after[field]) ? (
										<FieldValue ui={ui} table={table} field={field} row={after} names={names} />
									) : (
										t('dir.none')
									)}
								</ins>
							</dd>
						</div>
					))}
				</dl>
			)}
		</li>
	);
}

function seen(ui: Ui, table: DirectoryTable, row: AnyRow | null): AnyRow {
	if (row === null) return {};
	return seenRow(ui, { table }, row);
}

export function changedFields(table: DirectoryTable, before: AnyRow, after: AnyRow): readonly string[] {
	return Object.keys(aggregateOf(table).fields).filter(
		(field) => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null),
	);
}
