import { Buffer } from 'node:buffer';
import { crc32, deflateRawSync } from 'node:zlib';

/** A zip file of deflated entries (APPNOTE 4.3); `lie` changes the size that the archive says an entry has. */
export function zip(entries: Readonly<Record<string, string | Buffer>>, lie?: (name: string, size: number) => number) {
	const locals: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const [name, content] of Object.entries(entries)) {
		const bytes = Buffer.from(content);
		const packed = deflateRawSync(bytes);
		const size = lie?.(name, bytes.length) ?? bytes.length;
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(8, 4);
		common.writeUInt32LE(crc32(bytes), 10);
		common.writeUInt32LE(packed.length, 14);
		common.writeUInt32LE(size, 18);
		common.writeUInt16LE(Buffer.byteLength(name), 22);
		locals.push(Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(offset, 10);
		directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, Buffer.from(name));
		offset += 30 + Buffer.byteLength(name) + packed.length;
	}
	const central = Buffer.concat(directory);
	const end = Buffer.alloc(18);
	const count = Object.keys(entries).length;
	end.writeUInt16LE(count, 4);
	end.writeUInt16LE(count, 6);
	end.writeUInt32LE(central.length, 8);
	end.writeUInt32LE(offset, 12);
	return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end]);
}

const NS = 'http://schemas.openxmlformats.org';
const MAIN = `xmlns="${NS}/spreadsheetml/2006/main" xmlns:r="${NS}/officeDocument/2006/relationships"`;

export interface WorkbookParts {
	/** `<row>` elements of each sheet, by name. */
	readonly sheets: Readonly<Record<string, string>>;
	/** `<si>` elements. */
	readonly sharedTexts?: string;
	/** Number formats of the cell styles, from 0: codes, or ids of built-in ones. */
	readonly formats?: readonly (string | number)[];
	readonly date1904?: boolean;
	/** States of sheets, by name. */
	readonly hidden?: readonly string[];
}

/** The entries of a workbook as Excel lays them out. */
export function workbookEntries({ sheets, sharedTexts, formats = [], date1904, hidden = [] }: WorkbookParts) {
	const names = Object.keys(sheets);
	const relation = (id: string, type: string, target: string) =>
		`<Relationship Id="${id}" Type="${NS}/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
	const relations = (inside: string) =>
		`<?xml version="1.0"?><Relationships xmlns="${NS}/package/2006/relationships">${inside}</Relationships>`;
	const listed = names.map((name, at) => {
		const state = hidden.includes(name) ? ' state="hidden"' : '';
		return `<sheet name="${name}" sheetId="${at + 1}"${state} r:id="rId${at + 1}"/>`;
	});
	const codes = formats.map((format, at) =>
		typeof format === 'string' ? `<numFmt numFmtId="${200 + at}" formatCode="${format}"/>` : '',
	);
	const styles = formats.map((format, at) => `<xf numFmtId="${typeof format === 'number' ? format : 200 + at}"/>`);
	return {
		'_rels/.rels': relations(relation('r1', 'officeDocument', 'xl/workbook.xml')),
		'xl/workbook.xml': `<workbook ${MAIN}><workbookPr date1904="${date1904 === true ? 1 : 0}"/><sheets>${listed.join('')}</sheets></workbook>`,
		'xl/_rels/workbook.xml.rels': relations(
			names.map((_, at) => relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`)).join('') +
				relation('s1', 'sharedStrings', 'sharedStrings.xml') +
				relation('s2', 'styles', '/xl/styles.xml'),
		),
		'xl/styles.xml': `<styleSheet ${MAIN}><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${styles.join('')}</cellXfs></styleSheet>`,
		...(sharedTexts !== undefined && { 'xl/sharedStrings.xml': `<sst ${MAIN}>${sharedTexts}</sst>` }),
		...Object.fromEntries(names.map((name, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheets[name] ?? '')])),
	};
}

export function sheetXml(rows: string): string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet ${MAIN}><sheetData>${rows}</sheetData></worksheet>`;
}

export function workbook(parts: WorkbookParts): Buffer {
	return zip(workbookEntries(parts));
}
