import type { Child } from 'hono/jsx';
import { aggregateOf, type DirectoryTable } from '../../../../gateway/core/directory.ts';
import { LOCALES } from '../../catalogue/translator.ts';
import { Field, FieldError } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { PresentTag } from '../../components/present-tag.tsx';
import type { Ui } from '../../ui.ts';
import { ChoiceField, lowerFirst, WiringField } from './choice-field.tsx';
import { first } from './form-values.ts';
import { hasDependents } from './reference-choices.ts';
import { ReferenceField } from './reference-field.tsx';
import type { RowFormState } from './row-form.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
import type { SchedulePart } from './schedule-values.ts';

type FormFieldProps = RowFormState & { readonly table: DirectoryTable; readonly field: string };

/** One field of a form as its declaration says it is written, with what somebody else made of it meanwhile. */
export function FormField(props: FormFieldProps) {
	const now = props.conflict?.now[props.field];
	const owned = props.owned[props.field];
	if (owned !== undefined) return <OwnedField {...props} value={owned} />;
	return (
		<div class={now === undefined ? 'form-field' : 'form-field form-field--conflict'} data-field={props.field}>
			<Input {...props} />
			{now !== undefined && (
				<p class="form-field__now">
					<Icon name="warning" size="small" />
					<span>
						{props.ui.t('dir.conflictNow')} <strong>{now}</strong>
					</span>
				</p>
			)}
		</div>
	);
}

/** A card or code may be presented instead of typed. */
function Present({ ui, action, known, inDialog }: FormFieldProps) {
	const asked = new URLSearchParams(known.map(({ field, id }) => [field, id])).toString();
	const back = asked === '' ? action : `${action}?${asked}`;
	return <PresentTag ui={ui} field="value" labelField="label" kindField="kind" back={back} asPage={inDialog} />;
}

/** What only central changes is shown; sent along, so that a form that is shown again knows it. */
function OwnedField({ ui, table, field, values, errors, value }: FormFieldProps & { value: Child }) {
	const error = errors[field];
	return (
		<div class="form-field form-field--owned" data-field={field}>
			<div class="field">
				<p class="field__label">{ui.directory.field(table, field).label}</p>
				<p class="owned">
					<Icon name="lock" size="small" />
					<span>{value}</span>
				</p>
				{(values[field] ?? []).map((one) => (
					<input type="hidden" name={field} value={one} />
				))}
				<p class="field__hint">{ui.t('dir.problem.centralOwned')}</p>
				<FieldError id={`${field}-error`} error={error} />
			</div>
		</div>
	);
}

function Input(props: FormFieldProps): Child {
	const { ui, table, field, values, errors, action, step, face } = props;
	const declared = aggregateOf(table).fields[field];
	if (declared === undefined) return null;
	const { label, help, none } = ui.directory.field(table, field);
	const { input, nullable } = declared;
	const error = errors[field];
	const common = { ui, name: field, label, help, error };
	const value = first(values, field);
	switch (input.kind) {
		case 'choice':
			return <ChoiceField {...common} table={table} options={input.options} value={value} nullable={nullable} />;
		case 'text':
			if (input.lines === 'many') return <TextArea {...common} value={value} maxLength={input.maxLength} />;
			return (
				<Field {...common} hint={help} value={value} maxLength={input.maxLength} autocomplete="off" spellcheck={false}>
					{table === 'credentials' && field === 'value' && <Present {...props} />}
				</Field>
			);
		case 'words':
			return <Field {...common} hint={help} value={value} maxLength={2_500} autocomplete="off" spellcheck={false} />;
		case 'instant':
			return <Field {...common} hint={hintOf(ui, help, none)} type="datetime-local" value={value} />;
		case 'count':
			return (
				<Field
					{...common}
					hint={hintOf(ui, help, none)}
					value={value}
					maxLength={16}
					autocomplete="off"
					inputMode="numeric"
				>
					{input.unit !== undefined && <Unit ui={ui} unit={input.unit} currency={first(values, 'currency')} />}
				</Field>
			);
		case 'flag':
			return <Flag {...common} isOn={(values[field] ?? []).includes('yes')} />;
		case 'wiring':
			return (
				<WiringField
					{...common}
					table={face.table}
					to={input.to}
					many={input.many}
					values={values[field] ?? []}
					none={nullable ? (none ?? ui.t('dir.none')) : none}
				/>
			);
		case 'reference':
			return (
				<ReferenceField
					{...common}
					action={action}
					findHref={`/${face.face.path}/choose/${field}`}
					many={input.many}
					none={nullable ? (none ?? ui.t('dir.none')) : undefined}
					values={values[field] ?? []}
					q={first(values, `${field}.q`)}
					choices={props.choices[field] ?? { from: 'all', rows: [] }}
					hasDependents={hasDependents(table, field)}
				/>
			);
		case 'structure':
			return (
				<ScheduleFields
					ui={ui}
					part={field as SchedulePart}
					action={action}
					values={values}
					error={error}
					step={step}
				/>
			);
	}
}

/** With what it means to leave the field empty. */
function hintOf(ui: Ui, help: string | undefined, none: string | undefined): string | undefined {
	const empty = none === undefined ? undefined : ui.t('dir.emptyMeans', { none: lowerFirst(none) });
	return [help, empty].filter(Boolean).join(' ') || undefined;
}

/** What is counted, after the number. */
function Unit({ ui, unit, currency }: { ui: Ui; unit: 'minutes' | 'minor'; currency: string }) {
	const minutes = new Intl.NumberFormat(LOCALES[ui.language], { style: 'unit', unit: 'minute', unitDisplay: 'short' })
		.formatToParts(2)
		.find(({ type }) => type === 'unit')?.value;
	return <span class="field__unit">{unit === 'minutes' ? minutes : currency}</span>;
}

interface CommonProps {
	readonly name: string;
	readonly label: string;
	readonly help: string | undefined;
	readonly error: string | undefined;
}

function TextArea({ name, label, help, error, value, maxLength }: CommonProps & { value: string; maxLength: number }) {
	return (
		<div class="field">
			<label class="field__label" for={name}>
				{label}
			</label>
			<div class="field__frame">
				<textarea
					class="field__input field__input--lines"
					id={name}
					name={name}
					rows={4}
					maxlength={maxLength}
					aria-invalid={error === undefined ? undefined : 'true'}
					aria-describedby={error === undefined ? undefined : `${name}-error`}
				>
					{value}
				</textarea>
			</div>
			{help !== undefined && <p class="field__hint">{help}</p>}
			<FieldError id={`${name}-error`} error={error} />
		</div>
	);
}

function Flag({ name, label, help, error, isOn }: CommonProps & { isOn: boolean }) {
	return (
		<div class="field">
			<label class="option">
				<input
					type="checkbox"
					name={name}
					value="yes"
					checked={isOn}
					aria-describedby={error === undefined ? undefined : `${name}-error`}
				/>
				<span>{label}</span>
			</label>
			{help !== undefined && <p class="field__hint">{help}</p>}
			<FieldError id={`${name}-error`} error={error} />
		</div>
	);
}
