import { z } from 'zod';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { TappedBytes } from './line-taps.ts';

/** What a recorded conversation was with. */
export interface TraceHead {
	readonly driver: string;
	readonly deviceId: string;
	/** The device's entry without its secrets, as far as it says how bytes are read. */
	readonly settings: Readonly<Record<string, unknown>>;
}

export interface Trace extends TraceHead {
	readonly traffic: readonly TappedBytes[];
}

/** So the first line of a trace begins; no device says that. */
const MARK = '{"trace":"parkgate"';

const headSchema = z.object({
	trace: z.literal('parkgate'),
	version: z.literal(1),
	driver: z.string(),
	deviceId: z.string(),
	settings: z.record(z.string(), z.unknown()),
});
const lineSchema = z.object({
	atMs: z.number(),
	direction: z.enum(['in', 'out']),
	hex: z.string().regex(/^([0-9A-F]{2})*$/),
});

export function encodeTraceHead({ driver, deviceId, settings }: TraceHead): string {
	return `${JSON.stringify({ trace: 'parkgate', version: 1, driver, deviceId, settings })}\n`;
}

export function encodeTraceLine({ atMs, direction, bytes }: TappedBytes): string {
	return `${JSON.stringify({ atMs, direction, hex: bytes.toHex().toUpperCase() })}\n`;
}

/** undefined: it is no trace. Throws INVALID_REQUEST with the number of a line that is wrong. */
export function parseTrace(bytes: Uint8Array): Trace | undefined {
	if (new TextDecoder('latin1').decode(bytes.subarray(0, MARK.length)) !== MARK) return undefined;
	const [first = '', ...rest] = new TextDecoder().decode(bytes).split('\n');
	const { driver, deviceId, settings } = parseLine(headSchema, first, 1);
	const traffic = rest.flatMap((line, index) => {
		// The last line of a recording that was cut off.
		if (line.trim() === '') return [];
		const { atMs, direction, hex } = parseLine(lineSchema, line, index + 2);
		return [{ atMs, direction, bytes: Uint8Array.fromHex(hex) }];
	});
	return { driver, deviceId, settings, traffic };
}

function parseLine<T>(schema: z.ZodType<T>, line: string, number: number): T {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch (cause) {
		throw new GatewayError('INVALID_REQUEST', `line ${number} of the trace is no JSON; was it cut off?`, { cause });
	}
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const where = parsed.error.issues[0]?.path.join('.') ?? '';
	throw new GatewayError('INVALID_REQUEST', `line ${number} of the trace is none that parkgate wrote (${where})`);
}
