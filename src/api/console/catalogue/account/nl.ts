import type { Translated } from '../message.ts';
import type { accountEn } from './en.ts';

export const accountNl: Translated<typeof accountEn> = {
	'account.details': 'Mijn gegevens',
	'account.phone': 'Telefoon',
	'account.timeFormat': 'Tijden worden geschreven als',
	'account.timeFormat.24h': '14:30',
	'account.timeFormat.12h': '2:30pm',
	'account.changed': 'Uw account werd intussen gewijzigd. Bekijk het opnieuw en wijzig het dan.',
	'account.address': 'E-mailadres',
	'account.address.new': 'Nieuw adres',
	'account.address.hint':
		'Daar gaat een code heen, en een bericht naar het huidige adres. Het verandert zodra u de code bevestigt.',
	'account.address.ask': 'Adres wijzigen',
	'account.address.waits': 'Een ander adres wacht op zijn code tot {until}.',
	'account.address.code': 'Code uit de mail',
	'account.address.confirm': 'Adres bevestigen',
	'account.address.keep': 'Huidig adres houden',
	'account.address.noMail': 'Deze locatie verstuurt geen mail: wie operatoren beheert, wijzigt uw adres.',
	'account.address.noAddress': 'Naar dit adres kan geen mail worden gestuurd.',
	'account.address.same': 'Dit is al uw adres.',
	'account.address.tooMany': 'U vroeg te vaak een ander adres; probeer het over een uur opnieuw.',
	'account.address.wrongCode': 'Deze code is fout, gebruikt, vervangen of te oud. Vraag een andere.',
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
