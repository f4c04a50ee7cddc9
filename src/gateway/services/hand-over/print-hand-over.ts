import PDFDocument from 'pdfkit';
import { SIGNATURE_BOX, type SignatureStroke } from '../../core/hand-over.ts';
import { HAND_OVER_TEXTS, type HandOverTexts } from './hand-over-texts.ts';
import type { PrintedHandOver } from './pdf-messages.ts';
import { winAnsiText } from './win-ansi-text.ts';

type Doc = InstanceType<typeof PDFDocument>;

/** Points of 1/72 inch. */
const MARGIN = 56;
const BOX = { width: 240, height: 80 } as const;
/** Box, name, time and hash. */
const SIGNATURE_HEIGHT = BOX.height + 60;
const FOOT = 64;
const INK = '#16202c';
const FAINT = '#5a6675';

/** A PDF of some pages of A4; the same bytes for the same report: its dates are the report's own. */
export async function printHandOver(handOver: PrintedHandOver): Promise<Uint8Array<ArrayBuffer>> {
	const { content, signatures, language } = handOver;
	const texts = HAND_OVER_TEXTS[language];
	const lastMs = signatures.at(-1)?.atMs ?? content.atMs;
	const doc = new PDFDocument({
		...{ size: 'A4', margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: FOOT }, bufferPages: true },
		...{ lang: language, displayTitle: true },
		info: {
			...{ Title: `${texts.title} ${content.id}`, Creator: 'Parkgate', Producer: 'Parkgate' },
			...{ CreationDate: new Date(lastMs), ModDate: new Date(lastMs) },
		},
	});
	const bytes = collect(doc);
	head(doc, texts, handOver);
	body(doc, texts, handOver);
	signaturesOf(doc, texts, handOver);
	foot(doc, texts, handOver);
	doc.end();
	return bytes;
}

function collect(doc: Doc): Promise<Uint8Array<ArrayBuffer>> {
	const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
	const parts: Buffer[] = [];
	doc.on('data', (part: Buffer) => parts.push(part));
	doc.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))));
	doc.on('error', reject);
	return promise;
}

function head(doc: Doc, texts: HandOverTexts, handOver: PrintedHandOver): void {
	const { content, by } = handOver;
	const { kind, id, name } = content.subject;
	doc.font('Helvetica-Bold').fontSize(20).fillColor(INK).text(winAnsiText(texts.title));
	doc.font('Helvetica').fontSize(11).moveDown(0.4);
	const subject = name === id ? id : `${name} (${id})`;
	for (const line of [
		content.site,
		`${texts[kind]}: ${subject}`,
		`${texts.writtenBy} ${by[0] ?? ''}, ${moment(handOver, content.atMs)}`,
	])
		doc.text(winAnsiText(line));
}

function body(doc: Doc, texts: HandOverTexts, { content }: PrintedHandOver): void {
	heading(doc, texts.facts);
	for (const { name, value } of content.facts) {
		doc.fillColor(FAINT).text(winAnsiText(`${texts.names[name] ?? name}: `), { continued: true });
		doc.fillColor(INK).text(winAnsiText(value));
	}
	if (content.checks.length > 0) {
		heading(doc, texts.checks);
		for (const check of content.checks) doc.text(`• ${winAnsiText(check)}`, { indent: 6 });
	}
	if (content.remarks === '') return;
	heading(doc, texts.remarks);
	doc.text(winAnsiText(content.remarks));
}

function heading(doc: Doc, text: string): void {
	doc.moveDown(1).font('Helvetica-Bold').fontSize(13).fillColor(INK).text(winAnsiText(text));
	doc.font('Helvetica').fontSize(10).moveDown(0.3);
}

function signaturesOf(doc: Doc, texts: HandOverTexts, handOver: PrintedHandOver): void {
	makeRoom(doc, handOver.signatures.length === 0 ? 60 : SIGNATURE_HEIGHT + 40);
	heading(doc, texts.signatures);
	if (handOver.signatures.length === 0) doc.text(winAnsiText(texts.notSigned));
	for (const [place, { name, strokes, atMs, sha256 }] of handOver.signatures.entries()) {
		makeRoom(doc, SIGNATURE_HEIGHT);
		const top = doc.y;
		if (strokes.length > 0) {
			draw(doc, strokes, { x: MARGIN, y: top });
			doc.y = top + BOX.height + 4;
		} else doc.font('Helvetica-Oblique').text(winAnsiText(texts.typed)).font('Helvetica');
		doc.font('Helvetica-Bold').fillColor(INK).text(winAnsiText(name), MARGIN).font('Helvetica');
		const by = handOver.by[place + 1] ?? '';
		doc.fillColor(FAINT).text(winAnsiText(`${texts.signedAt} ${moment(handOver, atMs)}, ${texts.atLoginOf} ${by}`));
		doc.fontSize(8).text(`SHA-256 ${sha256}`).fontSize(10).moveDown(1);
	}
}

/** What belongs together stands on one page. */
function makeRoom(doc: Doc, height: number): void {
	if (doc.y + height > doc.page.height - FOOT) doc.addPage();
}

/** The harder, the thicker. */
function draw(doc: Doc, strokes: readonly SignatureStroke[], at: { readonly x: number; readonly y: number }): void {
	doc.rect(at.x, at.y, BOX.width, BOX.height).lineWidth(0.5).strokeColor(FAINT).stroke();
	doc.strokeColor(INK).lineCap('round').lineJoin('round');
	const x = (value: number) => at.x + (value / SIGNATURE_BOX.width) * BOX.width;
	const y = (value: number) => at.y + (value / SIGNATURE_BOX.height) * BOX.height;
	for (const stroke of strokes) {
		for (const [place, point] of stroke.entries()) {
			const from = stroke[place - 1] ?? point;
			const width = 0.5 + (point[2] / SIGNATURE_BOX.pressure) * 1.8;
			doc.moveTo(x(from[0]), y(from[1])).lineTo(x(point[0]), y(point[1])).lineWidth(width).stroke();
		}
	}
}

/** On every page: which report it is of, its hash, and what that is good for. */
function foot(doc: Doc, texts: HandOverTexts, { content, sha256 }: PrintedHandOver): void {
	const { start, count } = doc.bufferedPageRange();
	for (let page = start; page < start + count; page += 1) {
		doc.switchToPage(page);
		// Text below the margin would begin a page of its own.
		doc.page.margins.bottom = 0;
		doc.font('Helvetica').fontSize(7).fillColor(FAINT);
		const top = doc.page.height - FOOT + 12;
		doc.text(`${content.id} · SHA-256 ${sha256}`, MARGIN, top);
		doc.text(winAnsiText(texts.seal), MARGIN, top + 10, { width: doc.page.width - 2 * MARGIN - 60 });
		const number = `${winAnsiText(texts.page)} ${page - start + 1}/${count}`;
		doc.text(number, doc.page.width - MARGIN - 60, top, { width: 60, align: 'right' });
	}
}

function moment({ language, timeZone }: Pick<PrintedHandOver, 'language' | 'timeZone'>, atMs: number): string {
	return new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'long', timeStyle: 'long' }).format(atMs);
}
