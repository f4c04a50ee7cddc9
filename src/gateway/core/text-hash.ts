/**
 * A number for a text (FNV-1a, 32 bits; two texts may share one). For maps that every decision asks with ids fresh from the
 * database: asked with such a text itself, V8 enters it into its table of all names first, which takes longer than the look-up.
 */
export function textHash(text: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	return hash;
}
