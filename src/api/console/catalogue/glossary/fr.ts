import type { Translated } from '../message.ts';
import type { glossaryEn } from './en.ts';

export const glossaryFr: Translated<typeof glossaryEn> = {
	'nav.glossary': 'Glossaire',
	'glossary.title': 'Glossaire',
	'glossary.intro':
		'Les mots de cette console. Les journaux, les exports et l’interface des programmes utilisent les mêmes.',
	'glossary.search': 'Chercher un mot',
	'glossary.found': { one: '{count} mot', other: '{count} mots' },
	'glossary.none': 'Aucun mot ne correspond à « {q} ».',
	'glossary.all': 'Montrer tous les mots',
	'glossary.group.places': 'Lieux',
	'glossary.group.hardware': 'Matériel',
	'glossary.group.people': 'Personnes',
	'glossary.group.rights': 'Droits',
	'glossary.group.strategies': 'Stratégies d’accès',
	'glossary.group.costs': 'Coûts et durées d’un séjour',
	'glossary.group.decisions': 'Décisions',
	'glossary.group.stays': 'Entrer et sortir',
	'glossary.group.modes': 'États d’une voie',
	'glossary.group.platform': 'Plateforme et licences',
	'glossary.reasons': 'Motifs de refus',
	'glossary.reasonsIntro': 'Dans l’ordre où les règles sont examinées : la première non satisfaite est annoncée.',
	'glossary.advice': 'Que faire',
};
