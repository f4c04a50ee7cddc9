import type { ReasonTexts } from './reason-texts.ts';

export const french: ReasonTexts = {
	LANE_CLOSED: ['La voie est fermée.', 'Dirigez le conducteur vers une autre voie, ou rouvrez celle-ci sous Direct.'],
	LOCKDOWN: [
		'Le site est confiné : aucune entrée n’est permise.',
		'Seule la personne qui a décrété le confinement, ou un administrateur, peut y mettre fin.',
	],
	WRONG_DIRECTION: [
		'Le véhicule est arrivé du mauvais côté de la voie.',
		'Demandez au conducteur de reculer et de prendre la bonne voie.',
	],
	NO_VEHICLE_PRESENT: [
		'Une lecture a eu lieu, mais aucun véhicule n’était sur la boucle d’armement.',
		'Avancez jusqu’au lecteur. Si un véhicule est là, faites vérifier la boucle sous Appareils.',
	],
	TAILGATE: [
		'Le véhicule en a suivi un autre sur une seule ouverture.',
		'Vérifiez qui a suivi, et corrigez l’occupation si nécessaire.',
	],
	DEVICE_FAULT: [
		'Un appareil de cette voie ne fonctionne pas.',
		'Voyez l’appareil sous Appareils ; ouvrez à la main après avoir vérifié l’identité.',
	],
	PRODUCT_LICENCE_EXPIRED: [
		'La licence du produit a expiré et son délai de grâce est passé.',
		'Un administrateur doit installer une nouvelle licence ; les sorties fonctionnent toujours.',
	],
	RFID_NOT_ENABLED: [
		'Les badges ne font pas partie de la licence de ce site.',
		'Utilisez la plaque, ou demandez au fournisseur d’ajouter la RFID.',
	],
	CAMERA_UNLICENSED: [
		'La caméra qui a lu la plaque n’a pas de licence.',
		'Attribuez une licence à la caméra sous Licences, ou utilisez un badge.',
	],
	PARK_INACTIVE: [
		'Ce parking n’est pas actif.',
		'Seul le support du fournisseur peut activer un parking ; appelez-le.',
	],
	NEVER_SYNCED: [
		'Cette passerelle n’a pas encore reçu sa liste de personnes et de droits.',
		'Vérifiez la connexion sous Synchronisation ; ouvrez à la main en attendant.',
	],
	STALE_DATA: [
		'La liste des personnes et des droits est trop ancienne pour ce moyen d’accès.',
		'Rétablissez la connexion avec la centrale, ou ouvrez à la main après vérification.',
	],
	CLOCK_UNTRUSTED: [
		'La passerelle n’est pas sûre de l’heure, et ce droit est limité dans le temps.',
		'Un administrateur sur place peut confirmer l’heure ; les droits sans limite fonctionnent toujours.',
	],
	INVALID_FORMAT: [
		'Ce qui a été lu n’est ni une plaque ni un badge.',
		'Relisez ; si cela se répète, vérifiez le lecteur ou la caméra sous Appareils.',
	],
	LOW_CONFIDENCE: [
		'La caméra n’était pas assez sûre de la plaque.',
		'Faites avancer un peu le conducteur pour une nouvelle lecture, ou nettoyez la plaque ou l’objectif.',
	],
	AMBIGUOUS_PLATE: [
		'La plaque lue correspond à plusieurs véhicules autorisés.',
		'Vérifiez la plaque de vos yeux et ouvrez à la main.',
	],
	UNKNOWN_CREDENTIAL: [
		'Cette plaque ou ce badge n’est pas connu ici.',
		'Cherchez une erreur de lecture ; sinon enregistrez-le pour son titulaire, ou faites du conducteur un visiteur.',
	],
	PLATE_TAG_MISMATCH: [
		'La plaque et le badge appartiennent à des titulaires différents.',
		'Demandez à qui est le badge ; un véhicule partagé doit avoir les deux chez un même titulaire.',
	],
	SECOND_FACTOR_TIMEOUT: [
		'Cette voie demande plusieurs éléments parmi badge, plaque et code PIN ; l’un manque ou n’est pas à ce titulaire.',
		'Présentez celui qui manque et réessayez.',
	],
	CLONE_SUSPECTED: [
		'Le même badge ou la même plaque vient d’être utilisé ailleurs.',
		'Contrôlez le véhicule et le conducteur avant d’ouvrir ; le moyen d’accès est peut-être copié.',
	],
	CREDENTIAL_DISABLED: ['Ce moyen d’accès est désactivé.', 'Réactivez-le sous Moyens d’accès si c’est justifié.'],
	CREDENTIAL_LOST: [
		'Ce moyen d’accès a été déclaré perdu.',
		'Gardez-le si un inconnu le présente ; donnez-en un nouveau au titulaire.',
	],
	CREDENTIAL_STOLEN: ['Ce moyen d’accès a été déclaré volé.', 'N’ouvrez pas. Suivez la procédure de sécurité du site.'],
	CREDENTIAL_NOT_STARTED: [
		'Ce moyen d’accès n’est pas encore valable.',
		'Vérifiez son premier jour sous Moyens d’accès.',
	],
	CREDENTIAL_EXPIRED: ['Ce moyen d’accès a expiré.', 'Prolongez-le sous Moyens d’accès, ou donnez-en un nouveau.'],
	HOLDER_INACTIVE: [
		'Le titulaire est inactif.',
		'Activez le titulaire sous Personnes s’il fait toujours partie du site.',
	],
	HOLDER_BLOCKED: ['Le titulaire est bloqué.', 'Demandez-en la raison à un administrateur avant toute chose.'],
	NO_RIGHT: [
		'Le titulaire est connu mais n’a aucun droit d’accès.',
		'Attribuez-lui un droit ou un ensemble de droits.',
	],
	WRONG_AREA: [
		'Le droit ne couvre pas la zone derrière cette voie.',
		'Dirigez le conducteur vers sa zone, ou attribuez un droit pour celle-ci.',
	],
	RIGHT_SUSPENDED: [
		'Le droit d’accès est suspendu.',
		'Levez la suspension dans les droits du titulaire si sa cause a disparu.',
	],
	RIGHT_NOT_STARTED: ['Le droit d’accès n’a pas encore commencé.', 'Vérifiez le premier jour du droit.'],
	RIGHT_EXPIRED: ['Le droit d’accès a expiré.', 'Prolongez le droit, ou attribuez-en un nouveau.'],
	OUTSIDE_SCHEDULE: [
		'Le droit n’est pas valable à ce moment de la semaine.',
		'Revenez pendant l’horaire, ou attribuez un droit à horaire plus large.',
	],
	SPECIAL_DAY: ['C’est un jour spécial pendant lequel ce droit n’ouvre pas.', 'Voyez les jours spéciaux de l’horaire.'],
	NO_BOOKING: [
		'Il n’y a pas de réservation pour maintenant.',
		'Réservez d’abord une place ; la réservation agit aussitôt.',
	],
	BOOKING_TOO_EARLY: ['La réservation n’a pas encore commencé.', 'Revenez à son début, ou déplacez la réservation.'],
	BOOKING_EXPIRED: [
		'La réservation est terminée, ou a été abandonnée faute de venue.',
		'Faites une nouvelle réservation.',
	],
	USES_EXHAUSTED: [
		'Toutes les utilisations de ce droit sont épuisées.',
		'Attendez la période suivante, ou augmentez le nombre d’utilisations.',
	],
	NO_CREDIT: ['Crédit insuffisant.', 'Rechargez le porte-monnaie du titulaire.'],
	SESSION_ALREADY_OPEN: [
		'Le titulaire a déjà un véhicule à l’intérieur avec ce droit.',
		'Si ce véhicule est sorti sans être vu, clôturez son stationnement ; sinon il faut un second droit.',
	],
	ANTI_PASSBACK_IN: [
		'Le moyen d’accès est entré et n’a pas été vu sortir.',
		'Vérifiez qu’il n’a pas été prêté ; réinitialisez son anti-retour s’il est vraiment sorti.',
	],
	ANTI_PASSBACK_OUT: [
		'Le moyen d’accès sort sans avoir été vu entrer.',
		'Réinitialisez son anti-retour ; vérifiez comment il est entré.',
	],
	AREA_SKIPPED: [
		'Le véhicule n’est pas passé par la zone précédente.',
		'Demandez au conducteur de prendre le bon chemin.',
	],
	AREA_FULL: [
		'Le parking ou la zone est complet.',
		'Attendez qu’un véhicule sorte. Des places vides peuvent être gardées pour d’autres ; ne corrigez le comptage que s’il est faux.',
	],
	POOL_FULL: [
		'Toutes les places du groupement du titulaire sont prises.',
		'Attendez qu’un de ses véhicules sorte, ou agrandissez le groupement.',
	],
	GROUP_FULL: [
		'Toutes les places du groupe du titulaire sont prises.',
		'Attendez qu’un véhicule du groupe sorte, ou relevez la limite du groupe.',
	],
};
