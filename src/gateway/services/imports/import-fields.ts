import type { Field } from '../../core/directory/field.ts';
import { aggregateOf, type DirectoryTable } from '../../core/directory.ts';
import { normalisePlate } from '../../core/plate.ts';
import { parseTag } from '../../core/tag.ts';
import {
	type CellParser,
	cellProblem,
	cellValue,
	choiceCell,
	countCell,
	flagCell,
	instantCell,
	splitWords,
	textCell,
	wordsCell,
} from '../tables/cell-parsers.ts';
import type { TargetField } from '../tables/map-columns.ts';
import { CHOICE_NAMES, COLUMN_NAMES } from './column-names.ts';

/** Texts that name other rows; they are looked up when the row is planned. */
const REFERENCE_LENGTH = 254;
const WORD_LENGTH = 40;
const MOST_REFERENCES = 50;
const LABEL_LENGTH = 200;

/** What is written on a card or vehicle, and what is matched. */
export interface CredentialText {
	readonly value: string;
	readonly label: string | null;
}

/** A column for a field of the declaration, read as its input says. */
export function declaredField(table: DirectoryTable, name: string, timeZone: string): TargetField {
	const field = aggregateOf(table).fields[name];
	return target(name, field === undefined ? textCell(REFERENCE_LENGTH) : parserOf(name, field, timeZone));
}

/** A column that the table itself does not have. */
export function target(name: string, parse: CellParser): TargetField {
	const { labels, aliases } = COLUMN_NAMES[name] ?? { labels: { en: name, fr: name, nl: name }, aliases: [] };
	return { name, labels, aliases, required: false, parse };
}

function parserOf(name: string, { input }: Field, timeZone: string): CellParser {
	switch (input.kind) {
		case 'text':
			return textCell(input.maxLength);
		case 'choice':
			return choiceCell(input.options, CHOICE_NAMES[name]);
		case 'instant':
			return instantCell(timeZone, name.includes('To') ? 'end' : 'start');
		case 'count':
			return countCell(input.minimum, input.maximum);
		case 'flag':
			return flagCell;
		case 'words':
			return wordsCell(input.maximum, WORD_LENGTH);
		case 'reference':
		case 'wiring':
			return input.many ? wordsCell(MOST_REFERENCES, REFERENCE_LENGTH) : textCell(REFERENCE_LENGTH);
		case 'structure':
			return (text) => cellProblem('notAllowed', text.slice(0, WORD_LENGTH));
	}
}

/** One or more, apart by commas, semicolons or bars. */
function credentialsCell(
	parse: (text: string) => string | undefined,
	hint: string,
): CellParser<readonly CredentialText[]> {
	return (text) => {
		const found: CredentialText[] = [];
		for (const word of splitWords(text)) {
			const value = parse(word);
			if (value === undefined) return cellProblem('notAllowed', hint);
			found.push({ value, label: value === word ? null : word.slice(0, LABEL_LENGTH) });
		}
		return cellValue(found);
	};
}

export const tagField = target('tag', credentialsCell(parseTag, '0F0368568B · 26:9ADDDF00'));
export const plateField = target('plate', credentialsCell(normalisePlate, '1-ABC-123'));
