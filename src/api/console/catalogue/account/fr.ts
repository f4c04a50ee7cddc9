import type { Translated } from '../message.ts';
import type { accountEn } from './en.ts';

export const accountFr: Translated<typeof accountEn> = {
	'account.details': 'Mes coordonnées',
	'account.phone': 'Téléphone',
	'account.timeFormat': 'Les heures s’écrivent',
	'account.timeFormat.24h': '14:30',
	'account.timeFormat.12h': '2:30pm',
	'account.changed': 'Votre compte a été modifié entre-temps. Regardez-le à nouveau, puis modifiez-le.',
	'account.address': 'Adresse e-mail',
	'account.address.new': 'Nouvelle adresse',
	'account.address.hint':
		'Un code y est envoyé, et un avis à l’adresse actuelle. Elle change quand vous confirmez le code.',
	'account.address.ask': 'Changer l’adresse',
	'account.address.waits': 'Une autre adresse attend son code jusqu’au {until}.',
	'account.address.code': 'Code reçu par e-mail',
	'account.address.confirm': 'Confirmer l’adresse',
	'account.address.keep': 'Garder l’adresse actuelle',
	'account.address.noMail':
		'Ce site n’envoie pas d’e-mails : la personne qui gère les opérateurs change votre adresse.',
	'account.address.noAddress': 'On ne peut pas envoyer d’e-mail à cette adresse.',
	'account.address.same': 'C’est déjà votre adresse.',
	'account.address.tooMany': 'Vous avez demandé une autre adresse trop souvent ; réessayez dans une heure.',
	'account.address.wrongCode': 'Ce code est faux, déjà utilisé, remplacé ou trop ancien. Demandez-en un autre.',
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
