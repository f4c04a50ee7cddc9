import type { Translated } from '../message.ts';
import type { glossaryEn } from './en.ts';

export const glossaryNl: Translated<typeof glossaryEn> = {
	'nav.glossary': 'Woordenlijst',
	'glossary.title': 'Woordenlijst',
	'glossary.intro':
		'De woorden van deze console. Logboeken, exports en de interface voor programma’s gebruiken dezelfde.',
	'glossary.search': 'Een woord zoeken',
	'glossary.found': { one: '{count} woord', other: '{count} woorden' },
	'glossary.none': 'Geen woord past bij “{q}”.',
	'glossary.all': 'Alle woorden tonen',
	'glossary.group.places': 'Plaatsen',
	'glossary.group.hardware': 'Hardware',
	'glossary.group.people': 'Personen',
	'glossary.group.rights': 'Rechten',
	'glossary.group.strategies': 'Toegangsstrategieën',
	'glossary.group.costs': 'Kosten en duur van een verblijf',
	'glossary.group.decisions': 'Beslissingen',
	'glossary.group.stays': 'In- en uitrijden',
	'glossary.group.modes': 'Toestanden van een rijstrook',
	'glossary.group.platform': 'Platform en licenties',
	'glossary.reasons': 'Redenen van weigering',
	'glossary.reasonsIntro':
		'In de volgorde waarin de regels bekeken worden: de eerste waaraan niet voldaan is, wordt gemeld.',
	'glossary.advice': 'Wat te doen',
};
