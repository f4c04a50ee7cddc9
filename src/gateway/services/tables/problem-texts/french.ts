import type { ProblemTexts } from './problem-text.ts';

export const french: ProblemTexts = {
	empty: ['Le fichier est vide.', 'Choisissez le fichier dont la première ligne contient les en-têtes.'],
	tooManyBytes: ['Le fichier dépasse {detail} octets.', 'Partagez-le en plusieurs fichiers.'],
	notATable: [
		'Ce n’est ni un fichier CSV ni un classeur Excel.',
		'Enregistrez la liste en .xlsx ou .csv et choisissez ce fichier.',
	],
	oldWorkbook: [
		'Le classeur est protégé par un mot de passe ou de l’ancien type .xls.',
		'Enregistrez-le en .xlsx sans mot de passe.',
	],
	brokenWorkbook: ['Le classeur est endommagé.', 'Ouvrez-le dans votre tableur et enregistrez-le à nouveau en .xlsx.'],
	inflatesTooMuch: [
		'Le classeur contient bien plus qu’une liste de personnes ou de véhicules.',
		'Copiez seulement les lignes dans un nouveau classeur.',
	],
	sheetNotFound: ['Cette feuille n’existe pas.', 'Choisissez parmi : {detail}.'],
	quoteNotClosed: [
		'Un texte commence par un guillemet et ne se termine jamais.',
		'Ajoutez le guillemet manquant ou enregistrez à nouveau le fichier depuis votre tableur.',
	],
	quoteMisplaced: [
		'Un guillemet se trouve au milieu d’un texte.',
		'Doublez-le ou enregistrez à nouveau le fichier depuis votre tableur.',
	],
	tooManyRows: ['Le fichier compte plus de {detail} lignes.', 'Partagez-le en plusieurs fichiers.'],
	tooManyColumns: [
		'Le fichier compte plus de {detail} colonnes.',
		'Gardez seulement les colonnes à importer ; vérifiez le séparateur.',
	],
	rowTooLong: ['Une ligne dépasse {detail} octets.', 'Vérifiez ses guillemets et le séparateur.'],
	cellTooLong: ['Une cellule dépasse {detail} caractères.', 'Raccourcissez-la.'],
	duplicateColumn: ['Cet en-tête figure deux fois dans le fichier.', 'Choisissez pour chacun ce qu’il contient.'],
	headingNotFound: ['Aucune colonne ne s’appelle « {shown} ».', 'Écrivez l’une de : {detail}.'],
	columnMissing: [
		'Aucune colonne ne contient ce qu’il faut à chaque ligne : {detail}.',
		'Choisissez la colonne qui le contient ou ajoutez-en une.',
	],
	columnNotUsed: ['Cette colonne n’est pas importée.', 'Choisissez ce qu’elle contient si elle doit l’être.'],
	tooFewCells: [
		'La ligne s’arrête trop tôt ({detail} cellules).',
		'Vérifiez que rien ne manque ; les cellules absentes sont prises comme vides.',
	],
	tooManyCells: [
		'« {shown} » se trouve au-delà du dernier en-tête.',
		'Donnez un en-tête à la colonne ou mettez entre guillemets les textes qui contiennent le séparateur.',
	],
	unreadableText: [
		'« {shown} » contient des caractères illisibles.',
		'Enregistrez le fichier en UTF-8 ou choisissez son encodage.',
	],
	digitsLost: [
		'Le tableur a arrondi ce nombre : {shown}.',
		'Mettez la colonne au format texte et saisissez à nouveau le nombre.',
	],
	formulaFailed: ['La formule de cette cellule a échoué : {shown}.', 'Mettez la valeur elle-même dans la cellule.'],
	required: ['La cellule est vide.', 'Remplissez-la.'],
	tooLong: ['« {shown} » dépasse {detail} caractères.', 'Raccourcissez-le.'],
	tooShort: ['« {shown} » a moins de {detail} caractères.', 'Saisissez-le en entier.'],
	notAnOption: ['« {shown} » ne fait pas partie des choix.', 'Utilisez : {detail}.'],
	notAMoment: ['« {shown} » n’est pas une date ou une heure.', 'Écrivez 31/12/2026 ou 31/12/2026 17:30.'],
	notANumber: ['« {shown} » n’est pas un nombre entier.', 'Écrivez seulement des chiffres.'],
	outOfRange: ['« {shown} » est en dehors de {detail}.', 'Utilisez un nombre compris dans ces limites.'],
	notAFlag: ['« {shown} » n’est ni oui ni non.', 'Écrivez oui ou non.'],
	notAllowed: ['« {shown} » n’est pas permis ici : {detail}', 'Corrigez la cellule.'],
	notFound: ['« {shown} » est introuvable.', 'Vérifiez l’orthographe ou créez-le d’abord.'],
	ambiguous: ['« {shown} » désigne plusieurs éléments : {detail}.', 'Utilisez l’identifiant ou le numéro externe.'],
	notUnique: ['« {shown} » est déjà pris : {detail}.', 'Chacun ne peut figurer qu’une fois.'],
};
