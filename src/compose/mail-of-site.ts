import { createPrivateKey, hkdfSync, randomUUIDv7 } from 'node:crypto';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { Letter } from '../gateway/core/letter.ts';
import type { Log } from '../gateway/core/log.ts';
import { createSealedText, type SealedText } from '../gateway/services/directory/sealed-text.ts';
import { createMailOutbox, type MailOutbox, type MailOutboxDeps } from '../gateway/services/mail/mail-outbox.ts';
import { createSmtp, type SendMail } from '../gateway/services/mail/smtp.ts';
import { startSmtpPost } from '../gateway/services/mail/smtp-post.ts';
import type { CodeMails } from '../gateway/services/operators/operators-deps.ts';
import { hashCode } from '../gateway/services/operators/secrets.ts';
import { openGatewayKey } from '../gateway/store/gateway-key.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

/** Mails of a site; `forCentral`: those that go through central. */
export interface MailOfSite {
	readonly codeMails?: CodeMails;
	readonly forCentral?: MailOutbox;
}

/** Nothing, where no mail is configured. @param send of tests. */
export function wireMail(
	deps: {
		readonly config: Pick<GatewayConfig, 'mail' | 'site'>;
		readonly store: Pick<SiteStore, 'dir' | 'journal' | 'transaction' | 'mailOutbox' | 'operators'>;
		readonly clock: Clock;
		readonly log: Log;
		readonly journalGrew: () => void;
		readonly send?: SendMail;
	},
	stack: AsyncDisposableStack,
): MailOfSite {
	const { config, store, clock, log, journalGrew } = deps;
	const { mail, site } = config;
	if (mail === undefined) return {};
	const outbox = createMailOutbox({
		...{ store, clock, log, journalGrew, newId: randomUUIDv7, through: mail.through },
		sealed: sealedByGateway(store.dir),
		isWanted: isWantedIn(store),
		onEnd({ operatorId: target }, { state, ...rest }) {
			const action = state === 'sent' ? 'codeMailed' : 'codeNotMailed';
			const detail = 'problem' in rest ? { problem: rest.problem, code: rest.code ?? 0 } : {};
			const entry = { type: 'audit', class: 'audit', id: randomUUIDv7(), atMs: clock.nowMs() } as const;
			store.journal.append({ ...entry, operatorId: null, action, target, detail });
		},
	});
	stack.defer(() => outbox.stop());
	if (mail.through === 'smtp') {
		const post = startSmtpPost({ outbox, send: deps.send ?? createSmtp(mail), log });
		stack.defer(() => post.stop());
	}
	const codeMails = codeMailsOf(outbox, log, { site: site.name, timeZone: site.timeZone, console: mail.console });
	return { codeMails, ...(mail.through === 'central' && { forCentral: outbox }) };
}

/** By a key that never leaves the machine: a copy of the store tells no code. */
function sealedByGateway(dir: string): SealedText {
	const key = createPrivateKey(openGatewayKey(dir).privatePem).export({ type: 'pkcs8', format: 'der' });
	return createSealedText(new Uint8Array(hkdfSync('sha256', key, '', 'parkgate mails on their way', 32)));
}

/** A code that was used, replaced or taken away is mailed to nobody. */
function isWantedIn({ operators }: Pick<SiteStore, 'operators'>): MailOutboxDeps['isWanted'] {
	return ({ operatorId, purpose, codeHash }) =>
		purpose !== 'password' || operators.activationCodeOf(operatorId)?.codeHash === codeHash;
}

function codeMailsOf(
	outbox: MailOutbox,
	log: Log,
	place: { site: string; timeZone: string; console: string },
): CodeMails {
	const { site, timeZone, console } = place;
	return {
		put(operatorId, { to, name, language, isInvitation, code, endsAtMs }) {
			const letter: Letter = {
				...{ to, name, language, site, timeZone, endsAtMs, newAddress: null },
				kind: isInvitation ? 'invitation' : 'passwordReset',
				link: `${console}/activate?code=${encodeURIComponent(code)}`,
			};
			try {
				outbox.put({ operatorId, purpose: 'password', codeHash: hashCode(code), endsAtMs, letter });
			} catch (error) {
				// The code is there, and shown to whoever made it.
				log.warn({ err: error }, 'a mail could not be kept');
			}
		},
		stateOf: (operatorId) => outbox.stateOf(operatorId, 'password'),
	};
}
