import { type Letter, type LetterKind, oneLine } from '../../core/letter.ts';
import type { Mail } from './smtp.ts';

/** What is written to somebody, in their language. Plain text: no name in it is markup. */
export function letterMail(letter: Letter): Mail {
	const { to, language, link, newAddress } = letter;
	const [name, site] = [oneLine(letter.name), oneLine(letter.site)];
	const words = TEXTS[language];
	const [subject, why] = words[letter.kind];
	const lines = [
		...[words.greeting(name), why(site, newAddress ?? '')],
		...(link === null ? [] : [words[letter.kind === 'addressCode' ? 'confirm' : 'choose'](until(letter)), link]),
		words.ignore,
	];
	return { to, name, subject: subject(site), text: `${lines.join('\n\n')}\n` };
}

function until({ language, timeZone, endsAtMs }: Letter): string {
	const shown = { timeZone, dateStyle: 'long', timeStyle: 'short' } as const;
	return endsAtMs === null ? '' : new Date(endsAtMs).toLocaleString(LOCALES[language], shown);
}

const LOCALES: Readonly<Record<Letter['language'], string>> = { en: 'en-GB', fr: 'fr-BE', nl: 'nl-BE' };

interface Words extends Readonly<Record<LetterKind, readonly [(site: string) => string, Said]>> {
	readonly greeting: (name: string) => string;
	readonly choose: (until: string) => string;
	readonly confirm: (until: string) => string;
	readonly ignore: string;
}

type Said = (site: string, newAddress: string) => string;

const TEXTS: Readonly<Record<Letter['language'], Words>> = {
	en: {
		greeting: (name) => `Hello ${name},`,
		invitation: [(site) => `Your account for ${site}`, (site) => `You were invited to the parking gateway of ${site}.`],
		passwordReset: [
			(site) => `A new password for ${site}`,
			(site) => `You can choose a new password for the parking gateway of ${site}.`,
		],
		addressCode: [
			(site) => `Confirm your address for ${site}`,
			(site) => `Your account at the parking gateway of ${site} is to have this e-mail address.`,
		],
		addressNotice: [
			(site) => `Another address for ${site}`,
			(site, newAddress) =>
				`Somebody signed in to your account at the parking gateway of ${site} wants it to have another e-mail address: ${newAddress}. It changes once that address is confirmed.`,
		],
		choose: (until) => `Choose your password here, until ${until}. The link works once:`,
		confirm: (until) => `Confirm it here, until ${until}. The link works once:`,
		ignore: 'You expected no such mail? Tell your administrator, and do not open any link in it.',
	},
	fr: {
		greeting: (name) => `Bonjour ${name},`,
		invitation: [
			(site) => `Votre compte pour ${site}`,
			(site) => `Vous êtes invité sur la passerelle de parking de ${site}.`,
		],
		passwordReset: [
			(site) => `Un nouveau mot de passe pour ${site}`,
			(site) => `Vous pouvez choisir un nouveau mot de passe pour la passerelle de parking de ${site}.`,
		],
		addressCode: [
			(site) => `Confirmez votre adresse pour ${site}`,
			(site) => `Votre compte sur la passerelle de parking de ${site} doit recevoir cette adresse e-mail.`,
		],
		addressNotice: [
			(site) => `Une autre adresse pour ${site}`,
			(site, newAddress) =>
				`Quelqu’un connecté à votre compte sur la passerelle de parking de ${site} veut lui donner une autre adresse e-mail : ${newAddress}. Elle change dès que cette adresse est confirmée.`,
		],
		choose: (until) => `Choisissez votre mot de passe ici, jusqu’au ${until}. Le lien fonctionne une fois :`,
		confirm: (until) => `Confirmez-la ici, jusqu’au ${until}. Le lien fonctionne une fois :`,
		ignore: 'Vous n’attendiez pas ce message ? Prévenez votre administrateur et n’ouvrez aucun lien.',
	},
	nl: {
		greeting: (name) => `Dag ${name},`,
		invitation: [(site) => `Uw account voor ${site}`, (site) => `U bent uitgenodigd op de parkeergateway van ${site}.`],
		passwordReset: [
			(site) => `Een nieuw wachtwoord voor ${site}`,
			(site) => `U kunt een nieuw wachtwoord kiezen voor de parkeergateway van ${site}.`,
		],
		addressCode: [
			(site) => `Bevestig uw adres voor ${site}`,
			(site) => `Uw account op de parkeergateway van ${site} krijgt dit e-mailadres.`,
		],
		addressNotice: [
			(site) => `Een ander adres voor ${site}`,
			(site, newAddress) =>
				`Iemand die met uw account is aangemeld op de parkeergateway van ${site}, wil het een ander e-mailadres geven: ${newAddress}. Het verandert zodra dat adres bevestigd is.`,
		],
		choose: (until) => `Kies hier uw wachtwoord, tot ${until}. De link werkt één keer:`,
		confirm: (until) => `Bevestig het hier, tot ${until}. De link werkt één keer:`,
		ignore: 'Verwachtte u dit bericht niet? Meld het aan uw beheerder en open geen enkele link.',
	},
};
