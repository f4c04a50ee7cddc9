import type { PlateDirection } from '../../gateway/core/observation.ts';

/** Wider than this from its line a movement says nothing. */
const HALF_ANGLE_DEGREES = 60;

/**
 * Travel from a movement in the picture, degrees in the vendor's own sense of turning.
 *
 * @param approachDegrees the movement of a vehicle that comes toward the camera; undefined: unknown.
 */
export function travelOf(degrees: number | undefined, approachDegrees: number | undefined): PlateDirection {
	if (degrees === undefined || approachDegrees === undefined || degrees < 0 || degrees > 360) return 'unknown';
	const turn = Math.abs(((degrees - approachDegrees + 540) % 360) - 180);
	if (turn <= HALF_ANGLE_DEGREES) return 'approaching';
	return turn >= 180 - HALF_ANGLE_DEGREES ? 'leaving' : 'unknown';
}

/** A vendor's words for travel, compared in lower case; `unknown` for any other. */
export function createTravelWords(words: {
	readonly approaching: readonly string[];
	readonly leaving: readonly string[];
}): (text: string | undefined) => PlateDirection {
	const directions = new Map<string, PlateDirection>();
	for (const word of words.approaching) directions.set(word, 'approaching');
	for (const word of words.leaving) directions.set(word, 'leaving');
	return (text) => directions.get(text?.trim().toLowerCase() ?? '') ?? 'unknown';
}
