import { LIMITS } from '../../core/limits.ts';
import { stopped } from './table-problem.ts';
import { ReadingStopped, type XlsxArchive } from './xlsx-archive.ts';
import { builtInFormat, type DateSystem, type NumberFormat, parseFormat } from './xlsx-number.ts';
import { decodeXstring, parseWholeXml } from './xlsx-xml.ts';

export interface WorkbookSheet {
	readonly name: string;
	readonly hidden: boolean;
	/** Of the file inside the archive. */
	readonly part: string;
}

export interface Workbook {
	readonly sheets: readonly WorkbookSheet[];
	readonly dateSystem: DateSystem;
	readonly sharedTexts: readonly string[];
	/** The number format of each cell style, by its place. */
	readonly formats: readonly NumberFormat[];
}

interface Relation {
	readonly id: string;
	readonly kind: string;
	readonly target: string;
}

/** Everything but the cells (ECMA-376 part 1, 12 and 18; the last word of a relation's type says what it is). */
export async function readWorkbook(archive: XlsxArchive): Promise<Workbook> {
	const roots = await readRelations(archive, '_rels/.rels', '');
	const main = roots.find(({ kind }) => kind === 'officeDocument')?.target ?? 'xl/workbook.xml';
	const folder = main.slice(0, main.lastIndexOf('/') + 1);
	const relations = await readRelations(archive, `${folder}_rels/${main.slice(folder.length)}.rels`, folder);
	const partOf = (kind: string) => relations.find((relation) => relation.kind === kind)?.target;
	const { sheets, dateSystem } = await readSheets(archive, main, relations);
	return {
		sheets,
		dateSystem,
		sharedTexts: await readSharedTexts(archive, partOf('sharedStrings')),
		formats: await readFormats(archive, partOf('styles')),
	};
}

async function readRelations(archive: XlsxArchive, part: string, folder: string): Promise<readonly Relation[]> {
	const relations: Relation[] = [];
	if (!archive.has(part)) return relations;
	await parseWholeXml(archive.read(part, LIMITS.workbookPartBytes), {
		open(name, { Id: id, Type: type, Target: target }) {
			if (name !== 'Relationship' || id === undefined || type === undefined || target === undefined) return;
			relations.push({ id, kind: type.slice(type.lastIndexOf('/') + 1), target: resolvePart(folder, target) });
		},
	});
	return relations;
}

function resolvePart(folder: string, target: string): string {
	const steps = target.startsWith('/') ? [] : folder.split('/').filter((step) => step !== '');
	for (const step of target.split('/')) {
		if (step === '..') steps.pop();
		else if (step !== '.' && step !== '') steps.push(step);
	}
	return steps.join('/');
}

async function readSheets(
	archive: XlsxArchive,
	part: string,
	relations: readonly Relation[],
): Promise<Pick<Workbook, 'sheets' | 'dateSystem'>> {
	const sheets: WorkbookSheet[] = [];
	let dateSystem: DateSystem = 1900;
	await parseWholeXml(archive.read(part, LIMITS.workbookPartBytes), {
		open(element, attributes) {
			if (element === 'workbookPr' && /^(1|true)$/.test(attributes['date1904'] ?? '')) dateSystem = 1904;
			const { name, state } = attributes;
			if (element !== 'sheet' || name === undefined) return;
			const relationId = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
			const relation = relations.find(({ id, kind }) => id === relationId && kind === 'worksheet');
			if (relation === undefined) return;
			const hidden = state === 'hidden' || state === 'veryHidden';
			sheets.push({ name: decodeXstring(name), hidden, part: relation.target });
		},
	});
	return { sheets, dateSystem };
}

/** Reads the text of `si` and `is`: all its `t`, but not those of `rPh`, which say how it is pronounced. */
export function createTextGatherer() {
	let text = '';
	let inText = false;
	let inPhonetic = false;
	return {
		open(name: string) {
			if (name === 't') inText = !inPhonetic;
			else if (name === 'rPh') inPhonetic = true;
		},
		text(piece: string) {
			if (inText) text += piece;
		},
		close(name: string) {
			if (name === 't') inText = false;
			else if (name === 'rPh') inPhonetic = false;
		},
		take() {
			const taken = decodeXstring(text);
			text = '';
			return taken;
		},
	};
}

async function readSharedTexts(archive: XlsxArchive, part: string | undefined): Promise<readonly string[]> {
	const texts: string[] = [];
	if (part === undefined || !archive.has(part)) return texts;
	const gatherer = createTextGatherer();
	await parseWholeXml(archive.read(part, LIMITS.tableSharedTextBytes), {
		open: gatherer.open,
		text: gatherer.text,
		close(name) {
			gatherer.close(name);
			if (name !== 'si') return;
			if (texts.length >= LIMITS.tableSharedTexts) throw new ReadingStopped(stopped('inflatesTooMuch'));
			texts.push(gatherer.take());
		},
	});
	return texts;
}

async function readFormats(archive: XlsxArchive, part: string | undefined): Promise<readonly NumberFormat[]> {
	const own = new Map<number, NumberFormat>();
	const formats: NumberFormat[] = [];
	let inCellFormats = false;
	if (part === undefined || !archive.has(part)) return formats;
	await parseWholeXml(archive.read(part, LIMITS.workbookPartBytes), {
		open(name, attributes) {
			const id = Number(attributes['numFmtId'] ?? 0);
			if (name === 'numFmt') own.set(id, parseFormat(attributes['formatCode'] ?? ''));
			else if (name === 'cellXfs') inCellFormats = true;
			else if (name === 'xf' && inCellFormats) formats.push(own.get(id) ?? builtInFormat(id));
		},
		close(name) {
			if (name === 'cellXfs') inCellFormats = false;
		},
	});
	return formats;
}
