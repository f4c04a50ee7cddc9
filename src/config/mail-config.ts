import type { z } from 'zod';
import { isLoopback } from './config-scalars.ts';
import type { ConfigFile, smtpSection } from './file-schema.ts';
import type { MailConfig, SmtpConfig } from './gateway-config.ts';
import type { ProblemReport } from './problem-report.ts';

type SmtpFile = z.infer<typeof smtpSection>;
type MailFile = NonNullable<ConfigFile['mail']>;

/** Whom a site's mails go through; `document`: as it was written, checked or not. */
export function mailsGoThrough(document: unknown): 'smtp' | 'central' | 'none' {
	const { mail, mqtt, http } = Object(document);
	const { through, host, console } = Object(mail);
	if (through === 'smtp' || through === 'central' || through === 'none') return through;
	if (host !== undefined) return 'smtp';
	const isNamed = console !== undefined || Object(http).address !== undefined;
	return mqtt !== undefined && isNamed ? 'central' : 'none';
}

/** How a site sends its mails; undefined: it sends none. @param pemOf reads the text or file of the authority. */
export function mailOf(
	file: Pick<ConfigFile, 'mail' | 'mqtt' | 'http'>,
	pemOf: (ca: string) => string,
	report: ProblemReport,
): MailConfig | undefined {
	const { mail = {}, http } = file;
	const through = mailsGoThrough(file);
	if (file.mail !== undefined) checkChoice(file, mail, through, report);
	const console = (mail.console ?? http.address)?.replace(/\/+$/, '');
	if (through !== 'none' && console === undefined)
		report.error(['mail', 'console'], {
			found: 'no address of the console for the links in the mails',
			expected: 'mail.console or http.address',
			fix: 'Add console: https://NAME, as people reach it',
		});
	if (through === 'none' || console === undefined) return undefined;
	if (through === 'central') return { through, console };
	const { host, from, through: _through, console: _console, ...rest } = mail;
	if (host === undefined || from === undefined) return undefined;
	return { through, console, ...smtpOf({ ...rest, host, from }, pemOf, report) };
}

/** What is said and what is left out fit each other. */
function checkChoice(
	file: Pick<ConfigFile, 'mqtt'>,
	mail: MailFile,
	through: 'smtp' | 'central' | 'none',
	report: ProblemReport,
): void {
	const missing = (name: 'host' | 'from') =>
		report.error(['mail', name], {
			found: 'nothing',
			expected: name === 'host' ? 'the mail server' : 'whose mail it is',
			fix: `Add ${name}${file.mqtt === undefined ? '' : ', or write through: central'}`,
		});
	const said = (['host', 'port', 'security', 'username', 'password', 'ca', 'from'] as const).filter(
		(name) => mail[name] !== undefined,
	);
	if (through === 'smtp') for (const name of ['host', 'from'] as const) if (mail[name] === undefined) missing(name);
	// Nobody who writes a section without saying so means to send nothing.
	if (through === 'none' && mail.through === undefined) missing('host');
	if (through === 'central' && file.mqtt === undefined)
		report.error(['mail', 'through'], {
			found: 'central, and no way to it',
			expected: 'a section mqtt',
			fix: 'Add the section mqtt, or write through: none',
		});
	if (through !== 'central') return;
	for (const name of said)
		report.error(['mail', name], {
			found: 'a setting of a mail server, which is not used',
			expected: 'only console beside through: central',
			fix: `Remove ${name}, or write through: smtp`,
		});
}

/** The way to a mail server. @param pemOf reads the text or file of the authority. */
export function smtpOf(mail: SmtpFile, pemOf: (ca: string) => string, report: ProblemReport): SmtpConfig {
	const { username, password, ca, security = 'startTls', from } = mail;
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
	};
}
