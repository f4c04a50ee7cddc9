import type { Translated } from '../message.ts';
import type { analyticsEn } from './en.ts';

export const analyticsNl: Translated<typeof analyticsEn> = {
	'nav.analytics': 'Analyse',
	'analytics.title': 'Analyse',
	'analytics.all': 'In deze tijd',
	'analytics.entries': 'Inritten',
	'analytics.exits': 'Uitritten',
	'analytics.refusals': 'Weigeringen',
	'analytics.meanStay': 'Gemiddeld verblijf',
	'analytics.passages.hour': 'In- en uitritten per uur',
	'analytics.passages.day': 'In- en uitritten per dag',
	'analytics.occupied': 'Voertuigen binnen: {area}',
	'analytics.average': 'Gemiddeld',
	'analytics.most': 'Meeste tegelijk',
	'analytics.places': 'Plaatsen',
	'analytics.byReason': 'Weigeringen per reden',
	'analytics.reason': 'Reden',
	'analytics.noRefusals': 'Niemand werd geweigerd.',
	'analytics.when': 'Wanneer',
	'analytics.span': 'Per',
	'analytics.span.auto': 'Zoals het past',
	'analytics.span.hour': 'Uur',
	'analytics.span.day': 'Dag',
	'analytics.area': 'Bezetting van',
	'analytics.chart': '{title}, getekend; dezelfde cijfers staan in de tabel.',
	'analytics.tooLong': 'Dat is te lang, of het einde ligt voor het begin. De laatste 30 dagen worden getoond.',
};
