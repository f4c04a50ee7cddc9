import type { Aggregate } from '../directory/aggregate.ts';
import type { Field } from '../directory/field.ts';
import type { DIRECTORY_TABLES, DirectoryTable } from '../directory.ts';

/** The words people read for what the directory declares. A face, group, field or choice without its text is a type error. */
export interface DirectoryTexts {
	readonly faces: Readonly<Record<FacePath, FaceText>>;
	readonly groups: Readonly<Record<FormGroup, string>>;
	readonly tables: { readonly [T in DirectoryTable]: TableTexts<T> };
}

export interface FaceText {
	/** Of the list, and in the menu. */
	readonly title: string;
	readonly one: string;
	/** Of the button and page that make a new one. */
	readonly add: string;
	/** What it is for, where there is none yet. */
	readonly about: string;
	/** Where its table has rows of other faces too. */
	readonly count?: CountText;
}

export interface FieldText {
	readonly label: string;
	readonly help?: string;
	/** What it means that there is none, where that says something. */
	readonly none?: string;
}

/** A choice, and what choosing it means where its name does not say. */
export type ChoiceText = string | { readonly label: string; readonly help: string };

/** Names a number of rows; `{count}` stands in it. */
export interface CountText {
	readonly one: string;
	readonly other: string;
}

export interface TableTexts<T extends DirectoryTable> {
	readonly count: CountText;
	readonly fields: { readonly [K in FieldName<T>]: FieldText };
	readonly choices: {
		readonly [K in FieldName<T> as ChoiceOf<FieldsOf<T>[K]> extends never ? never : K]: Readonly<
			Record<ChoiceOf<FieldsOf<T>[K]>, ChoiceText>
		>;
	};
}

type Declared<T extends DirectoryTable> = (typeof DIRECTORY_TABLES)[T];
type FieldsOf<T extends DirectoryTable> = Declared<T> extends Aggregate<infer F> ? F : never;
type FieldName<T extends DirectoryTable> = keyof FieldsOf<T> & string;

/** Its options; never: it is no choice. */
type ChoiceOf<F> = F extends Field<infer V> ? OptionsOf<NonNullable<V>> : never;
type OptionsOf<V> = [V] extends [string] ? (string extends V ? never : V) : never;

export type FacePath = Declared<DirectoryTable>['faces'][number]['path'];
export type FormGroup = Declared<DirectoryTable>['faces'][number]['form'][number]['group'];
