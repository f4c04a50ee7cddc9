import type { DirectoryTable } from '../../../../gateway/core/directory.ts';
import { FieldError, Select } from '../../components/field.tsx';
import type { Ui } from '../../ui.ts';

interface CommonProps {
	readonly ui: Ui;
	readonly name: string;
	readonly label: string;
	readonly help: string | undefined;
	readonly error: string | undefined;
}

interface ChoiceProps extends CommonProps {
	readonly table: DirectoryTable;
	readonly options: readonly string[];
	readonly value: string;
	readonly nullable: boolean;
}

/** More are a list that opens. */
const SIDE_BY_SIDE = 4;

/** A few side by side, those that need explaining one below the other, many in a list that opens. */
export function ChoiceField(props: ChoiceProps) {
	const { ui, table, name, options, nullable, value } = props;
	const choices = options.map((option) => ({ value: option, ...ui.directory.choice(table, name, option) }));
	const none = { value: '', label: ui.directory.field(table, name).none ?? ui.t('dir.none') };
	const offered = nullable ? [none, ...choices] : choices;
	if (choices.some(({ help }) => help !== undefined)) return <Explained {...props} choices={choices} />;
	if (options.length > SIDE_BY_SIDE) {
		return (
			<Select
				{...selectOf(props)}
				any={nullable ? none.label : ui.t('dir.choose')}
				options={choices}
				selected={value}
			/>
		);
	}
	return (
		<fieldset class="field" aria-describedby={props.error === undefined ? undefined : `${name}-error`}>
			<legend class="field__label">{props.label}</legend>
			<div class="segments">
				{offered.map((choice) => (
					<label class="segment">
						<input type="radio" name={name} value={choice.value} checked={choice.value === value} />
						<span>{choice.label}</span>
					</label>
				))}
			</div>
			<Foot {...props} />
		</fieldset>
	);
}

function Explained({ name, label, value, choices, ...props }: ChoiceProps & { choices: readonly Offered[] }) {
	return (
		<fieldset class="field" aria-describedby={props.error === undefined ? undefined : `${name}-error`}>
			<legend class="field__label">{label}</legend>
			<div class="explained-choices">
				{choices.map((choice) => (
					<label class="option">
						<input type="radio" name={name} value={choice.value} checked={choice.value === value} />
						<span class="picker__words">
							<span>{choice.label}</span>
							{choice.help !== undefined && <span class="muted">{choice.help}</span>}
						</span>
					</label>
				))}
			</div>
			<Foot {...props} name={name} />
		</fieldset>
	);
}

interface Offered {
	readonly value: string;
	readonly label: string;
	readonly help?: string;
}

function selectOf({ name, label, help, error }: CommonProps) {
	return { name, label, hint: help, error };
}

function Foot({ name, help, error }: Pick<CommonProps, 'name' | 'help' | 'error'>) {
	return (
		<>
			{help !== undefined && <p class="field__hint">{help}</p>}
			<FieldError id={`${name}-error`} error={error} />
		</>
	);
}

/** Within a sentence. */
export function lowerFirst(text: string): string {
	return text.slice(0, 1).toLowerCase() + text.slice(1);
}

interface WiringProps extends CommonProps {
	readonly table: DirectoryTable;
	readonly to: 'area' | 'space';
	readonly many: boolean;
	readonly values: readonly string[];
	readonly none: string | undefined;
}

/** What the site's configuration names; an id that it no longer has stays to be seen and taken away. */
export function WiringField({ table, to, many, values, none, ...props }: WiringProps) {
	const { ui, name, label, help } = props;
	const known = to === 'area' ? areasOf(ui, table) : spacesOf(ui, table);
	const gone = values
		.filter((id) => id !== '' && !known.some(({ value }) => value === id))
		.map((id) => ({ value: id, label: ui.placeName(id) }));
	const offered = [...known, ...gone];
	if (!many) {
		return (
			<Select {...selectOf(props)} any={none ?? ui.t('dir.choose')} options={offered} selected={values[0] ?? ''} />
		);
	}
	return (
		<fieldset class="field" aria-describedby={props.error === undefined ? undefined : `${name}-error`}>
			<legend class="field__label">{label}</legend>
			<div class="options">
				{offered.map((choice) => (
					<label class="option">
						<input type="checkbox" name={name} value={choice.value} checked={values.includes(choice.value)} />
						<span>{choice.label}</span>
					</label>
				))}
			</div>
			<Foot
				{...props}
				help={
					none === undefined
						? help
						: [help, ui.t('dir.noneMeans', { none: lowerFirst(none) })].filter(Boolean).join(' ')
				}
			/>
		</fieldset>
	);
}

/** Areas within what encloses them, parks around those without. */
function areasOf({ areasFor }: Ui, table: DirectoryTable): readonly Offered[] {
	const areas = areasFor(table);
	const names = new Map(areas.map(({ id, name }) => [id, name]));
	return areas.map(({ id, name, parentId }) => ({
		value: id,
		label: [parentId === undefined ? undefined : names.get(parentId), name].filter(Boolean).join(' › '),
	}));
}

function spacesOf({ areasFor }: Ui, table: DirectoryTable): readonly Offered[] {
	return areasFor(table).flatMap(({ name, spaces = [] }) =>
		spaces.map((space) => ({ value: space.id, label: `${name} › ${space.name}` })),
	);
}
