import type { Translated } from '../message.ts';
import type { analyticsEn } from './en.ts';

export const analyticsFr: Translated<typeof analyticsEn> = {
	'nav.analytics': 'Analyses',
	'analytics.title': 'Analyses',
	'analytics.all': 'Sur cette période',
	'analytics.entries': 'Entrées',
	'analytics.exits': 'Sorties',
	'analytics.refusals': 'Refus',
	'analytics.meanStay': 'Séjour moyen',
	'analytics.passages.hour': 'Entrées et sorties par heure',
	'analytics.passages.day': 'Entrées et sorties par jour',
	'analytics.occupied': 'Véhicules présents : {area}',
	'analytics.average': 'En moyenne',
	'analytics.most': 'Maximum simultané',
	'analytics.places': 'Places',
	'analytics.byReason': 'Refus par motif',
	'analytics.reason': 'Motif',
	'analytics.noRefusals': 'Personne n’a été refusé.',
	'analytics.when': 'Quand',
	'analytics.span': 'Par',
	'analytics.span.auto': 'Selon la durée',
	'analytics.span.hour': 'Heure',
	'analytics.span.day': 'Jour',
	'analytics.area': 'Occupation de',
	'analytics.chart': '{title}, en graphique ; les mêmes chiffres figurent dans le tableau.',
	'analytics.tooLong': 'C’est trop long, ou la fin précède le début. Les 30 derniers jours sont affichés.',
};
