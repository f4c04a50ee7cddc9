import type { DirectoryTexts } from './directory-texts.ts';
import { tablesFrench } from './french-tables.ts';

export const directoryFrench: DirectoryTexts = {
	faces: {
		holders: {
			title: 'Personnes',
			one: 'Personne',
			add: 'Nouvelle personne',
			about:
				'Tous ceux qui peuvent se garer ici : personnes, organisations et véhicules. Ajoutez-en un, ou importez une liste.',
		},
		vehicles: {
			title: 'Véhicules',
			one: 'Véhicule',
			add: 'Nouveau véhicule',
			count: { one: '{count} véhicule', other: '{count} véhicules' },
			about:
				'Les véhicules d’une flotte : ils ont eux-mêmes des droits, et les personnes de leur groupe de partage les réservent.',
		},
		groups: {
			title: 'Groupes',
			one: 'Groupe',
			add: 'Nouveau groupe',
			about:
				'Des personnes qui vont ensemble : une société, un locataire avec ses places, un cercle qui partage des véhicules.',
		},
		credentials: {
			title: 'Identifiants d’accès',
			one: 'Identifiant d’accès',
			add: 'Nouvel identifiant d’accès',
			about:
				'Ce à quoi une voie reconnaît quelqu’un : badges, plaques, codes PIN et QR. Le plus simple est de les ajouter depuis la page de la personne.',
		},
		'right-specifications': {
			title: 'Types de droit',
			one: 'Type de droit',
			add: 'Nouveau type de droit',
			about:
				'Ce qui peut être accordé : où, quand et comment quelqu’un peut se garer. Créez-en un, puis donnez-le à des personnes.',
		},
		rights: {
			title: 'Droits',
			one: 'Droit',
			add: 'Donner un droit',
			about: 'À qui quoi a été accordé. Un profil seul n’ouvre rien : donnez un droit ici, ou par un bouquet.',
		},
		pools: {
			title: 'Pools de places',
			one: 'Pool',
			add: 'Nouveau pool',
			about: 'Un nombre de places que partage un locataire ou un autre cercle.',
		},
		bundles: {
			title: 'Bouquets',
			one: 'Bouquet',
			add: 'Nouveau bouquet',
			about: 'Des droits que reçoivent ensemble tous ceux qui portent un mot-clé, pour ne pas les donner un à un.',
		},
		'planned-uses': {
			title: 'Réservations',
			one: 'Réservation',
			add: 'Nouvelle réservation',
			about: 'Des places et véhicules réservés pour un temps. Réservez depuis la page d’une personne, ou ici.',
		},
		schedules: {
			title: 'Horaires',
			one: 'Horaire',
			add: 'Nouvel horaire',
			about:
				'Les heures de la semaine et les jours particuliers où des droits valent. Sans horaire, un droit vaut à tout moment.',
		},
	},
	groups: {
		identity: 'L’essentiel',
		contact: 'Contact',
		belonging: 'Appartenance',
		more: 'Remarques',
		sharing: 'Places et partage',
		validity: 'Validité',
		uses: 'Combien de fois',
		booking: 'Réservation et places gardées',
		stay: 'Durée du séjour',
		payment: 'Prix et crédits',
		place: 'Où',
	},
	tables: tablesFrench,
};
