import type { Credential } from '../../core/directory.ts';
import { scannedText } from '../../core/scanned-text.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';

/** Whose a tag that was read is; one that is nobody's may be the text of a QR code. */
export function credentialOfTag(directory: Pick<DirectoryReader, 'credential'>, tag: string): Credential | undefined {
	const known = directory.credential('tag', tag);
	if (known !== undefined) return known;
	const text = scannedText(tag);
	return text === undefined ? undefined : directory.credential('qr', text);
}
