import { importKind } from '../../../../gateway/services/imports/import-kinds.ts';
import type { ImportMapping } from '../../../../gateway/services/imports/import-mappings.ts';
import type { Import, ImportPreview } from '../../../../gateway/services/imports/imports.ts';
import { CSV_DELIMITERS, type CsvDelimiter } from '../../../../gateway/services/tables/csv-delimiter.ts';
import { columnLetters } from '../../../../gateway/services/tables/table-problem.ts';
import { TEXT_ENCODINGS } from '../../../../gateway/services/tables/text-encoding.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { importHref } from './import-paths.ts';
import { FittingMappings, SaveMapping } from './mapping-forms.tsx';

interface ColumnsProps {
	readonly ui: Ui;
	readonly found: Import;
}

export interface ImportColumnsProps extends ColumnsProps {
	/** Saved mappings that fit the file. */
	readonly fitting: readonly ImportMapping[];
}

/** Which column is which field, with what stands in it; open while something about it is wrong. */
export function ImportColumns({ ui, found, fitting }: ImportColumnsProps) {
	const { t } = ui;
	const { preview } = found;
	if (preview === null || preview.origin === null) return null;
	const { counts } = preview.problems;
	const isWrong = (['columnMissing', 'columnNotUsed', 'duplicateColumn'] as const).some(
		(code) => counts[code] !== undefined,
	);
	return (
		<details class="card import-columns" open={isWrong}>
			<summary>
				<h2>{t('import.columns')}</h2>
				<span class="muted">{originText(ui, preview)}</span>
			</summary>
			<p class="field__hint">{t('import.columnsHint')}</p>
			{preview.origin.format === 'csv' && preview.origin.encodingAssumed && (
				<Notice tone="quiet" title={t('import.assumed')} />
			)}
			<FittingMappings ui={ui} action={`${importHref(found.id)}/mapping`} fitting={fitting} />
			<form method="post" action={`${importHref(found.id)}/mapping`} class="import-mapping">
				<CsrfField ui={ui} />
				<ul>
					{preview.columns.map(({ index }) => (
						<Column ui={ui} found={found} preview={preview} index={index} />
					))}
				</ul>
				<Taken ui={ui} preview={preview} />
				<div class="dialog__actions">
					<button class="button" type="submit" id="remap">
						<Icon name="replay" size="small" />
						{t('import.remap')}
					</button>
				</div>
			</form>
			<SaveMapping ui={ui} action={`${importHref(found.id)}/save-mapping`} />
		</details>
	);
}

function Column({ ui, found, preview, index }: ColumnsProps & { preview: ImportPreview; index: number }) {
	const { t, language, site } = ui;
	const { columns, mapping, samples } = preview;
	const heading = columns[index]?.heading ?? '';
	const name = `column-${index}`;
	const mayRead = ui.may('personalData:read');
	const fields = importKind(found.kind, site.timeZone).fields;
	return (
		<li class="import-column">
			<label class="import-column__words" for={name}>
				<span class="import-column__heading">
					{heading === '' ? (
						<span class="muted">{`${t('import.column', { column: columnLetters(index) })}, ${t('import.noHeading')}`}</span>
					) : (
						<Untrusted ui={ui} text={heading} />
					)}
				</span>
				{mayRead && (
					<span class="import-column__samples">
						{(samples[index] ?? []).map((text, place) => (
							<>
								{place > 0 && ' · '}
								<Untrusted ui={ui} text={text} />
							</>
						))}
					</span>
				)}
			</label>
			<Choice
				id={name}
				selected={mapping[index] ?? ''}
				options={[
					['', t('import.notUsed')],
					...fields.map((field): readonly [string, string] => [field.name, field.labels[language]]),
				]}
			/>
		</li>
	);
}

const DELIMITERS: Readonly<Record<CsvDelimiter, LabelKey>> = {
	';': 'import.delimiter.semicolon',
	',': 'import.delimiter.comma',
	'\t': 'import.delimiter.tab',
};

/** A delimiter as a form sends it; a tab would be trimmed on the way. */
export const DELIMITER_NAMES: Readonly<Record<string, CsvDelimiter>> = { semicolon: ';', comma: ',', tab: '\t' };

function Taken({ ui, preview: { origin, emptyCells } }: { ui: Ui; preview: ImportPreview }) {
	const { t } = ui;
	return (
		<fieldset class="import-taken">
			<legend class="field__label">{t('import.found')}</legend>
			{origin?.format === 'xlsx' && (
				<Labelled label={t('import.sheet')} id="sheet">
					<Choice id="sheet" selected={origin.sheet} options={origin.sheets.map((sheet) => [sheet, sheet])} />
				</Labelled>
			)}
			{origin?.format === 'csv' && (
				<>
					<Labelled label={t('import.delimiter')} id="delimiter">
						<Choice
							id="delimiter"
							selected={delimiterName(origin.delimiter)}
							options={CSV_DELIMITERS.map((sign) => [delimiterName(sign), t(DELIMITERS[sign])])}
						/>
					</Labelled>
					<Labelled label={t('import.encoding')} id="encoding">
						<Choice
							id="encoding"
							selected={origin.encoding}
							options={TEXT_ENCODINGS.map((encoding) => [encoding, encoding.toUpperCase()])}
						/>
					</Labelled>
				</>
			)}
			<Labelled label={t('import.empty')} id="emptyCells">
				<Choice
					id="emptyCells"
					selected={emptyCells ?? 'keep'}
					options={(['keep', 'clear'] as const).map((what) => [what, t(`import.empty.${what}`)])}
				/>
			</Labelled>
		</fieldset>
	);
}

function delimiterName(delimiter: CsvDelimiter): string {
	return Object.entries(DELIMITER_NAMES).find(([, sign]) => sign === delimiter)?.[0] ?? '';
}

function originText({ t }: Ui, { origin }: ImportPreview): string {
	if (origin === null) return '';
	return origin.format === 'csv'
		? `CSV · ${t(DELIMITERS[origin.delimiter])} · ${origin.encoding.toUpperCase()}`
		: `Excel · ${origin.sheet}`;
}

function Labelled({ label, id, children }: { label: string; id: string; children?: unknown }) {
	return (
		<div class="field">
			<label class="field__label" for={id}>
				{label}
			</label>
			{children}
		</div>
	);
}

function Choice({
	id,
	selected,
	options,
}: {
	id: string;
	selected: string;
	options: readonly (readonly [value: string, label: string])[];
}) {
	return (
		<div class="field__frame field__frame--select">
			<select class="field__input" id={id} name={id}>
				{options.map(([value, label]) => (
					<option value={value} selected={value === selected}>
						{label}
					</option>
				))}
			</select>
			<Icon name="chevron-down" size="small" />
		</div>
	);
}
