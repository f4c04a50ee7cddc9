import type { Translated } from '../message.ts';
import type { credentialsOfOperatorsEn } from './en.ts';

export const credentialsOfOperatorsFr: Translated<typeof credentialsOfOperatorsEn> = {
	'tokens.title': 'Jetons d’API',
	'tokens.hint':
		'Un jeton permet à un programme de faire, pour un temps, une partie de ce que vous pouvez faire vous-même. Il ne crée pas de jetons, ne change pas de mots de passe et prend fin quand vous êtes désactivé.',
	'tokens.none': 'Il n’y en a pas.',
	'tokens.once': 'Le jeton, affiché cette seule fois. Donnez-le au programme ; personne ne peut le retrouver.',
	'tokens.new': 'Créer un jeton',
	'tokens.name': 'Nom',
	'tokens.nameHint': 'Du programme : il figure dans le journal à côté du vôtre.',
	'tokens.lasts': 'Durée',
	'tokens.days': { one: '{count} jour', other: '{count} jours' },
	'tokens.permissions': 'Ce qu’il peut faire, tant que vous le pouvez',
	'tokens.make': 'Créer le jeton',
	'tokens.revoke': 'Révoquer',
	'tokens.ends': 'Prend fin le {at}.',
	'tokens.ended': 'A pris fin le {at}.',
	'tokens.neverUsed': 'Jamais utilisé.',
	'tokens.used': 'Dernière utilisation vers {at}, depuis {from}.',
	'tokens.tooMany': 'Vous avez autant de jetons qu’un opérateur peut en avoir. Révoquez-en d’abord un.',
	'tokens.notActive': 'Vous avez été désactivé : cette connexion continue, mais ne prête rien.',
};
