import { createPrivateKey, hkdfSync, randomUUIDv7 } from 'node:crypto';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { maskText } from '../gateway/core/directory/mask.ts';
import type { Log } from '../gateway/core/log.ts';
import { createSealedText, type SealedText } from '../gateway/services/directory/sealed-text.ts';
import {
	createMailOutbox,
	type MailOutbox,
	type MailOutboxDeps,
	type MailWish,
} from '../gateway/services/mail/mail-outbox.ts';
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
		onEnd({ operatorId: target, purpose }, { state, ...rest }) {
			const action = state === 'sent' ? 'codeMailed' : 'codeNotMailed';
			const detail = 'problem' in rest ? { purpose, problem: rest.problem, code: rest.code ?? 0 } : { purpose };
			const entry = { type: 'audit', class: 'audit', id: randomUUIDv7(), atMs: clock.nowMs() } as const;
			store.journal.append({ ...entry, operatorId: null, action, target, detail });
		},
	});
	stack.defer(() => outbox.stop());
	if (mail.through === 'smtp') {
		const post = startSmtpPost({ outbox, send: deps.send ?? createSmtp(mail), log });
		stack.defer(() => post.stop());
	}
	const codeMails = codeMailsOf(
		outbox,
		log,
		{ site: site.name, timeZone: site.timeZone, console: mail.console },
		clock.nowMs,
	);
	return { codeMails, ...(mail.through === 'central' && { forCentral: outbox }) };
}

/** By a key that never leaves the machine: a copy of the store tells no code. */
function sealedByGateway(dir: string): SealedText {
	const key = createPrivateKey(openGatewayKey(dir).privatePem).export({ type: 'pkcs8', format: 'der' });
	return createSealedText(new Uint8Array(hkdfSync('sha256', key, '', 'parkgate mails on their way', 32)));
}

/** A code that was used, replaced or taken away is mailed to nobody. */
function isWantedIn({ operators }: Pick<SiteStore, 'operators'>): MailOutboxDeps['isWanted'] {
	return ({ operatorId, purpose, codeHash }) => {
		if (purpose === 'notice') return true;
		const code =
			purpose === 'password' ? operators.activationCodeOf(operatorId) : operators.addressChangeOf(operatorId);
		return code?.codeHash === codeHash;
	};
}

/** A notice that could not leave for a day is of no use any more. */
const NOTICE_MS = 86_400_000;

function codeMailsOf(
	outbox: MailOutbox,
	log: Log,
	place: { site: string; timeZone: string; console: string },
	nowMs: () => number,
): CodeMails {
	const { site, timeZone, console } = place;
	const linkTo = (path: string, code: string) => `${console}/${path}?code=${encodeURIComponent(code)}`;
	/** What keeps a mail from being kept keeps nothing else: the code is there, and shown to whoever made it. */
	function put(wish: MailWish): void {
		try {
			outbox.put(wish);
		} catch (error) {
			log.warn({ err: error }, 'a mail could not be kept');
		}
	}
	return {
		put(operatorId, { isInvitation, code, ...to }) {
			const { endsAtMs } = to;
			const kind = isInvitation ? 'invitation' : 'passwordReset';
			const letter = { ...to, kind, site, timeZone, newAddress: null, link: linkTo('activate', code) } as const;
			put({ operatorId, purpose: 'password', codeHash: hashCode(code), endsAtMs, letter });
		},
		stateOf: (operatorId) => outbox.stateOf(operatorId, 'password'),
		putAddress(operatorId, { code, present, ...to }) {
			const { endsAtMs, name, language } = to;
			const letter = { ...to, site, timeZone, newAddress: null, link: linkTo('account/address', code) };
			const codeHash = hashCode(code);
			put({ operatorId, purpose: 'address', codeHash, endsAtMs, letter: { ...letter, kind: 'addressCode' } });
			const said = { to: present, name, language, site, timeZone, link: null, endsAtMs: null } as const;
			const notice = { ...said, kind: 'addressNotice', newAddress: maskText(to.to) } as const;
			put({ operatorId, purpose: 'notice', codeHash: null, endsAtMs: nowMs() + NOTICE_MS, letter: notice });
		},
		addressStateOf: (operatorId) => outbox.stateOf(operatorId, 'address'),
	};
}
