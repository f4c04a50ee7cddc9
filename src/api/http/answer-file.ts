import type { ExportedFile } from '../../gateway/services/directory/export-directory.ts';
import type { HttpContext } from './login-context.ts';

/** Waits for its first bytes, so that what can't be exported is a problem and no broken file; then as fast as they are taken. */
export async function answerFile(c: HttpContext, { fileName, mediaType, bytes }: ExportedFile): Promise<Response> {
	const iterator = bytes[Symbol.asyncIterator]();
	let next = await iterator.next();
	const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
		async pull(controller) {
			if (next.done) {
				controller.close();
				return;
			}
			controller.enqueue(next.value);
			next = await iterator.next();
		},
		async cancel() {
			await iterator.return?.();
		},
	});
	c.header('Content-Disposition', `attachment; filename="${fileName}"`);
	return c.body(body, 200, { 'Content-Type': mediaType });
}
