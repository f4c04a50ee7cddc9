import type { DirectoryTable } from '../directory.ts';
import type { Language } from '../reason-texts/reason-text.ts';
import type { ChoiceText, CountText, DirectoryTexts, FacePath, FieldText } from './directory-texts.ts';
import { directoryDutch } from './dutch.ts';
import { directoryEnglish } from './english.ts';
import { directoryFrench } from './french.ts';

const TEXTS: Readonly<Record<Language, DirectoryTexts>> = {
	en: directoryEnglish,
	fr: directoryFrench,
	nl: directoryDutch,
};

/** The words of one language, for code that treats all tables alike. */
export interface DirectoryLabels {
	readonly faces: DirectoryTexts['faces'];
	readonly groups: DirectoryTexts['groups'];
	/** Of a face as its declaration names it. */
	face(path: string): DirectoryTexts['faces'][FacePath];
	field(table: DirectoryTable, field: string): FieldText;
	/** A value that a newer version of the declaration may have is its own name. */
	choice(table: DirectoryTable, field: string, value: string): { readonly label: string; readonly help?: string };
	/** `3 credentials`; `count` also as more than a number, such as `10 000 +`. */
	count(table: DirectoryTable, count: number, shown?: string): string;
	/** The same of the rows of one face: `3 vehicles`. */
	countOf(face: FaceName, count: number, shown?: string): string;
}

/** Those asked for: rules of plurals take a while to make, and most programs say nothing of the directory. */
const made = new Map<Language, DirectoryLabels>();

/** What people call tables, fields and choices of the directory: pages, exports and imports. */
export function directoryLabels(language: Language): DirectoryLabels {
	const labels = made.get(language) ?? labelsIn(language);
	made.set(language, labels);
	return labels;
}

export interface FaceName {
	readonly table: DirectoryTable;
	readonly face: { readonly path: string };
}

/** As the tables are to code that treats all alike. */
type AnyTable = {
	readonly count: { readonly one: string; readonly other: string };
	readonly fields: Readonly<Record<string, FieldText>>;
	readonly choices: Readonly<Record<string, Readonly<Record<string, ChoiceText>>>>;
};

function labelsIn(language: Language): DirectoryLabels {
	const { faces, groups, tables } = TEXTS[language];
	const all: Readonly<Record<DirectoryTable, AnyTable>> = tables;
	const byPath: Readonly<Record<string, DirectoryTexts['faces'][FacePath]>> = faces;
	const plurals = new Intl.PluralRules(language);
	const numbers = new Intl.NumberFormat(language);
	const counted = ({ one, other }: CountText, count: number, shown = numbers.format(count)) =>
		(plurals.select(count) === 'one' ? one : other).replace('{count}', shown);
	return {
		faces,
		groups,
		face: (path) => byPath[path] ?? { title: path, one: path, add: path, about: '' },
		field: (table, field) => all[table].fields[field] ?? { label: field },
		choice(table, field, value) {
			const text = all[table].choices[field]?.[value] ?? value;
			return typeof text === 'string' ? { label: text } : text;
		},
		count: (table, count, shown) => counted(all[table].count, count, shown),
		countOf: ({ table, face }, count, shown) => counted(byPath[face.path]?.count ?? all[table].count, count, shown),
	};
}
