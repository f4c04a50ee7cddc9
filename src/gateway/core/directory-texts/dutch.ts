import type { DirectoryTexts } from './directory-texts.ts';
import { tablesDutch } from './dutch-tables.ts';

export const directoryDutch: DirectoryTexts = {
	faces: {
		holders: {
			title: 'Personen',
			one: 'Persoon',
			add: 'Nieuwe persoon',
			about:
				'Iedereen die hier mag parkeren: personen, organisaties en voertuigen. Voeg er een toe, of importeer een lijst.',
		},
		vehicles: {
			title: 'Voertuigen',
			one: 'Voertuig',
			add: 'Nieuw voertuig',
			count: { one: '{count} voertuig', other: '{count} voertuigen' },
			about: 'Voertuigen van een vloot: ze hebben zelf rechten, en de personen van hun deelgroep boeken ze.',
		},
		groups: {
			title: 'Groepen',
			one: 'Groep',
			add: 'Nieuwe groep',
			about:
				'Personen die bij elkaar horen: een bedrijf, een huurder met eigen plaatsen, een kring die voertuigen deelt.',
		},
		credentials: {
			title: 'Toegangsmiddelen',
			one: 'Toegangsmiddel',
			add: 'Nieuw toegangsmiddel',
			about:
				'Waaraan een rijstrook iemand herkent: tags, nummerplaten, pincodes en QR-codes. Toevoegen gaat het best op de pagina van de persoon.',
		},
		'right-specifications': {
			title: 'Soorten recht',
			one: 'Soort recht',
			add: 'Nieuw soort recht',
			about:
				'Wat toegekend kan worden: waar, wanneer en hoe iemand mag parkeren. Maak er een en geef het aan personen.',
		},
		rights: {
			title: 'Rechten',
			one: 'Recht',
			add: 'Recht geven',
			about: 'Wie wat gekregen heeft. Een profiel alleen opent niets: geef hier een recht, of met een bundel.',
		},
		pools: {
			title: 'Plaatsenpools',
			one: 'Pool',
			add: 'Nieuwe pool',
			about: 'Een aantal plaatsen dat een huurder of een andere kring deelt.',
		},
		bundles: {
			title: 'Bundels',
			one: 'Bundel',
			add: 'Nieuwe bundel',
			about: 'Rechten die iedereen met een trefwoord samen krijgt, zodat ze niet één voor één gegeven worden.',
		},
		'planned-uses': {
			title: 'Boekingen',
			one: 'Boeking',
			add: 'Nieuwe boeking',
			about: 'Plaatsen en voertuigen die voor een tijd geboekt zijn. Boek op de pagina van een persoon, of hier.',
		},
		schedules: {
			title: 'Uurroosters',
			one: 'Uurrooster',
			add: 'Nieuw uurrooster',
			about: 'Uren van de week en bijzondere dagen waarin rechten gelden. Zonder uurrooster geldt een recht altijd.',
		},
	},
	groups: {
		identity: 'Het belangrijkste',
		contact: 'Contact',
		belonging: 'Hoort bij',
		more: 'Opmerkingen',
		sharing: 'Plaatsen en delen',
		validity: 'Geldigheid',
		uses: 'Hoe vaak',
		booking: 'Boeken en vrijgehouden plaatsen',
		stay: 'Duur van het verblijf',
		payment: 'Prijs en tegoed',
		place: 'Waar',
	},
	tables: tablesDutch,
};
