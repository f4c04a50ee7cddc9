import { LIMITS } from './limits.ts';

/** What is handed over. */
export interface HandOverSubject {
	readonly kind: 'lane' | 'device';
	readonly id: string;
	/** As it was called then. */
	readonly name: string;
}

/** What a report says for ever: this, in its canonical form, is what is hashed and signed. */
export interface HandOverContent {
	readonly id: string;
	readonly site: string;
	readonly subject: HandOverSubject;
	/** What the gateway knew of it then, such as its driver and state; as told, in English. */
	readonly facts: readonly { readonly name: string; readonly value: string }[];
	/** What was looked at and found right. */
	readonly checks: readonly string[];
	readonly remarks: string;
	readonly atMs: number;
	readonly operatorId: string;
}

/** Side of the box that is signed in, and the hardest pressure: points are whole numbers within. */
export const SIGNATURE_BOX = { width: 3_000, height: 1_000, pressure: 1_000 } as const;

/** From left, from top, how hard. A pointer that does not tell its pressure tells half of the hardest (Pointer Events 4.1). */
export type SignaturePoint = readonly [x: number, y: number, pressure: number];
export type SignatureStroke = readonly SignaturePoint[];

/** What one signature says: it names the report by its hash. */
export interface SignatureContent {
	/** SHA-256 of the report's content, hex. */
	readonly report: string;
	readonly name: string;
	/** Empty: the name was typed instead, and stands for the signature. */
	readonly strokes: readonly SignatureStroke[];
	readonly atMs: number;
	/** At whose login it was signed. */
	readonly operatorId: string;
}

/** `x,y,p x,y,p;x,y,p`: a stroke after the other. undefined: no strokes, or too many. Empty: none. */
export function parseStrokes(text: string): readonly SignatureStroke[] | undefined {
	if (text === '') return [];
	const strokes = text.split(';').map((stroke) => stroke.split(' ').map(parsePoint));
	const read = strokes.map((stroke) => stroke.flatMap((point) => (point === undefined ? [] : [point])));
	const isWhole = read.every(({ length }, place) => length === strokes[place]?.length);
	return isWhole && areStrokes(read) ? read : undefined;
}

function parsePoint(text: string): SignaturePoint | undefined {
	const [, x, y, pressure] = /^(\d{1,4}),(\d{1,4}),(\d{1,4})$/.exec(text) ?? [];
	return x === undefined ? undefined : [Number(x), Number(y), Number(pressure)];
}

/** Whole points within the box, and no more than a signature has. */
export function areStrokes(strokes: readonly SignatureStroke[]): boolean {
	const { width, height, pressure } = SIGNATURE_BOX;
	const isWithin = (value: number, most: number) => Number.isInteger(value) && value >= 0 && value <= most;
	const points = strokes.reduce((sum, { length }) => sum + length, 0);
	return (
		strokes.length <= LIMITS.signatureStrokes &&
		points <= LIMITS.signaturePoints &&
		strokes.every((stroke) => stroke.length > 0) &&
		strokes.flat().every(([x, y, p]) => isWithin(x, width) && isWithin(y, height) && isWithin(p, pressure))
	);
}
