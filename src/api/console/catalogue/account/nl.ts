import type { Translated } from '../message.ts';
import type { accountEn } from './en.ts';

export const accountNl: Translated<typeof accountEn> = {
	'account.details': 'Mijn gegevens',
	'account.phone': 'Telefoon',
	'account.timeFormat': 'Tijden worden geschreven als',
	'account.timeFormat.24h': '14:30',
	'account.timeFormat.12h': '2:30pm',
	'account.changed': 'Uw account werd intussen gewijzigd. Bekijk het opnieuw en wijzig het dan.',
	'account.logins': 'Waar ik aangemeld ben',
	'account.loginsHint': 'Een aanmelding die u niet kent? Beëindig ze en wijzig dan uw wachtwoord.',
	'account.loginFrom': 'Vanaf {address}',
	'account.loginSince': 'Sinds {since}, laatst gebruikt {used}.',
	'account.loginHere': 'Deze',
	'account.endLogin': 'Beëindigen',
	'account.endOthers': 'Alle andere beëindigen',
	'operators.refused.holderTaken':
		'Deze persoon meldt zich al aan als een andere operator. Een persoon heeft één aanmelding.',
	'account.picture': 'Mijn foto',
	'account.pictureFile': 'Een andere foto',
	'account.pictureHint':
		'JPEG of PNG, tot {megabytes} MB. Het midden wordt als klein vierkant bewaard, en niets anders van het bestand.',
	'account.pictureSet': 'Gebruiken',
	'account.pictureRemove': 'Verwijderen',
	'account.password': 'Wachtwoord',
};
