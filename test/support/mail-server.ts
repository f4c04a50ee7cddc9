import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface TakenMail {
	readonly to: readonly string[];
	readonly text: string;
	readonly secure: boolean;
}

/** A mail server on a port of its own, and what it took. */
export async function startMailServer(options: SMTPServerOptions = {}) {
	const taken: TakenMail[] = [];
	const smtp = new SMTPServer({
		...{ authOptional: true, logger: false },
		onData(stream, session, callback) {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				const to = session.envelope.rcptTo.map(({ address }) => address);
				taken.push({ to, text: Buffer.concat(chunks).toString(), secure: session.secure });
				callback();
			});
		},
		...options,
	});
	smtp.on('error', () => undefined);
	await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
	return {
		taken,
		port: (smtp.server.address() as AddressInfo).port,
		end: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
	};
}
