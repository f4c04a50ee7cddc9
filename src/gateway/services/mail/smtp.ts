import { createTransport } from 'nodemailer';
import { type MailProblem, oneLine, type Sent } from '../../core/letter.ts';
import { LIMITS } from '../../core/limits.ts';

/** Of `mail:` in the configuration of a site, or of central. */
export interface SmtpSettings {
	readonly host: string;
	readonly port: number;
	readonly security: 'startTls' | 'tls' | 'none';
	readonly login?: { readonly username: string; readonly password: string };
	readonly caPem?: string;
	readonly from: string;
}

/** Plain text for one person. Address, name and subject may be anything: they break no header. */
export interface Mail {
	readonly to: string;
	readonly name: string;
	readonly subject: string;
	readonly text: string;
}

export type SendMail = (mail: Mail) => Promise<Sent>;

/** Sends by submission (RFC 6409), a connection for each mail. Throws nothing. */
export function createSmtp({ host, port, security, login, caPem, from }: SmtpSettings): SendMail {
	const transport = createTransport({
		...{ host, port, secure: security === 'tls', requireTLS: security === 'startTls', ignoreTLS: security === 'none' },
		...{ connectionTimeout: LIMITS.mailSilenceMs, greetingTimeout: LIMITS.mailSilenceMs },
		...{ socketTimeout: LIMITS.mailSilenceMs, dnsTimeout: LIMITS.mailSilenceMs },
		...{ disableFileAccess: true, disableUrlAccess: true },
		...(login && { auth: { user: login.username, pass: login.password } }),
		tls: { minVersion: 'TLSv1.2', ...(caPem !== undefined && { ca: caPem }) },
	});
	return async ({ to, name, subject, text }) => {
		if (!PLAIN_ADDRESS.test(to)) return failed('addressRefused', null, false);
		try {
			await transport.sendMail({
				...{ from: { name: 'Parkgate', address: from }, to: { name: oneLine(name), address: to } },
				...{ envelope: { from, to: [to] }, subject: oneLine(subject), text },
				// Nobody's answer is awaited (RFC 3834).
				headers: { 'Auto-Submitted': 'auto-generated' },
			});
			return { result: 'sent' };
		} catch (error) {
			return failureOf(error);
		}
	};
}

/** One recipient and no more: what has meaning in a list of addresses (RFC 5322, 3.2.3) is not sent to. */
const PLAIN_ADDRESS = /^[^\s\p{Cc}@<>()[\]\\,;:"]+@[^\s\p{Cc}@<>()[\]\\,;:"]+$/u;

function failureOf(error: unknown): Sent {
	const { code, responseCode } = Object(error) as { code?: unknown; responseCode?: unknown };
	const answered = typeof responseCode === 'number' ? responseCode : null;
	const again = answered === null || answered < 500;
	if (code === 'EAUTH' || code === 'ENOAUTH') return failed('loginRefused', answered, false);
	if (code === 'ETLS' || isCertificateProblem(error)) return failed('noEncryption', answered, false);
	if (code === 'EENVELOPE') return failed('addressRefused', answered, again && answered !== null);
	if (answered !== null) return failed('refused', answered, again);
	return failed(isBeforeMail(error) ? 'unreachable' : 'unanswered', null, true);
}

/** Surely nothing was taken: there was no connection yet, or no greeting. Names are nodemailer's and Node's. */
function isBeforeMail(error: unknown): boolean {
	const { code, syscall, timeoutType } = Object(error) as { code?: unknown; syscall?: unknown; timeoutType?: unknown };
	const isTimeout = ['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'].includes(String(timeoutType));
	return isTimeout || code === 'EDNS' || syscall === 'connect' || syscall === 'getaddrinfo';
}

/** Node's names for certificates that don't prove the server. */
function isCertificateProblem(error: unknown): boolean {
	const { code, message } = Object(error) as { code?: unknown; message?: unknown };
	return /CERT|SELF_SIGNED|ALTNAME/i.test(String(code)) || /certificate|altnames/i.test(String(message));
}

function failed(problem: MailProblem, code: number | null, again: boolean): Sent {
	return { result: 'failed', problem, code, again };
}
