import type { Log } from '../../core/log.ts';
import { letterMail } from './letter-mail.ts';
import type { MailOutbox } from './mail-outbox.ts';
import type { SendMail } from './smtp.ts';

/** Carries what waits to the site's own mail server, one after the other. */
export interface SmtpPost {
	/** What waits stays where it is. @returns once the one that is being sent is done. */
	stop(): Promise<void>;
}

export function startSmtpPost(deps: {
	readonly outbox: MailOutbox;
	readonly send: SendMail;
	readonly log: Log;
}): SmtpPost {
	const { outbox, send, log } = deps;
	let isStopped = false;
	let sending: Promise<void> | undefined;
	let isAskedAgain = false;

	async function sendAll(): Promise<void> {
		for (let [id] = outbox.due(1); id !== undefined && !isStopped; [id] = outbox.due(1)) {
			const letter = outbox.take(id);
			if (letter !== undefined) outbox.settle(id, await send(letterMail(letter)));
		}
	}

	function pump(): void {
		isAskedAgain = sending !== undefined;
		if (isAskedAgain || isStopped) return;
		sending = sendAll()
			.catch((error: unknown) => log.warn({ err: error }, 'mails on their way could not be sent'))
			.finally(() => {
				sending = undefined;
				if (isAskedAgain) pump();
			});
	}

	outbox.abandonHanded();
	outbox.onDue(pump);
	return {
		async stop() {
			isStopped = true;
			await sending;
		},
	};
}
