import type { Translated } from '../message.ts';
import type { credentialsOfOperatorsEn } from './en.ts';

export const credentialsOfOperatorsNl: Translated<typeof credentialsOfOperatorsEn> = {
	'tokens.title': 'API-tokens',
	'tokens.hint':
		'Met een token doet een programma een tijd lang een deel van wat u zelf mag. Het maakt geen tokens, wijzigt geen wachtwoorden en eindigt wanneer u gedeactiveerd wordt.',
	'tokens.none': 'Er zijn er geen.',
	'tokens.once': 'Het token, deze ene keer getoond. Geef het aan het programma; niemand kan het nog opzoeken.',
	'tokens.new': 'Token maken',
	'tokens.name': 'Naam',
	'tokens.nameHint': 'Van het programma: die staat in het journaal naast de uwe.',
	'tokens.lasts': 'Duur',
	'tokens.days': { one: '{count} dag', other: '{count} dagen' },
	'tokens.permissions': 'Wat het mag, zolang u het mag',
	'tokens.make': 'Het token maken',
	'tokens.revoke': 'Intrekken',
	'tokens.ends': 'Eindigt op {at}.',
	'tokens.ended': 'Geëindigd op {at}.',
	'tokens.neverUsed': 'Nooit gebruikt.',
	'tokens.used': 'Laatst gebruikt rond {at}, vanaf {from}.',
	'tokens.tooMany': 'U hebt zoveel tokens als een operator mag hebben. Trek er eerst een in.',
	'tokens.notActive': 'U werd gedeactiveerd: deze aanmelding gaat door, maar leent niets uit.',
};
