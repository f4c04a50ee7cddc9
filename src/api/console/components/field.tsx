import type { Child } from 'hono/jsx';
import { plainUntrusted } from '../untrusted-text.ts';
import { Icon } from './icon.tsx';

interface FieldProps {
	/** Also the id, unless `id` is given. */
	readonly name: string;
	readonly id?: string;
	readonly label: string;
	readonly hint?: string | undefined;
	readonly error?: string | undefined;
	readonly type?: 'text' | 'email' | 'tel' | 'password' | 'search' | 'date' | 'datetime-local';
	readonly value?: string | undefined;
	readonly autocomplete?: string;
	readonly required?: boolean;
	readonly autofocus?: boolean;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly spellcheck?: boolean;
	readonly inputMode?: 'numeric';
	/** After the input, within its frame. */
	readonly children?: Child;
}

/** A labelled input with its hint and, when the last try was wrong, what is wrong with it. */
export function Field(props: FieldProps) {
	const { name, id = name, label, hint, error, type = 'text', value, children, spellcheck } = props;
	const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
	return (
		<div class="field">
			<label class="field__label" for={id}>
				{label}
			</label>
			<div class="field__frame">
				<input
					class="field__input"
					id={id}
					name={name}
					type={type}
					value={value}
					autocomplete={props.autocomplete}
					required={props.required}
					autofocus={props.autofocus}
					minlength={props.minLength}
					maxlength={props.maxLength}
					inputmode={props.inputMode}
					spellcheck={spellcheck === undefined ? undefined : spellcheck}
					aria-describedby={described === '' ? undefined : described}
					aria-invalid={error === undefined ? undefined : 'true'}
				/>
				{children}
			</div>
			{hint && (
				<p class="field__hint" id={`${id}-hint`}>
					{hint}
				</p>
			)}
			<FieldError id={`${id}-error`} error={error} />
		</div>
	);
}

interface FileFieldProps extends Pick<FieldProps, 'name' | 'label' | 'error'> {
	/** What is chosen from: extensions and media types. */
	readonly accept: string;
	readonly hint: string;
}

/** A file that has to be chosen. */
export function FileField({ name, label, accept, hint, error }: FileFieldProps) {
	return (
		<div class="field">
			<label class="field__label" for={name}>
				{label}
			</label>
			<input
				class="import-file"
				id={name}
				name={name}
				type="file"
				accept={accept}
				aria-describedby={`${name}-hint`}
				required
			/>
			<p class="field__hint" id={`${name}-hint`}>
				{hint}
			</p>
			<FieldError id={`${name}-error`} error={error} />
		</div>
	);
}

export function FieldError({ id, error }: { id: string; error: string | undefined }) {
	if (error === undefined) return null;
	return (
		<p class="field__error" id={id}>
			<Icon name="warning" size="small" />
			{error}
		</p>
	);
}

export interface SelectOption {
	readonly value: string;
	readonly label: string;
	readonly group?: string;
}

interface SelectProps {
	readonly name: string;
	/** The name, unless given. */
	readonly id?: string;
	readonly label: string;
	/** What no choice means; absent: one has to be chosen. */
	readonly any?: string;
	/** Those of one `group` follow one another under its name. */
	readonly options: readonly SelectOption[];
	readonly selected: string | undefined;
	readonly hint?: string | undefined;
	readonly error?: string | undefined;
}

export function Select({ name, id = name, label, any, options, selected, hint, error }: SelectProps) {
	const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
	return (
		<div class="field">
			<label class="field__label" for={id}>
				{label}
			</label>
			<div class="field__frame field__frame--select">
				<select
					class="field__input"
					id={id}
					name={name}
					aria-describedby={described === '' ? undefined : described}
					aria-invalid={error === undefined ? undefined : 'true'}
				>
					{any !== undefined && <option value="">{any}</option>}
					{[...Map.groupBy(options, ({ group }) => group)].map(([group, members]) =>
						group === undefined ? (
							<Options options={members} selected={selected} />
						) : (
							<optgroup label={plainUntrusted(group)}>
								<Options options={members} selected={selected} />
							</optgroup>
						),
					)}
				</select>
				<Icon name="chevron-down" size="small" />
			</div>
			{hint && (
				<p class="field__hint" id={`${id}-hint`}>
					{hint}
				</p>
			)}
			<FieldError id={`${id}-error`} error={error} />
		</div>
	);
}

function Options({ options, selected }: Pick<SelectProps, 'options' | 'selected'>) {
	return (
		<>
			{options.map((option) => (
				<option value={option.value} selected={option.value === selected}>
					{plainUntrusted(option.label)}
				</option>
			))}
		</>
	);
}
