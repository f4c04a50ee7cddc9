import type { Field } from '../core/directory/field.ts';
import { aggregateOf } from '../core/directory.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { LIMITS } from '../core/limits.ts';
import type { ListAsk } from './directory-lists-messages.ts';
import { columnName, type SqlValue } from './directory-tables.ts';

/** @returns the parameter that stands for the value in a statement. */
export type Bind = (value: SqlValue) => string;

/**
 * Conditions on a row `r`, one a field. Throws INVALID_REQUEST for what can't be filtered by.
 *
 * @param tested A field whose index is not to be used.
 */
export function filterConditions(ask: ListAsk, bind: Bind, tested?: string): readonly string[] {
	const { fields } = aggregateOf(ask.table);
	const ranged = Object.entries(ask.between ?? {}).map(([name, { from, below }]) => {
		const kind = Object.hasOwn(fields, name) ? fields[name]?.input.kind : undefined;
		if (kind !== 'instant' && kind !== 'count') throw refused(name, 'is no field of whole numbers');
		const column = `r.${columnName(name)}`;
		return `${column} >= ${bind(from)} AND ${column} < ${bind(below)}`;
	});
	const chosen = Object.entries(ask.where ?? {}).flatMap(([name, values]) => {
		const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
		if (field === undefined) throw refused(name, 'is no field of these rows');
		if (values.length > LIMITS.filterValues) throw refused(name, `takes at most ${LIMITS.filterValues} values`);
		if (values.length === 0) return [];
		const column = `${name === tested ? '+' : ''}r.${columnName(name)}`;
		return isList(field) ? [listCondition(column, values, bind)] : valueConditions(name, field, column, values, bind);
	});
	return [...ranged, ...chosen];
}

function isList({ input }: Field): boolean {
	return input.kind === 'words' || ((input.kind === 'reference' || input.kind === 'wiring') && input.many);
}

/** `instr` is quick and never misses one: the elements stand in the text as JSON writes them. */
function listCondition(column: string, values: readonly string[], bind: Bind): string {
	const holds = values.map((value) => {
		if (value === '') return `${column} = '[]'`;
		const written = bind(JSON.stringify(value));
		const exact = `EXISTS (SELECT 1 FROM json_each(${column}) WHERE value = ${bind(value)})`;
		return `(instr(${column}, ${written}) > 0 AND ${exact})`;
	});
	return anyOf(holds);
}

function valueConditions(
	name: string,
	field: Field,
	column: string,
	values: readonly string[],
	bind: Bind,
): readonly string[] {
	const wanted = values.filter((value) => value !== '');
	const isNull = wanted.length < values.length ? [`${column} IS NULL`] : [];
	const stored = wanted.map((value) => storedAs(name, field, value));
	if (field.input.kind !== 'choice') {
		return [anyOf([...isNull, ...(stored.length > 0 ? [`${column} IN (${stored.map(bind).join(', ')})`] : [])])];
	}
	// Places are our own numbers; as literals, so that an index of the later ones is seen to do.
	const places = stored.map(Number);
	if (places.length === 0) return isNull;
	if (isNull.length > 0) return [anyOf([...isNull, `${column} IN (${places.join(', ')})`])];
	const above = Array.from({ length: Math.min(...places) }, (_, place) => `${column} > ${place}`);
	return [`${column} IN (${places.join(', ')})`, ...above];
}

function storedAs(name: string, field: Field, text: string): SqlValue {
	const { input } = field;
	switch (input.kind) {
		case 'structure':
			throw refused(name, 'can not be filtered by');
		case 'choice':
			if (!input.options.includes(text)) throw refused(name, `is one of ${input.options.join(', ')}`);
			return field.toColumn(text);
		case 'flag':
			if (text !== 'true' && text !== 'false') throw refused(name, 'is true or false');
			return field.toColumn(text === 'true');
		case 'instant':
		case 'count':
			if (!/^-?\d{1,16}$/.test(text)) throw refused(name, 'is a whole number');
			return field.toColumn(Number(text));
		default:
			return field.toColumn(text);
	}
}

function anyOf(conditions: readonly string[]): string {
	return conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' OR ')})`;
}

function refused(name: string, problem: string): GatewayError {
	return new GatewayError('INVALID_REQUEST', `${name.slice(0, 64)}: ${problem}`);
}
