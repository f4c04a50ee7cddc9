import { plateSkeleton } from '../../gateway/core/plate.ts';
import type { SeededRandom } from '../../gateway/core/seeded-random.ts';
import { type TagValue, tagFromBits } from '../../gateway/core/tag.ts';

const FIRST_NAMES = [
	'Adil',
	'Amélie',
	'Anna',
	'Bart',
	'Camille',
	'Chloé',
	'Daan',
	'Elif',
	'Emma',
	'Fatima',
	'Femke',
	'Gilles',
	'Hugo',
	'Ines',
	'Jan',
	'Jeroen',
	'Julie',
	'Karim',
	'Lotte',
	'Louis',
	'Lucas',
	'Marie',
	'Mehdi',
	'Mila',
	'Nathalie',
	'Noah',
	'Olivia',
	'Pieter',
	'Rachid',
	'Sara',
	'Sofie',
	'Thomas',
	'Victor',
	'Wout',
	'Yasmine',
	'Zoë',
];
const LAST_NAMES = [
	'Aerts',
	'Benali',
	'Claes',
	'De Smet',
	'Dubois',
	'Dupont',
	'El Amrani',
	'Fontaine',
	'Goossens',
	'Hermans',
	'Jacobs',
	'Janssens',
	'Lambert',
	'Leclercq',
	'Maes',
	'Martens',
	'Mertens',
	'Nguyen',
	'Peeters',
	'Petit',
	'Renard',
	'Simon',
	'Smets',
	'Van Damme',
	'Vandenberghe',
	'Vermeulen',
	'Wauters',
	'Willems',
	'Wouters',
	'Yılmaz',
];
const COMPANIES = ['Rapid Parcel', 'Green Laundry', 'City Catering', 'Lift Service', 'Copper & Co', 'Night Cleaning'];

export function personName(random: SeededRandom): string {
	return `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
}

export function companyName(random: SeededRandom, number: number): string {
	return `${random.pick(COMPANIES)} ${number}`;
}

/** A card of the open 26-bit format (H10301): even parity over the first 12 bits, odd over the last 12. */
export function card26(facility: number, number: number): { readonly value: TagValue; readonly label: string } {
	const data = (facility << 16) | number;
	const even = ones(data >>> 12) % 2;
	const odd = (ones(data & 0xfff) + 1) % 2;
	const bits = (even << 25) | (data << 1) | odd;
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, bits << 6);
	return { value: tagFromBits(bytes, 26), label: `H10301 FC ${facility} CN ${number}` };
}

/** Belgian plates of the series 1 and 2, no two of which a camera could confuse. */
export function createPlates(random: SeededRandom): () => string {
	const used = new Set<string>();
	return () => {
		while (true) {
			const letters = Array.from({ length: 3 }, () => random.pick([...'ABCDEFGHJKLMNPRSTUVWXYZ'])).join('');
			const plate = `${random.between(1, 2)}${letters}${random.between(100, 999)}`;
			const skeleton = plateSkeleton(plate);
			if (used.has(skeleton)) continue;
			used.add(skeleton);
			return plate;
		}
	};
}

function ones(bits: number): number {
	let count = 0;
	for (let rest = bits; rest !== 0; rest >>>= 1) count += rest & 1;
	return count;
}
