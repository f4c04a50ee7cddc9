import { FieldError } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { StepButton, stepsInPlace } from './form-steps.tsx';
import { FIND_LENGTH, type ReferenceChoices, type RowChoice } from './reference-choices.ts';

export interface ReferenceFieldProps {
	readonly ui: Ui;
	/** Where the form is sent, and where it asks for rows as one types. */
	readonly action: string;
	readonly findHref: string;
	readonly name: string;
	readonly label: string;
	readonly help: string | undefined;
	readonly error: string | undefined;
	readonly many: boolean;
	/** What none means; undefined: there has to be one. */
	readonly none: string | undefined;
	readonly values: readonly string[];
	readonly q: string;
	readonly choices: ReferenceChoices;
	/** Other fields offer other rows once this one is chosen. */
	readonly hasDependents: boolean;
}

/** More are a list that opens. */
const SIDE_BY_SIDE = 4;

/** Rows of another table: all of them to choose from, or searched. */
export function ReferenceField(props: ReferenceFieldProps) {
	const { ui, name, label, help, error, many, choices } = props;
	if (choices.from === 'all' && !many && choices.rows.length > SIDE_BY_SIDE)
		return <RowSelect {...props} rows={choices.rows} />;
	return (
		<fieldset class="field picker" aria-describedby={error === undefined ? undefined : `${name}-error`}>
			<legend class="field__label">{label}</legend>
			<div
				class="picker__options"
				id={`${name}-options`}
				{...(props.hasDependents && {
					...stepsInPlace(props.action),
					'hx-trigger': 'change',
					'hx-vals': '{"step":"refresh"}',
				})}
			>
				<PickerOptions {...props} />
			</div>
			{choices.from === 'search' && <PickerSearch {...props} />}
			{choices.from === 'other' && (
				<>
					<p class="muted">
						{ui.t('dir.chooseFirst', { field: ui.directory.field('plannedUses', choices.field).label })}
					</p>
					<StepButton action={props.action} step="refresh" label={ui.t('dir.showChoices')} icon="replay" />
				</>
			)}
			{help !== undefined && <p class="field__hint">{help}</p>}
			<FieldError id={`${name}-error`} error={error} />
		</fieldset>
	);
}

/** The part that a search replaces: what is chosen stays chosen. */
export function PickerOptions(
	props: Pick<ReferenceFieldProps, 'ui' | 'name' | 'many' | 'none' | 'values' | 'choices'>,
) {
	const { ui, choices, many, none, values } = props;
	if (choices.from === 'other') return null;
	const rows = choices.from === 'all' ? choices.rows : [...choices.chosen, ...(choices.found ?? [])];
	const isOnly = !many && none === undefined && rows.length === 1;
	const hasNone = !many && none !== undefined && rows.length > 0;
	return (
		<>
			{hasNone && (
				<Option {...props} row={{ id: '', title: none, detail: '' }} isChosen={values.every((id) => id === '')} />
			)}
			{rows.map((row) => (
				<Option {...props} row={row} isChosen={isOnly || values.includes(row.id)} />
			))}
			{choices.from === 'all' && rows.length === 0 && <p class="muted">{ui.t('dir.noneToChoose')}</p>}
			{choices.from === 'search' && choices.found?.length === 0 && (
				<p class="muted" role="status">
					{ui.t('dir.noneFound')}
				</p>
			)}
		</>
	);
}

function Option({
	ui,
	name,
	many,
	row,
	isChosen,
}: Pick<ReferenceFieldProps, 'ui' | 'name' | 'many'> & { row: RowChoice; isChosen: boolean }) {
	return (
		<label class="option picker__option">
			<input type={many ? 'checkbox' : 'radio'} name={name} value={row.id} checked={isChosen} />
			<span class="picker__words">
				<Untrusted ui={ui} text={row.title} />
				{row.detail !== '' && (
					<span class="muted">
						<Untrusted ui={ui} text={row.detail} />
					</span>
				)}
			</span>
		</label>
	);
}

/** With scripts it searches as one types, without by its button. */
function PickerSearch({ ui, action, findHref, name, label, q }: ReferenceFieldProps) {
	return (
		<div class="picker__search">
			<div class="field__frame">
				<Icon name="search" />
				<input
					class="field__input"
					name={`${name}.q`}
					type="search"
					value={q}
					aria-label={ui.t('dir.find', { what: label })}
					placeholder={ui.t('dir.findHint')}
					maxlength={FIND_LENGTH}
					autocomplete="off"
					spellcheck={false}
					hx-get={findHref}
					hx-include="closest fieldset"
					hx-target={`#${name}-options`}
					hx-trigger="input changed delay:250ms"
					hx-sync="this:replace"
				/>
			</div>
			<StepButton action={action} step={`find:${name}`} label={ui.t('counting.reset.find')} icon="search" />
		</div>
	);
}

function RowSelect({
	name,
	label,
	help,
	error,
	none,
	values,
	rows,
	...props
}: ReferenceFieldProps & { rows: readonly RowChoice[] }) {
	const [chosen = ''] = values;
	const described = [help && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
	return (
		<div class="field">
			<label class="field__label" for={name}>
				{label}
			</label>
			<div class="field__frame field__frame--select">
				<select
					class="field__input"
					id={name}
					name={name}
					aria-invalid={error === undefined ? undefined : 'true'}
					aria-describedby={described === '' ? undefined : described}
					{...(props.hasDependents && {
						...stepsInPlace(props.action),
						'hx-trigger': 'change',
						'hx-vals': '{"step":"refresh"}',
					})}
				>
					<option value="">{none ?? props.ui.t('dir.choose')}</option>
					{rows.map(({ id, title, detail }) => (
						<option value={id} selected={id === chosen}>
							{plainUntrusted(detail === '' ? title : `${title} · ${detail}`)}
						</option>
					))}
				</select>
				<Icon name="chevron-down" size="small" />
			</div>
			{help !== undefined && (
				<p class="field__hint" id={`${name}-hint`}>
					{help}
				</p>
			)}
			<FieldError id={`${name}-error`} error={error} />
		</div>
	);
}
