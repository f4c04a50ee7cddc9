import { LIMITS } from '../../gateway/core/limits.ts';

/** Cameras' words for a vehicle whose plate they could not read. */
const SENTINELS = new Set([
	...['unknown', 'noplate', 'no plate', 'nonplate', 'none', 'null', 'undefined', 'n/a', 'unlicensed', 'unlicenced'],
	...['not read', 'notread', 'no read', 'noread', 'not defined'],
	...['无车牌', '无牌车', '无', '_无_'],
]);

/** `refused`: no plate could look so, and a part of it would be another plate: `plateLength`, `plateText`. */
export type PlateText =
	| { readonly result: 'plate'; readonly plate: string }
	| { readonly result: 'none' }
	| { readonly result: 'refused'; readonly reason: 'plateLength' | 'plateText' };

/** Any vendor's field for the plate, trimmed or not. */
export function parsePlateText(text: string | undefined): PlateText {
	const plate = text?.trim() ?? '';
	// U+FFFD is what is left of a letter in another encoding than the one declared.
	if (/[\p{Cc}\ufffd]/u.test(plate)) return { result: 'refused', reason: 'plateText' };
	if (SENTINELS.has(plate.toLowerCase()) || !/[\p{L}\p{N}]/u.test(plate)) return { result: 'none' };
	if (plate.length > LIMITS.plateLength) return { result: 'refused', reason: 'plateLength' };
	return { result: 'plate', plate };
}
