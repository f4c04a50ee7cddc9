import type { Clock } from '../../core/clock.ts';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { ImportMappingRow } from '../../store/import-mappings.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { compact } from '../tables/cell-parsers.ts';
import type { NamedColumn } from '../tables/map-columns.ts';
import type { TableColumn } from '../tables/table.ts';
import { columnLetters } from '../tables/table-problem.ts';
import { MAPPED_KINDS, type MappedKind, mappedFields } from './import-kinds.ts';
import type { ImportOptions, ImportPreview } from './imports.ts';

/** What a file's columns are, under a name that everybody finds it by. */
export interface ImportMappingWish {
	readonly kind: MappedKind;
	readonly name: string;
	/** By heading, or as spreadsheets call it (`B`) where it has none; `null`: not used. */
	readonly columns: readonly Omit<NamedColumn, 'mayBeMissing'>[];
	readonly emptyCells: 'keep' | 'clear';
}

export interface ImportMapping extends ImportMappingWish {
	readonly id: string;
	/** Counts its changes. */
	readonly version: number;
	readonly changedAtMs: number;
	/** null: the command line. */
	readonly operatorId: string | null;
}

export type MappingAnswer =
	| { readonly result: 'done'; readonly mapping: ImportMapping }
	/** `detail`: what it is about, as it came. */
	| { readonly result: 'refused'; readonly because: MappingRefusal; readonly detail: string };

export type MappingRefusal =
	| 'notFound'
	| 'changed'
	| 'nameTaken'
	| 'tooMany'
	/** Nothing in it is used, or more than a table has. */
	| 'noColumns'
	| 'unknownField'
	/** A column or a field stands in it twice. */
	| 'twice';

/** Saved mappings of columns, shared by all who import: suggested where they fit, named by programs and the command line. */
export interface ImportMappings {
	/** By name. */
	list(kind?: MappedKind): readonly ImportMapping[];
	get(id: string): ImportMapping | undefined;
	/** By its id or its name, however that is written. */
	find(kind: MappedKind, idOrName: string): ImportMapping | undefined;
	/** All whose used columns are in the file, the most used first. */
	fitting(kind: MappedKind, columns: readonly TableColumn[]): readonly ImportMapping[];
	add(wish: ImportMappingWish, operatorId: string | null): MappingAnswer;
	/** @param version As it was read; undefined: whatever it is now. */
	update(id: string, wish: ImportMappingWish, operatorId: string | null, version?: number): MappingAnswer;
	/** @returns false: there was none. */
	remove(id: string, operatorId: string | null): boolean;
}

export interface ImportMappingsDeps {
	readonly store: Pick<SiteStore, 'importMappings' | 'journal' | 'transaction'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}

export function createImportMappings(deps: ImportMappingsDeps): ImportMappings {
	const { store, clock } = deps;
	const kept = store.importMappings;

	function audit(operatorId: string | null, action: string, target: string, detail: AuditEntry['detail']): void {
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() } as const;
		store.journal.append({ ...entry, operatorId, action, target, detail });
	}

	function write(row: Omit<ImportMapping, 'changedAtMs'>, before: ImportMapping | undefined): MappingAnswer {
		const wrong = whatIsWrong(row);
		if (wrong !== undefined) return { result: 'refused', ...wrong };
		const mapping: ImportMapping = { ...row, changedAtMs: clock.nowMs() };
		const isWritten = store.transaction(() => {
			if (!kept.put(toRow(mapping))) return false;
			audit(mapping.operatorId, before === undefined ? 'importMappingAdded' : 'importMappingChanged', mapping.id, {
				...(before && { nameBefore: before.name, columnsBefore: columnsText(before) }),
				...{ kind: mapping.kind, name: mapping.name, columns: columnsText(mapping) },
			});
			return true;
		});
		if (!isWritten) return { result: 'refused', because: 'nameTaken', detail: mapping.name };
		deps.journalGrew();
		return { result: 'done', mapping };
	}

	const get = (id: string) => toMapping(kept.byId(id));
	return {
		list: (kind) => mappingsOf(kept.list()).filter((mapping) => kind === undefined || mapping.kind === kind),
		get,
		find: (kind, idOrName) => findMapping(store, kind, idOrName),
		fitting: (kind, columns) =>
			mappingsOf(kept.list())
				.filter((mapping) => mapping.kind === kind && fits(mapping, columns))
				.toSorted((one, other) => usedColumns(other).length - usedColumns(one).length),
		add(wish, operatorId) {
			if (kept.count() >= LIMITS.importMappings)
				return { result: 'refused', because: 'tooMany', detail: String(LIMITS.importMappings) };
			return write({ ...wishOf(wish), id: deps.newId(), version: 1, operatorId }, undefined);
		},
		update(id, wish, operatorId, version) {
			const before = get(id);
			if (before === undefined) return { result: 'refused', because: 'notFound', detail: id };
			if (version !== undefined && version !== before.version)
				return { result: 'refused', because: 'changed', detail: before.name };
			return write({ ...wishOf(wish), id, version: before.version + 1, operatorId }, before);
		},
		remove(id, operatorId) {
			const before = get(id);
			if (before === undefined) return false;
			store.transaction(() => {
				kept.remove(id);
				const { kind, name } = before;
				audit(operatorId, 'importMappingRemoved', id, { kind, name, columnsBefore: columnsText(before) });
			});
			deps.journalGrew();
			return true;
		},
	};
}

/** As `ImportMappings.find`, beside a running gateway. */
export function findMapping(
	{ importMappings }: Pick<SiteStore, 'importMappings'>,
	kind: MappedKind,
	idOrName: string,
): ImportMapping | undefined {
	const found = toMapping(importMappings.byId(idOrName) ?? importMappings.byNameKey(compact(idOrName)));
	return found?.kind === kind ? found : undefined;
}

/** How a file is read with it; what is said besides counts more. A column that is not used may be missing. */
export function optionsOf(
	{ columns, emptyCells }: Pick<ImportMapping, 'columns' | 'emptyCells'>,
	said: readonly NamedColumn[] = [],
): Pick<ImportOptions, 'named' | 'emptyCells'> {
	const told = new Set(said.flatMap(({ column, field }) => [`column ${compact(column)}`, `field ${field}`]));
	const others = columns.filter(
		({ column, field }) => !told.has(`column ${compact(column)}`) && (field === null || !told.has(`field ${field}`)),
	);
	const named = others.map((one) => (one.field === null ? { ...one, mayBeMissing: true as const } : one));
	return { emptyCells, named: [...named, ...said] };
}

/** What is to be saved of how a file is taken now. */
export function mappingOfPreview({
	columns,
	mapping,
	emptyCells,
}: Pick<ImportPreview, 'columns' | 'mapping' | 'emptyCells'>): Pick<ImportMappingWish, 'columns' | 'emptyCells'> {
	const seen = new Set<string>();
	const named = columns.map(({ index, heading }) => {
		const key = compact(heading);
		// The first of several that are called the same has the name.
		const column = key === '' || seen.has(key) ? columnLetters(index) : heading;
		seen.add(key);
		return { column, field: mapping[index] ?? null };
	});
	return { columns: named, emptyCells: emptyCells ?? 'keep' };
}

function wishOf({ kind, name, columns, emptyCells }: ImportMappingWish): ImportMappingWish {
	return { kind, name: name.trim(), columns: columns.map(({ column, field }) => ({ column, field })), emptyCells };
}

function whatIsWrong({ kind, name, columns }: ImportMappingWish) {
	const refuse = (because: MappingRefusal, detail: string) => ({ because, detail });
	// A name of signs alone would be nobody's to find.
	if (compact(name) === '') return refuse('nameTaken', name);
	if (usedColumns({ columns }).length === 0 || columns.length > LIMITS.tableColumns)
		return refuse('noColumns', String(columns.length));
	if (JSON.stringify(columns).length > LIMITS.importMappingBytes) return refuse('noColumns', String(columns.length));
	const known = new Set(mappedFields(kind, 'UTC').map((field) => field.name));
	const seen = new Set<string>();
	for (const { column, field } of columns) {
		if (field !== null && !known.has(field)) return refuse('unknownField', field);
		for (const key of [`column ${keyOf(column)}`, ...(field === null ? [] : [`field ${field}`])]) {
			if (seen.has(key)) return refuse('twice', field ?? column);
			seen.add(key);
		}
	}
	return undefined;
}

/** Headings without letters or digits are told apart by their signs. */
function keyOf(column: string): string {
	return compact(column) || column.trim();
}

function usedColumns({ columns }: Pick<ImportMapping, 'columns'>) {
	return columns.filter(({ field }) => field !== null);
}

/** By one heading at least: letters alone fit every file. */
function fits(mapping: ImportMapping, columns: readonly TableColumn[]): boolean {
	const headings = new Set(columns.map(({ heading }) => compact(heading)).filter(Boolean));
	const letters = new Set(columns.map(({ index }) => columnLetters(index).toLowerCase()));
	const used = usedColumns(mapping).map(({ column }) => column);
	const hasHeading = (column: string) => headings.has(compact(column));
	return (
		used.some(hasHeading) && used.every((column) => hasHeading(column) || letters.has(column.trim().toLowerCase()))
	);
}

const COLUMNS_TOLD = 500;

function columnsText({ columns }: Pick<ImportMapping, 'columns'>): string {
	return columns
		.map(({ column, field }) => `${column}=${field ?? '-'}`)
		.join('; ')
		.slice(0, COLUMNS_TOLD)
		.toWellFormed();
}

function toRow({ columns, ...mapping }: ImportMapping): ImportMappingRow {
	return { ...mapping, nameKey: compact(mapping.name), columns: JSON.stringify(columns) };
}

function mappingsOf(rows: readonly ImportMappingRow[]): readonly ImportMapping[] {
	return rows.flatMap((row) => toMapping(row) ?? []);
}

function toMapping(row: ImportMappingRow | undefined): ImportMapping | undefined {
	const kind = MAPPED_KINDS.find((known) => known === row?.kind);
	if (row === undefined || kind === undefined) return undefined;
	const { nameKey: _, columns, ...rest } = row;
	// Written by `toRow` alone.
	return { ...rest, kind, columns: JSON.parse(columns) as ImportMapping['columns'] };
}
