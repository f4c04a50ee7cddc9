import { plateSkeleton } from '../../src/gateway/core/plate.ts';

/** For a character that cameras confuse, another of its class (DOMAIN.md, plates). */
const CONFUSED_WITH: Readonly<Record<string, string>> = {
	...{ '0': 'O', D: 'O', O: '0', Q: '0', '1': 'I', I: '1', L: 'I', '2': 'Z', Z: '2' },
	...{ '3': 'B', '8': 'B', B: '8', '5': 'S', S: '5', '6': 'G', G: '6' },
};

/** The plate as a camera might misread it; undefined when it has no such character. */
export function misread(plate: string): string | undefined {
	const at = [...plate].findIndex((char) => CONFUSED_WITH[char] !== undefined);
	if (at === -1) return undefined;
	const wrong = plate.slice(0, at) + CONFUSED_WITH[plate[at] ?? ''] + plate.slice(at + 1);
	return plateSkeleton(wrong) === plateSkeleton(plate) ? wrong : undefined;
}
