import { tagFromBytes } from '../../gateway/core/tag.ts';
import type { TagRead } from '../tag-readers/dialect.ts';
import { isEpcLength } from '../uhf/epc.ts';
import { type ChafonFrame, COMMAND, STATUS } from './frame.ts';

export const FAMILIES = ['reader18', 'reader288'] as const;

/** How tags stand in an inventory: `reader18` with length and EPC, `reader288` with antenna and signal strength too. */
export type Family = (typeof FAMILIES)[number];

/** Statuses whose data are tags. */
const TELLS_TAGS: ReadonlySet<number> = new Set([
	STATUS.ok,
	STATUS.finished,
	STATUS.timeOver,
	STATUS.more,
	STATUS.memoryFull,
]);
/** Set in a length when the tag's own serial number follows its EPC. */
const APPENDED = 0xc0;

export type Inventory = { readonly reads: readonly TagRead[] } | { readonly rejected: string };

/**
 * Tags of one answer; undefined: it tells none.
 * @param rssiOffsetDbm what makes dBm of the number a reader288 tells; without it no strength is told
 */
export function readInventory(frame: ChafonFrame, family: Family, rssiOffsetDbm?: number): Inventory | undefined {
	const [status = STATUS.illegalCommand, ...data] = frame.body;
	const isPushed = frame.command === COMMAND.active;
	if ((frame.command !== COMMAND.inventory && !isPushed) || !TELLS_TAGS.has(status) || data.length === 0)
		return undefined;
	const tags = isPushed ? pushedTag(data) : listedTags(data, family);
	if (tags === undefined) return { rejected: 'its length is not what it says' };
	return {
		reads: tags.map(({ code, antenna, rssi }) => ({
			tag: tagFromBytes(code),
			...(antenna !== undefined && { antenna }),
			...(rssi !== undefined && rssiOffsetDbm !== undefined && { rssiDbm: rssi + rssiOffsetDbm }),
			raw: frame.bytes,
		})),
	};
}

interface ListedTag {
	readonly code: Uint8Array;
	readonly antenna?: number;
	readonly rssi?: number;
}

/** A count and as many tags, which fill the data to its end; undefined: they do not. */
function listedTags(data: readonly number[], family: Family): readonly ListedTag[] | undefined {
	const is288 = family === 'reader288';
	const antenna = is288 ? antennaOf(data[0]) : undefined;
	const count = data[is288 ? 1 : 0] ?? 0;
	if (is288 && antenna === undefined && count > 0) return undefined;
	const tags: ListedTag[] = [];
	let at = is288 ? 2 : 1;
	while (tags.length < count) {
		const length = data[at] ?? 0;
		const end = at + 1 + length;
		if ((length & APPENDED) !== 0 || !isEpcLength(length) || end + (is288 ? 1 : 0) > data.length) return undefined;
		const code = Uint8Array.from(data.slice(at + 1, end));
		tags.push({ code, ...(antenna !== undefined && { antenna, rssi: data[end] ?? 0 }) });
		at = end + (is288 ? 1 : 0);
	}
	return at >= data.length ? tags : undefined;
}

/** One tag as a reader in active mode says it: antenna, length, EPC, signal strength. */
function pushedTag(data: readonly number[]): readonly ListedTag[] | undefined {
	const antenna = antennaOf(data[0]);
	const length = data[1] ?? 0;
	if (antenna === undefined || !isEpcLength(length) || data.length !== length + 3) return undefined;
	return [{ code: Uint8Array.from(data.slice(2, 2 + length)), antenna, rssi: data[2 + length] ?? 0 }];
}

/** One bit for each antenna. */
function antennaOf(bit: number | undefined): number | undefined {
	const antenna = [1, 2, 4, 8, 16, 32, 64, 128].indexOf(bit ?? 0) + 1;
	return antenna === 0 ? undefined : antenna;
}
