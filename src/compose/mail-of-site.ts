import { randomUUIDv7 } from 'node:crypto';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import { codeMail } from '../gateway/services/mail/code-mail.ts';
import { createMailQueue, type MailState } from '../gateway/services/mail/mail-queue.ts';
import { createSmtp, type SendMail } from '../gateway/services/mail/smtp.ts';
import type { CodeMails } from '../gateway/services/operators/operators-deps.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

/** One-time codes by mail; undefined: no mail server is configured. @param send of tests. */
export function wireMail(
	deps: {
		readonly config: Pick<GatewayConfig, 'mail' | 'site'>;
		readonly store: Pick<SiteStore, 'journal' | 'transaction'>;
		readonly clock: Clock;
		readonly log: Log;
		readonly journalGrew: () => void;
		readonly send?: SendMail;
	},
	stack: AsyncDisposableStack,
): CodeMails | undefined {
	const { config, store, clock, log, journalGrew } = deps;
	const { mail, site } = config;
	if (mail === undefined) return undefined;
	const onEnd = (target: string, { state, ...rest }: MailState) => {
		const action = state === 'sent' ? 'codeMailed' : 'codeNotMailed';
		const detail = 'problem' in rest ? { problem: rest.problem, code: rest.code ?? 0 } : {};
		const entry = { type: 'audit', class: 'audit', id: randomUUIDv7(), atMs: clock.nowMs() } as const;
		store.transaction(() => store.journal.append({ ...entry, operatorId: null, action, target, detail }));
		journalGrew();
	};
	const queue = createMailQueue({ send: deps.send ?? createSmtp(mail), clock, log, onEnd });
	stack.defer(() => queue.stop());
	const place = { site: site.name, timeZone: site.timeZone, console: mail.console };
	return {
		put: (operatorId, code) => queue.put(operatorId, codeMail(code, place)),
		stateOf: queue.stateOf,
	};
}
