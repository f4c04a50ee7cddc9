/** The candidate a person most likely meant: few letters off, whatever the case; undefined when nothing is near. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
	let best: string | undefined;
	let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
	for (const candidate of candidates) {
		const distance = editDistance(plain(name), plain(candidate));
		if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
	}
	return best;
}

/** `Write osdp` for a near name, `Write one of …` for a short list, else the given advice. */
export function adviseName(name: string, candidates: readonly string[], otherwise: string): string {
	const near = nearestName(name, candidates);
	if (near !== undefined) return `Write ${near}`;
	if (candidates.length === 1) return `Write ${candidates[0]}`;
	return candidates.length > 0 && candidates.length <= 12 ? `Write one of ${candidates.join(', ')}` : otherwise;
}

function plain(name: string): string {
	return name
		.slice(0, 64)
		.toLowerCase()
		.replaceAll(/[_.\s-]/g, '');
}

/** Optimal string alignment: insertions, deletions, changes and swapped neighbours count one each. */
function editDistance(a: string, b: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({ length: b.length + 1 }, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const current = [row];
		for (let column = 1; column <= b.length; column++) {
			const change = a[row - 1] === b[column - 1] ? 0 : 1;
			let cost = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + change);
			if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
				cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
			current.push(cost);
		}
		[beforeLast, last] = [last, current];
	}
	return last[b.length] ?? 0;
}
