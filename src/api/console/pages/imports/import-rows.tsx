import { aggregateOf, type DirectoryTable } from '../../../../gateway/core/directory.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import type { Import } from '../../../../gateway/services/imports/imports.ts';
import { problemText } from '../../../../gateway/services/tables/problem-texts/problem-text.ts';
import type { TableProblem } from '../../../../gateway/services/tables/table-problem.ts';
import { Icon } from '../../components/icon.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Pill } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { FieldValue, hasValue } from '../directory/field-value.tsx';
import { type RowNames, rowTitle } from '../directory/row-names.ts';
import { IMPORT_SHOWS, type ImportLook, type ImportShow, importHref } from './import-paths.ts';

/** A row of the directory as the reader may see it, before and after. */
export interface ShownChange {
	readonly row: number;
	readonly table: DirectoryTable;
	readonly before: AnyRow | null;
	readonly after: AnyRow;
}

export interface LoadedChanges {
	readonly items: readonly ShownChange[];
	/** Row to go on after; null: these are the last. */
	readonly next: number | null;
	/** Of the rows that they name, by table. */
	readonly names: ReadonlyMap<DirectoryTable, RowNames>;
}

interface RowsProps {
	readonly ui: Ui;
	readonly found: Import;
	readonly look: ImportLook;
	readonly changes: LoadedChanges | undefined;
}

/** What is looked at when nothing else is asked for: what is wrong, else what is new, else what changes. */
export function shownOf({ preview }: Import, { show }: ImportLook): ImportShow {
	if (show !== undefined) return show;
	if (preview === null || preview.problems.errors > 0) return 'problems';
	if (preview.counts.new > 0) return 'new';
	return preview.counts.changed > 0 ? 'changed' : 'same';
}

/** The rows of the file, by what becomes of them. */
export function ImportRows(props: RowsProps) {
	const { ui, found, look } = props;
	const { preview } = found;
	if (preview === null) return null;
	const { counts, problems } = preview;
	const shown = shownOf(found, look);
	const sizes: Readonly<Record<ImportShow, number>> = { ...counts, problems: problems.errors + problems.notes };
	const isRead = preview.origin !== null;
	return (
		<section class="import-rows" aria-label={ui.t('import.show')}>
			{isRead && (
				<nav class="segments" aria-label={ui.t('import.show')}>
					{IMPORT_SHOWS.map((show) => (
						<a class="segment" href={importHref(found.id, { show })} aria-current={show === shown ? 'page' : undefined}>
							{ui.t(`import.show.${show}`)}
							<span class="segment__count">{ui.formats.number(sizes[show])}</span>
						</a>
					))}
				</nav>
			)}
			<Shown {...props} show={isRead ? shown : 'problems'} size={sizes[shown]} />
		</section>
	);
}

function Shown({ ui, found, look, changes, show, size }: RowsProps & { show: ImportShow; size: number }) {
	const { t } = ui;
	if (size === 0) return <p class="muted">{t('import.noRows')}</p>;
	if (show === 'same') return <p class="card">{t('import.sameHint', { count: size })}</p>;
	if (show === 'problems') return <Problems ui={ui} found={found} />;
	const { items = [], next = null } = changes ?? {};
	return (
		<>
			<ul class="card card--flush import-changes">
				{byRow(items).map((own) => changes && <Row ui={ui} own={own} changes={changes} />)}
			</ul>
			<PagesNav
				ui={ui}
				order="name"
				first={look.after > 0 ? importHref(found.id, { show }) : undefined}
				next={next === null ? undefined : importHref(found.id, { show, after: next })}
			/>
		</>
	);
}

function byRow(changes: readonly ShownChange[]): readonly (readonly ShownChange[])[] {
	return [...Map.groupBy(changes, ({ row }) => row).values()];
}

/** All that one row of the file brings: a person, and their cards. */
function Row({ ui, own, changes }: { ui: Ui; own: readonly ShownChange[]; changes: LoadedChanges }) {
	const [first] = own;
	if (first === undefined) return null;
	return (
		<li class="import-change">
			<p class="import-change__row">{ui.t('import.row', { row: first.row })}</p>
			<div class="import-change__rows">
				{own.map((change) => {
					const names = changes.names.get(change.table);
					return names && <Change ui={ui} change={change} names={names} />;
				})}
			</div>
		</li>
	);
}

function Change({ ui, change, names }: { ui: Ui; change: ShownChange; names: RowNames }) {
	const { table, before, after } = change;
	const value = (row: AnyRow, field: string) => (
		<FieldValue ui={ui} table={table} field={field} row={row} names={names} />
	);
	return (
		<div class="import-change__one">
			<p class="import-change__title">
				{table === 'credentials' && <Icon name={after['kind'] === 'plate' ? 'plate' : 'tag'} size="small" />}
				<Untrusted ui={ui} text={rowTitle(ui, table, after, names)} />
			</p>
			<dl class="import-fields">
				{fieldsOf(change).map((field) => (
					<div>
						<dt>{ui.directory.field(table, field).label}</dt>
						<dd>
							{before !== null && (
								<>
									<del>{value(before, field)}</del>
									<span class="visually-hidden">{ui.t('import.is')}</span>
									<span aria-hidden="true">→</span>
								</>
							)}
							{before === null ? value(after, field) : <ins>{value(after, field)}</ins>}
						</dd>
					</div>
				))}
			</dl>
		</div>
	);
}

/** What changed; of what is new, what it begins with beyond what every row begins with. */
function fieldsOf({ table, before, after }: ShownChange): readonly string[] {
	const { fields, title } = aggregateOf(table);
	const names = Object.keys(fields);
	if (before !== null) return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
	return names.filter((name) => {
		const field = fields[name];
		const isDefault = field?.hasDefault === true && field.schema.safeParse(undefined).data === after[name];
		return !['id', 'kind', 'holderId', title].includes(name) && hasValue(after[name]) && !isDefault;
	});
}

function Problems({ ui, found }: { ui: Ui; found: Import }) {
	const { t } = ui;
	const report = found.preview?.problems;
	if (report === undefined) return null;
	const left = report.errors + report.notes - report.shown.length;
	return (
		<>
			<ul class="card card--flush import-problems">
				{report.shown.map((problem) => (
					<Problem ui={ui} problem={problem} />
				))}
			</ul>
			{left > 0 && <p class="muted">{t('import.more', { count: left })}</p>}
		</>
	);
}

/** Where, what, and how to mend it. */
function Problem({ ui, problem }: { ui: Ui; problem: TableProblem }) {
	const seen = ui.may('personalData:read') ? problem : { ...problem, shown: '…' };
	const { where, cause, mend } = problemText(seen, ui.language);
	const isNote = problem.severity === 'note';
	return (
		<li class="import-problem">
			<Pill tone={isNote ? 'quiet' : 'bad'} icon={isNote ? 'info' : 'warning'}>
				{ui.t(isNote ? 'import.note' : 'import.error')}
			</Pill>
			<div class="import-problem__words">
				{where !== null && (
					<p class="import-problem__where">
						<Untrusted ui={ui} text={where} />
					</p>
				)}
				<p>
					<Untrusted ui={ui} text={cause} /> <Untrusted ui={ui} text={mend} />
				</p>
			</div>
		</li>
	);
}
