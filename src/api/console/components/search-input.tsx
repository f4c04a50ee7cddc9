import { Icon } from './icon.tsx';

interface SearchInputProps {
	readonly value: string;
	readonly maxLength: number;
	readonly placeholder?: string | undefined;
}

/** Where words are typed that something is looked for by; its label names `q`, a `field__frame` is around it. */
export function SearchInput({ value, maxLength, placeholder }: SearchInputProps) {
	return (
		<input
			class="field__input"
			id="q"
			name="q"
			type="search"
			value={value}
			placeholder={placeholder}
			maxlength={maxLength}
			autocomplete="off"
			spellcheck={false}
		/>
	);
}

/** With its label; the only one of its page. */
export function SearchField({ label, ...input }: SearchInputProps & { readonly label: string }) {
	return (
		<div class="field">
			<label class="field__label" for="q">
				{label}
			</label>
			<div class="field__frame">
				<Icon name="search" />
				<SearchInput {...input} />
			</div>
		</div>
	);
}
