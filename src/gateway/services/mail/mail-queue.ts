import type { Cancel, Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { Mail, MailProblem, SendMail } from './smtp.ts';

/** What became of the last mail to somebody. */
export type MailState =
	| { readonly state: 'waiting' | 'sent'; readonly atMs: number }
	/** `code`: of the mail server, null where it did not answer; `again`: it is tried again by itself. */
	| {
			readonly state: 'failed';
			readonly atMs: number;
			readonly problem: MailProblem | 'tooMany';
			readonly code: number | null;
			readonly again: boolean;
	  };

/** Mails on their way, in memory: after a restart whoever got none is given another code. */
export interface MailQueue {
	/** In place of an earlier one to the same person. Never throws, and waits for nothing. */
	put(to: string, mail: Mail): void;
	/** undefined: none was sent since the start. */
	stateOf(to: string): MailState | undefined;
	/** What waits is not sent any more. @returns once the one that is being sent is done. */
	stop(): Promise<void>;
}

interface Waiting {
	readonly mail: Mail;
	readonly tries: number;
}

export function createMailQueue(deps: {
	readonly send: SendMail;
	readonly clock: Clock;
	readonly log: Log;
	/** It was sent, or given up. */
	readonly onEnd: (to: string, state: MailState) => void;
}): MailQueue {
	const { send, clock, log, onEnd } = deps;
	const waiting = new Map<string, Waiting>();
	const states = new Map<string, MailState>();
	const retries = new Map<string, Cancel>();
	let isStopped = false;
	let sending: Promise<void> | undefined;

	function tell(to: string, state: MailState): void {
		states.delete(to);
		states.set(to, state);
		const [oldest] = states.keys();
		if (states.size > LIMITS.mailStates && oldest !== undefined) states.delete(oldest);
	}

	function end(to: string, state: MailState): void {
		tell(to, state);
		try {
			onEnd(to, state);
		} catch (error) {
			log.warn({ err: error }, 'what became of a mail could not be journalled');
		}
	}

	function retry(to: string, { mail, tries }: Waiting, delayMs: number): void {
		const cancel = clock.after(delayMs, () => {
			retries.delete(to);
			waiting.set(to, { mail, tries });
			pump();
		});
		retries.set(to, cancel);
	}

	async function sendOne(to: string, one: Waiting): Promise<void> {
		const sent = await send(one.mail);
		const atMs = clock.nowMs();
		// Another one was put in its place meanwhile: that one counts.
		const isCurrent = !waiting.has(to);
		if (sent.result === 'sent') {
			if (isCurrent) end(to, { state: 'sent', atMs });
			return;
		}
		const { problem, code } = sent;
		const delayMs = LIMITS.mailRetriesMs[one.tries];
		const again = sent.again && delayMs !== undefined && !isStopped;
		log.warn({ problem, code, again }, 'a mail was not sent');
		if (!isCurrent) return;
		const state = { state: 'failed', atMs, problem, code, again } as const;
		if (!again) end(to, state);
		else {
			tell(to, state);
			retry(to, { mail: one.mail, tries: one.tries + 1 }, delayMs);
		}
	}

	async function sendAll(): Promise<void> {
		for (const [to, one] of waiting) {
			if (isStopped) return;
			waiting.delete(to);
			await sendOne(to, one);
		}
	}

	function pump(): void {
		if (sending !== undefined || isStopped) return;
		sending = sendAll().finally(() => {
			sending = undefined;
			if (waiting.size > 0) pump();
		});
	}

	return {
		put(to, mail) {
			retries.get(to)?.();
			retries.delete(to);
			const atMs = clock.nowMs();
			if (!waiting.has(to) && waiting.size + retries.size >= LIMITS.mailsWaiting) {
				tell(to, { state: 'failed', atMs, problem: 'tooMany', code: null, again: false });
				return;
			}
			waiting.set(to, { mail, tries: 0 });
			tell(to, { state: 'waiting', atMs });
			pump();
		},
		stateOf: (to) => states.get(to),
		async stop() {
			isStopped = true;
			for (const cancel of retries.values()) cancel();
			waiting.clear();
			await sending;
		},
	};
}
