import type { Mail } from './smtp.ts';

type Language = 'en' | 'fr' | 'nl';

/** A one-time code on its way to somebody. */
export interface CodeOnItsWay {
	readonly to: string;
	readonly name: string;
	readonly language: Language;
	readonly isInvitation: boolean;
	readonly code: string;
	readonly endsAtMs: number;
}

/** Where and when the reader is. */
export interface MailPlace {
	readonly site: string;
	readonly timeZone: string;
	/** Address of the console, without a slash at its end; from the configuration, never from a request. */
	readonly console: string;
}

/** What is written to whoever was invited, or is to choose another password. Plain text: no name in it is markup. */
export function codeMail(to: CodeOnItsWay, { site, timeZone, console }: MailPlace): Mail {
	const locale = LOCALES[to.language];
	const until = new Date(to.endsAtMs).toLocaleString(locale, { timeZone, dateStyle: 'long', timeStyle: 'short' });
	const words = TEXTS[to.language];
	const link = `${console}/activate?code=${encodeURIComponent(to.code)}`;
	const [subject, why] = to.isInvitation ? words.invitation : words.reset;
	const lines = [words.greeting(to.name), why(site), words.link(until), link, words.ignore];
	return { to: to.to, name: to.name, subject: subject(site), text: `${lines.join('\n\n')}\n` };
}

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-BE', nl: 'nl-BE' };

type Said = (site: string) => string;

interface Words {
	readonly greeting: (name: string) => string;
	readonly invitation: readonly [Said, Said];
	readonly reset: readonly [Said, Said];
	readonly link: (until: string) => string;
	readonly ignore: string;
}

const TEXTS: Readonly<Record<Language, Words>> = {
	en: {
		greeting: (name) => `Hello ${name},`,
		invitation: [(site) => `Your account for ${site}`, (site) => `You were invited to the parking gateway of ${site}.`],
		reset: [
			(site) => `A new password for ${site}`,
			(site) => `You can choose a new password for the parking gateway of ${site}.`,
		],
		link: (until) => `Choose your password here, until ${until}. The link works once:`,
		ignore: 'You expected no such mail? Tell your administrator, and do not open the link.',
	},
	fr: {
		greeting: (name) => `Bonjour ${name},`,
		invitation: [
			(site) => `Votre compte pour ${site}`,
			(site) => `Vous êtes invité sur la passerelle de parking de ${site}.`,
		],
		reset: [
			(site) => `Un nouveau mot de passe pour ${site}`,
			(site) => `Vous pouvez choisir un nouveau mot de passe pour la passerelle de parking de ${site}.`,
		],
		link: (until) => `Choisissez votre mot de passe ici, jusqu’au ${until}. Le lien fonctionne une fois :`,
		ignore: 'Vous n’attendiez pas ce message ? Prévenez votre administrateur et n’ouvrez pas le lien.',
	},
	nl: {
		greeting: (name) => `Dag ${name},`,
		invitation: [(site) => `Uw account voor ${site}`, (site) => `U bent uitgenodigd op de parkeergateway van ${site}.`],
		reset: [
			(site) => `Een nieuw wachtwoord voor ${site}`,
			(site) => `U kunt een nieuw wachtwoord kiezen voor de parkeergateway van ${site}.`,
		],
		link: (until) => `Kies hier uw wachtwoord, tot ${until}. De link werkt één keer:`,
		ignore: 'Verwachtte u dit bericht niet? Meld het aan uw beheerder en open de link niet.',
	},
};
