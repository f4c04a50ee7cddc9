import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { evidenceFile, writeEvidence } from '../../store/evidence-files.ts';
import type { ImageAnswer, ImageAsk, ImageReply, PortraitAnswer } from './image-messages.ts';
import { blurImage, type Treated, treatImage, treatPhoto, treatPortrait } from './treat-image.ts';

/**
 * A process of its own, started with the directory of evidence: a picture that breaks a decoder, or takes all memory or
 * time, ends this and not the gateway.
 */
const dir = process.argv[2];

async function answer(dir: string, ask: ImageAsk): Promise<ImageAnswer | PortraitAnswer> {
	if (ask.kind === 'portrait') return treatPortrait(ask.bytes);
	if (ask.kind !== 'blur') {
		const treated = await (ask.kind === 'keep' ? treatImage(ask.bytes) : treatPhoto(ask.bytes));
		return write(dir, { id: ask.imageId, revision: 0 }, treated);
	}
	const { id, revision } = ask.of;
	const bytes = readFileSync(path.join(dir, evidenceFile(ask.of, 'image')));
	return write(dir, { id, revision: revision + 1 }, await blurImage(bytes, ask.areas));
}

function write(dir: string, of: { readonly id: string; readonly revision: number }, treated: Treated): ImageAnswer {
	if (treated.result === 'refused') return treated;
	const { contentType, sha256, bytes, thumbnail, widthPx, heightPx } = treated;
	writeEvidence(dir, { ...of, contentType }, treated);
	const fileBytes = bytes.length + thumbnail.length;
	return { result: 'kept', contentType, sha256, fileBytes, widthPx, heightPx };
}

if (dir !== undefined && process.send !== undefined) {
	const reply = (message: ImageReply) => process.send?.(message);
	process.on('message', (ask: ImageAsk) => {
		reply({ id: ask.id, says: 'begun' });
		answer(dir, ask).then(
			(says) => reply({ id: ask.id, says }),
			// The disk: whatever is wrong with a picture is an answer.
			() => reply({ id: ask.id, says: { result: 'refused', because: 'disk' } }),
		);
	});
	// A terminal and systemd tell every process of the gateway to end. The picture in hand is finished first; the gateway ends this.
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
	// The gateway is gone.
	process.on('disconnect', () => process.exit(0));
}
