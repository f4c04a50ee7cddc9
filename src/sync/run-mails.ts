import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { Letter } from '../gateway/core/letter.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import type { Carried } from '../gateway/services/mail/mail-outbox.ts';
import type { Body } from './envelope.ts';
import type { SiteLink } from './site-link.ts';

/** An offer may be lost, or its answer: it is made again after this, as long as central said nothing. */
const OFFER_AGAIN_MS = 20_000;

/** The part of `MailOutbox` (services/mail) that sync speaks with. */
export interface MailsOfSite {
	due(limit: number, options: { readonly handed: boolean }): readonly string[];
	take(id: string): Letter | undefined;
	settle(id: string, carried: Carried): void;
	onDue(run: () => void): void;
}

export interface RunningMails {
	/** A connection stands, or central is back. */
	offer(): void;
	answered(answers: Body<'mailAnswers'>['answers']): void;
	end(): void;
}

/** Offers mails to central, and gives it what they say only when it asks for them: what waits in a broker holds no code. */
export function runMails({
	mails,
	link,
	clock,
}: {
	readonly mails: MailsOfSite | undefined;
	readonly link: Pick<SiteLink, 'send'>;
	readonly clock: Clock;
}): RunningMails {
	let isEnded = false;
	let cancel: Cancel = () => undefined;
	mails?.onDue(offer);

	function offer(): void {
		cancel();
		const ids = isEnded ? [] : (mails?.due(LIMITS.mailsOffered, { handed: true }) ?? []);
		if (ids.length === 0) return;
		const { bytes } = link.send('up/request', 'mailOffer', { mails: [...ids] });
		// Without a connection the next one asks.
		if (bytes > 0) cancel = clock.after(OFFER_AGAIN_MS, offer);
	}

	function take(answer: Body<'mailAnswers'>['answers'][number]): void {
		if (mails === undefined) return;
		const { mailId } = answer;
		switch (answer.result) {
			case 'send': {
				const letter = mails.take(mailId);
				if (letter !== undefined) link.send('up/challenge', 'letter', { mailId, nonce: answer.nonce, ...letter });
				return;
			}
			case 'sent':
				mails.settle(mailId, { result: 'sent' });
				return;
			case 'later':
				mails.settle(mailId, { result: 'later', problem: 'tooMany', afterS: answer.afterS });
				return;
			case 'unknown':
				mails.settle(mailId, { result: 'failed', problem: 'unanswered', code: null, again: false });
				return;
			case 'refused':
			case 'failed': {
				const { problem, code } = answer;
				mails.settle(mailId, { result: 'failed', problem, code, again: answer.result === 'failed' });
			}
		}
	}

	return {
		offer,
		answered: (answers) => answers.forEach(take),
		end() {
			isEnded = true;
			cancel();
		},
	};
}
