import { isMap, isPair, isScalar, isSeq, type Node, parseDocument, type Scalar, visit } from 'yaml';
import type { ConfigPath } from './problem.ts';
import { isSecretSetting } from './problem-report.ts';
import { parseSecretReference } from './secrets.ts';

/** Stands where a secret was written into the text; no version with it is ever valid. */
export const MASK = '(not shown)';

/**
 * The text as it may be shown and sent: secrets that were written into it are masked, names of credentials stay.
 * A text that is no YAML is not shown at all, as nobody can say what in it is secret.
 */
export function maskSecrets(text: string): string {
	const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, merge: true, logLevel: 'error' });
	if (document.errors.length > 0) return MASK;
	const ranges = new Map<number, number>();
	const look = (path: ConfigPath, { value, range }: Scalar) => {
		if (range !== undefined && range !== null && !isShown(path, String(value))) ranges.set(range[0], range[1]);
	};
	visit(document, {
		Scalar(key, node, ancestors) {
			if (key !== 'key') look(pathOf(ancestors, node), node);
		},
		Alias(_, node, ancestors) {
			const source = node.resolve(document);
			if (isScalar(source)) look(pathOf(ancestors, node), source);
		},
	});
	return [...ranges]
		.toSorted(([a], [b]) => b - a)
		.reduce(
			(masked, [start, end]) =>
				`${masked.slice(0, start)}"${MASK}"${lineEndsOf(masked.slice(start, end))}${masked.slice(end)}`,
			text,
		);
}

function isShown(path: ConfigPath, value: string): boolean {
	if (value === '' || parseSecretReference(value) !== undefined) return true;
	if (value.includes('PRIVATE KEY-----') || /:\/\/[^/]*@/.test(value)) return false;
	// Keys of TLS are names of files, unless the key itself stands there.
	return !isSecretSetting(path) || path[0] === 'http' || (path[0] === 'mqtt' && path.at(-1) !== 'password');
}

/** A masked block of several lines keeps the line end behind it. */
function lineEndsOf(piece: string): string {
	return piece.endsWith('\n') ? '\n' : '';
}

function pathOf(ancestors: readonly unknown[], node: Node): ConfigPath {
	const chain = [...ancestors, node];
	return chain.flatMap((part, index): (string | number)[] => {
		if (isPair(part)) return [isScalar(part.key) ? String(part.key.value) : ''];
		if (!isSeq(part) || isMap(part)) return [];
		const next = chain[index + 1];
		return [part.items.indexOf(next)];
	});
}
