import { HIDDEN } from '../../../../gateway/core/audit/audit-changes.ts';
import type { DirectoryTable } from '../../../../gateway/core/directory.ts';
import type { AuditItem } from '../../../../gateway/services/activity/audit-log.ts';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { FieldValue, hasValue } from '../directory/field-value.tsx';
import type { RowNames } from '../directory/row-names.ts';

/** What rows of each table name, for lines that tell of them. */
export type NamesByTable = ReadonlyMap<DirectoryTable, RowNames>;

interface DifferenceProps {
	readonly ui: Ui;
	readonly item: AuditItem;
	readonly names: NamesByTable;
}

/** Field by field what was before and after, then what else is said of it. */
export function Difference({ ui, item, names }: DifferenceProps) {
	const { changes, facts, table } = item;
	const said = Object.entries(facts).filter(([, figure]) => figure !== null && figure !== '');
	if (changes.length === 0 && said.length === 0) return null;
	return (
		<dl class="change-made__fields">
			{changes.map(({ field, before, after }) => (
				<div>
					<dt>{table === null ? field : ui.directory.field(table, field).label}</dt>
					<dd>
						{hasValue(before) && (
							<del>
								<Value ui={ui} item={item} names={names} field={field} value={before} />
							</del>
						)}
						<span aria-hidden="true"> → </span>
						<ins>
							{hasValue(after) ? (
								<Value ui={ui} item={item} names={names} field={field} value={after} />
							) : (
								<span class="muted">{ui.t('dir.none')}</span>
							)}
						</ins>
					</dd>
				</div>
			))}
			{said.map(([name, figure]) => (
				<div>
					<dt>{name}</dt>
					<dd>
						<Figure ui={ui} name={name} figure={figure} />
					</dd>
				</div>
			))}
		</dl>
	);
}

function Value({ ui, item, names, field, value }: DifferenceProps & { field: string; value: unknown }) {
	const known = item.table === null ? undefined : names.get(item.table);
	if (item.table === null || known === undefined || value === HIDDEN) {
		return <Untrusted ui={ui} text={typeof value === 'object' ? JSON.stringify(value) : String(value)} />;
	}
	const row = { periods: [], specialDays: [], [field]: value };
	return <FieldValue ui={ui} table={item.table} field={field} row={row} names={known} brief />;
}

/** Moments are kept as numbers under these endings. */
const MOMENT = /(^|[a-z])(Ms|At|at|from|to|until|Until)$/;
/** Earlier numbers are figures. */
const FIRST_MOMENT_MS = Date.UTC(2020, 0, 1);

function Figure({ ui, name, figure }: { ui: Ui; name: string; figure: AuditItem['facts'][string] }) {
	if (typeof figure === 'boolean') return <>{ui.t(figure ? 'app.yes' : 'app.no')}</>;
	if (typeof figure === 'number') {
		return <>{MOMENT.test(name) && figure > FIRST_MOMENT_MS ? ui.formats.minute(figure) : ui.formats.number(figure)}</>;
	}
	return <Untrusted ui={ui} text={String(figure)} />;
}
