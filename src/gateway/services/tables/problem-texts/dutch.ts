import type { ProblemTexts } from './problem-text.ts';

export const dutch: ProblemTexts = {
	empty: ['Het bestand is leeg.', 'Kies het bestand met de kolomtitels op de eerste rij.'],
	tooManyBytes: ['Het bestand is groter dan {detail} bytes.', 'Splits het in meerdere bestanden.'],
	notATable: [
		'Dit is geen CSV-bestand en geen Excel-werkmap.',
		'Bewaar de lijst als .xlsx of .csv en kies dat bestand.',
	],
	oldWorkbook: [
		'De werkmap heeft een wachtwoord of is van het oude type .xls.',
		'Bewaar ze als .xlsx zonder wachtwoord.',
	],
	brokenWorkbook: ['De werkmap is beschadigd.', 'Open ze in uw rekenprogramma en bewaar ze opnieuw als .xlsx.'],
	inflatesTooMuch: [
		'De werkmap bevat veel meer dan een lijst van personen of voertuigen.',
		'Kopieer enkel de rijen naar een nieuwe werkmap.',
	],
	sheetNotFound: ['Dat werkblad is er niet.', 'Kies uit: {detail}.'],
	quoteNotClosed: [
		'Een tekst begint met een aanhalingsteken en eindigt nergens.',
		'Voeg het ontbrekende aanhalingsteken toe of bewaar het bestand opnieuw vanuit uw rekenprogramma.',
	],
	quoteMisplaced: [
		'Er staat een aanhalingsteken midden in een tekst.',
		'Verdubbel het of bewaar het bestand opnieuw vanuit uw rekenprogramma.',
	],
	tooManyRows: ['Het bestand heeft meer dan {detail} rijen.', 'Splits het in meerdere bestanden.'],
	tooManyColumns: [
		'Het bestand heeft meer dan {detail} kolommen.',
		'Hou enkel de kolommen over die ingevoerd worden; kijk het scheidingsteken na.',
	],
	rowTooLong: ['Een rij is langer dan {detail} bytes.', 'Kijk de aanhalingstekens en het scheidingsteken na.'],
	cellTooLong: ['Een cel is langer dan {detail} tekens.', 'Kort ze in.'],
	duplicateColumn: ['Deze kolomtitel staat twee keer in het bestand.', 'Kies voor elk van beide wat het is.'],
	headingNotFound: ['Geen kolom heet “{shown}”.', 'Schrijf een van: {detail}.'],
	columnMissing: [
		'Geen kolom bevat wat elke rij nodig heeft: {detail}.',
		'Kies de kolom die het bevat of voeg er een toe.',
	],
	columnNotUsed: ['Deze kolom wordt niet ingevoerd.', 'Kies wat ze bevat als dat wel moet.'],
	tooFewCells: [
		'De rij stopt te vroeg ({detail} cellen).',
		'Kijk na of er niets ontbreekt; wat ontbreekt geldt als leeg.',
	],
	tooManyCells: [
		'„{shown}” staat voorbij de laatste kolomtitel.',
		'Geef de kolom een titel of zet teksten met het scheidingsteken tussen aanhalingstekens.',
	],
	unreadableText: ['„{shown}” bevat onleesbare tekens.', 'Bewaar het bestand als UTF-8 of kies de codering.'],
	digitsLost: [
		'Het rekenprogramma heeft dit getal afgerond: {shown}.',
		'Maak van de kolom tekst en voer het getal opnieuw in.',
	],
	formulaFailed: ['De formule van deze cel is mislukt: {shown}.', 'Zet de waarde zelf in de cel.'],
	required: ['De cel is leeg.', 'Vul ze in.'],
	tooLong: ['„{shown}” is langer dan {detail} tekens.', 'Kort het in.'],
	tooShort: ['„{shown}” is korter dan {detail} tekens.', 'Voer het volledig in.'],
	notAnOption: ['„{shown}” is geen van de keuzes.', 'Gebruik: {detail}.'],
	notAMoment: ['„{shown}” is geen datum of tijd.', 'Schrijf 31/12/2026 of 31/12/2026 17:30.'],
	notANumber: ['„{shown}” is geen geheel getal.', 'Schrijf enkel cijfers.'],
	outOfRange: ['„{shown}” ligt buiten {detail}.', 'Gebruik een getal daarbinnen.'],
	notAFlag: ['„{shown}” is geen ja of nee.', 'Schrijf ja of nee.'],
	notAllowed: ['„{shown}” mag hier niet: {detail}', 'Verbeter de cel.'],
	notFound: ['„{shown}” is niet gevonden.', 'Kijk de schrijfwijze na of maak het eerst aan.'],
	ambiguous: ['„{shown}” kan meer dan één zijn: {detail}.', 'Gebruik het id of het externe nummer.'],
	notUnique: ['„{shown}” is al in gebruik: {detail}.', 'Elk mag er één keer staan.'],
};
