import { isLoopback } from './config-scalars.ts';
import type { ConfigFile } from './file-schema.ts';
import type { MailConfig } from './gateway-config.ts';
import type { ProblemReport } from './problem-report.ts';

/** The way to the mail server. @param pemOf reads the text or file of the authority. */
export function mailOf(
	mail: NonNullable<ConfigFile['mail']>,
	pemOf: (ca: string) => string,
	report: ProblemReport,
): MailConfig {
	const { username, password, ca, security, from } = mail;
	const isOpen = security === 'none' && !isLoopback(mail.host);
	if ((username === undefined) !== (password === undefined))
		report.error(['mail', username === undefined ? 'password' : 'username'], {
			found: username === undefined ? 'a password without its user' : 'a user without a password',
			expected: 'username and password together',
			fix: `Add ${username === undefined ? 'username' : 'password'}`,
		});
	if (isOpen && password !== undefined)
		report.error(['mail', 'security'], {
			found: 'a password that would cross the network in clear',
			expected: 'startTls or tls',
			fix: 'Remove security: none',
		});
	else if (isOpen)
		report.warning(['mail', 'security'], {
			found: `a connection without encryption to ${mail.host}`,
			expected: 'startTls or tls',
			fix: 'Links that let people in cross the network in clear; remove security: none',
		});
	return {
		...{ host: mail.host, port: mail.port ?? (security === 'tls' ? 465 : 587), security, from },
		...(username !== undefined && password !== undefined && { login: { username, password } }),
		...(ca !== undefined && { caPem: pemOf(ca) }),
		console: mail.console.replace(/\/+$/, ''),
	};
}
