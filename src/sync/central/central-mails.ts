import type { Clock } from '../../gateway/core/clock.ts';
import { maskText } from '../../gateway/core/directory/mask.ts';
import type { Sent } from '../../gateway/core/letter.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import { letterMail } from '../../gateway/services/mail/letter-mail.ts';
import type { SendMail } from '../../gateway/services/mail/smtp.ts';
import type { Body } from '../envelope.ts';
import type { CentralLink } from './central-link.ts';
import type { Asker } from './central-session.ts';
import type { MailOutcome, MailRecord, MailRecords } from './mail-records.ts';

type Answer = Body<'mailAnswers'>['answers'][number];

/** Mails of sites that have no mail server of their own: each is sent once, by central's. */
export interface CentralMails {
	offered(asker: Asker, mailIds: readonly string[]): void;
	/** Nothing happens with one that was not asked for, or comes too late. */
	lettered(asker: Asker, letter: Body<'letter'>): void;
	/** @returns once it is known what became of those being sent, or soon after. */
	end(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Told to a site that sent its share of an hour, and to one that comes while many are being sent. */
const HOUR_FULL_S = 600;
const BUSY_S = 10;
/** How long a stop waits for the mail server. */
const END_MS = 3_000;

/** A letter that was asked for; `atMs`: monotonic. */
interface Grant {
	readonly nonce: string;
	readonly atMs: number;
}

export function createCentralMails(deps: {
	readonly records: MailRecords;
	readonly link: Pick<CentralLink, 'send'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	/** Absent: central has no mail server. */
	readonly send: SendMail | undefined;
}): CentralMails {
	const { records, link, clock, log, newId, send } = deps;
	const grants = new Map<string, Grant>();
	const sending = new Map<string, Promise<void>>();
	let isEnded = false;

	function answer({ site, gatewayEpoch }: Asker, answers: readonly Answer[]): void {
		if (answers.length === 0) return;
		const to = { to: 'site', channel: 'down/data', site, gatewayEpoch, link: null } as const;
		link.send(to, 'mailAnswers', { answers: [...answers] });
	}

	function forgetOldGrants(): void {
		const nowMs = clock.monotonicMs();
		for (const [key, { atMs }] of grants) if (nowMs - atMs > LIMITS.mailLetterMs) grants.delete(key);
	}

	function wordOn(site: string, mailId: string): Answer | undefined {
		const known = records.get(site, mailId);
		if (known !== undefined && known.outcome !== 'failed') return wordOnBegun(known);
		if (send === undefined) return { mailId, result: 'refused', problem: 'noCentralMail', code: null };
		const used = records.countSince(site, clock.nowMs() - HOUR_MS);
		if (used >= LIMITS.mailsPerSiteHour) return { mailId, result: 'later', afterS: HOUR_FULL_S };
		const key = keyOf(site, mailId);
		// Asked for already: its letter may be on its way.
		if (grants.has(key)) return undefined;
		if (grants.size + sending.size >= LIMITS.mailsAtOnce) return { mailId, result: 'later', afterS: BUSY_S };
		const nonce = newId();
		grants.set(key, { nonce, atMs: clock.monotonicMs() });
		return { mailId, result: 'send', nonce };
	}

	function wordOnBegun({ site, id: mailId, outcome, problem, code, atMs }: MailRecord): Answer | undefined {
		if (outcome === 'sent' || outcome === 'unknown') return { mailId, result: outcome };
		if (outcome === 'refused') return { mailId, result: outcome, problem: problem ?? 'refused', code };
		// Another central may be sending it; one that was cut short never tells.
		if (sending.has(keyOf(site, mailId)) || clock.nowMs() - atMs < LIMITS.mailUnknownMs) return undefined;
		records.finish(site, mailId, { outcome: 'unknown', problem: 'unanswered', code: null });
		return { mailId, result: 'unknown' };
	}

	async function carry(asker: Asker, letter: Body<'letter'>, by: SendMail): Promise<void> {
		const { site } = asker;
		const { mailId, nonce: _, ...said } = letter;
		const outcome = outcomeOf(await by(letterMail(said)));
		if (isEnded) return;
		records.finish(site, mailId, outcome);
		if (outcome.outcome !== 'sent') log.warn({ site, mailId, ...outcome }, 'central: a mail of a site was not sent');
		const word = outcome.outcome === 'failed' ? failedAnswer(mailId, outcome) : wordOn(site, mailId);
		if (word !== undefined) answer(asker, [word]);
	}

	return {
		offered(asker, mailIds) {
			forgetOldGrants();
			const answers = [...new Set(mailIds)].flatMap((mailId) => wordOn(asker.site, mailId) ?? []);
			answer(asker, answers);
		},
		lettered(asker, letter) {
			forgetOldGrants();
			const { site } = asker;
			const { mailId, kind, to } = letter;
			const key = keyOf(site, mailId);
			if (send === undefined || isEnded || grants.get(key)?.nonce !== letter.nonce) return;
			grants.delete(key);
			records.forget(clock.nowMs() - LIMITS.mailsRememberedMs);
			// Before anything leaves: after a crash nobody sends it again.
			if (!records.begin({ site, id: mailId, kind, address: maskText(to), atMs: clock.nowMs() })) return;
			const done = carry(asker, letter, send)
				.catch((error: unknown) => log.error({ err: error, site }, 'central: a mail could not be recorded'))
				.finally(() => sending.delete(key));
			sending.set(key, done);
		},
		async end() {
			grants.clear();
			const { promise: late, resolve } = Promise.withResolvers<void>();
			const cancel = clock.after(END_MS, resolve);
			if (sending.size > 0) await Promise.race([Promise.all(sending.values()), late]);
			cancel();
			isEnded = true;
		},
	};
}

function keyOf(site: string, mailId: string): string {
	return `${site}/${mailId}`;
}

/** What was cut off in the middle may have been taken, and is not sent again. */
function outcomeOf(sent: Sent): MailOutcome {
	if (sent.result === 'sent') return { outcome: 'sent', problem: null, code: null };
	const { problem, code, again } = sent;
	if (problem === 'unanswered') return { outcome: 'unknown', problem, code };
	return { outcome: again ? 'failed' : 'refused', problem, code };
}

function failedAnswer(mailId: string, { problem, code }: MailOutcome): Answer {
	return { mailId, result: 'failed', problem: problem ?? 'refused', code };
}
