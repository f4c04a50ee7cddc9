import type { Child } from 'hono/jsx';
import { aggregateOf, type DirectoryRow, type DirectoryTable } from '../../../../gateway/core/directory.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import { Pill } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { faceOf, rowHref, targetOf } from './face-links.ts';
import { idsIn, type RowNames } from './row-names.ts';
import { isStateField, toneOf } from './value-tones.ts';
import { SpecialDays, WeekSummary } from './week-words.tsx';

interface ValueProps {
	readonly ui: Ui;
	readonly table: DirectoryTable;
	readonly field: string;
	readonly row: AnyRow;
	readonly names: RowNames;
	/** Rows that are named lead to their pages. */
	readonly linked?: boolean;
	/** One of many rows: what is long is only told of. */
	readonly brief?: boolean;
}

/** Whether there is something to show. */
export function hasValue(value: unknown): boolean {
	return value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** A field of a row as people read it. */
export function FieldValue(props: ValueProps): Child {
	const { ui, table, field, row } = props;
	const value = row[field];
	const declared = aggregateOf(table).fields[field];
	if (declared === undefined) return null;
	if (!hasValue(value)) return <span class="muted">{ui.directory.field(table, field).none ?? '–'}</span>;
	switch (declared.input.kind) {
		case 'choice':
			return <Choice ui={ui} table={table} field={field} value={String(value)} />;
		case 'instant':
			return <time datetime={ui.formats.machine(Number(value))}>{ui.formats.minute(Number(value))}</time>;
		case 'count':
			return <>{countText(ui, row, Number(value), declared.input.unit)}</>;
		case 'flag':
			return <>{ui.t(value === true ? 'app.yes' : 'app.no')}</>;
		case 'reference':
			return <References {...props} />;
		case 'wiring':
			return <>{idsIn(value).map(ui.placeName).join(', ')}</>;
		case 'words':
			return <Words ui={ui} words={idsIn(value)} />;
		case 'structure':
			return <Structure ui={ui} field={field} row={row} brief={props.brief === true} />;
		case 'text':
			return declared.input.lines === 'many' ? (
				<span class="many-lines">
					<Lines ui={ui} text={String(value)} />
				</span>
			) : (
				<Untrusted ui={ui} text={String(value)} />
			);
	}
}

function Choice({ ui, table, field, value }: { ui: Ui; table: DirectoryTable; field: string; value: string }) {
	const { label } = ui.directory.choice(table, field, value);
	if (!isStateField(field)) return <>{label}</>;
	return <Pill {...toneOf(value)}>{label}</Pill>;
}

/** Minutes as hours and days, money in its currency. */
function countText(ui: Ui, row: AnyRow, value: number, unit: 'minutes' | 'minor' | undefined): string {
	if (unit === 'minutes') return ui.formats.duration(value * 60_000);
	if (unit !== 'minor') return ui.formats.number(value);
	return ui.formats.money(value, typeof row['currency'] === 'string' ? row['currency'] : null);
}

function References({ ui, table, field, row, names, linked = false }: ValueProps) {
	const to = targetOf(table, field);
	if (to === undefined) return null;
	return (
		<>
			{idsIn(row[field]).map((id, place) => (
				<>
					{place > 0 && ', '}
					{linked && names.has(to, id) && ui.mayInParts(`${to}:read`) ? (
						<a href={rowHref(faceOf(to), id)}>
							<Untrusted ui={ui} text={names.of(to, id)} />
						</a>
					) : (
						<Untrusted ui={ui} text={names.of(to, id)} />
					)}
				</>
			))}
		</>
	);
}

function Words({ ui, words }: { ui: Ui; words: readonly string[] }) {
	return (
		<span class="words">
			{words.map((word) => (
				<span class="word">
					<Untrusted ui={ui} text={word} />
				</span>
			))}
		</span>
	);
}

/** Notes: their line breaks are theirs. */
function Lines({ ui, text }: { ui: Ui; text: string }) {
	return (
		<>
			{text.split(/\r\n|\r|\n/).map((line, place) => (
				<>
					{place > 0 && <br />}
					<Untrusted ui={ui} text={line} />
				</>
			))}
		</>
	);
}

/** Only schedules have such fields. */
function Structure({ ui, field, row, brief }: { ui: Ui; field: string; row: AnyRow; brief: boolean }) {
	const { periods, specialDays } = row as DirectoryRow<'schedules'>;
	if (field === 'periods') {
		const shown = brief ? periods.slice(0, BRIEF_PERIODS) : periods;
		return (
			<>
				<WeekSummary ui={ui} periods={shown} />
				{shown.length < periods.length && '…'}
			</>
		);
	}
	if (brief) return <>{ui.t('dir.schedule.days', { count: specialDays.length })}</>;
	return <SpecialDays ui={ui} days={specialDays} />;
}

const BRIEF_PERIODS = 3;
