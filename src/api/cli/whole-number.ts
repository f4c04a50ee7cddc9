import { InvalidArgumentError } from 'commander';

/** Reads a flag that is a whole number within bounds. */
export function whole(low: number, high: number): (text: string) => number {
	return (text) => {
		const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
		if (value >= low && value <= high) return value;
		throw new InvalidArgumentError(`It is a whole number from ${low} to ${high}.`);
	};
}
