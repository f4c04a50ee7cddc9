import type { Translated } from '../message.ts';
import type { accountEn } from './en.ts';

export const accountFr: Translated<typeof accountEn> = {
	'account.details': 'Mes coordonnées',
	'account.phone': 'Téléphone',
	'account.timeFormat': 'Les heures s’écrivent',
	'account.timeFormat.24h': '14:30',
	'account.timeFormat.12h': '2:30pm',
	'account.changed': 'Votre compte a été modifié entre-temps. Regardez-le à nouveau, puis modifiez-le.',
	'account.logins': 'Où je suis connecté',
	'account.loginsHint': 'Une connexion que vous ne connaissez pas ? Terminez-la, puis changez votre mot de passe.',
	'account.loginFrom': 'Depuis {address}',
	'account.loginSince': 'Depuis le {since}, dernière utilisation {used}.',
	'account.loginHere': 'Celle-ci',
	'account.endLogin': 'Terminer',
	'account.endOthers': 'Terminer toutes les autres',
	'operators.refused.holderTaken':
		'Cette personne se connecte déjà par un autre opérateur. Une personne a une seule connexion.',
	'account.picture': 'Ma photo',
	'account.pictureFile': 'Une autre photo',
	'account.pictureHint':
		'JPEG ou PNG, jusqu’à {megabytes} Mo. Son milieu est gardé en petit carré, et rien d’autre du fichier.',
	'account.pictureSet': 'L’utiliser',
	'account.pictureRemove': 'La retirer',
	'account.password': 'Mot de passe',
};
