import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { LicenceEvent } from '../../store/licences.ts';

interface Headings {
	/** Of the sheet. */
	readonly sheet: string;
	/** Of the columns, in their order. */
	readonly headings: readonly string[];
}

/** What people read first, then what programs do. */
export const GRANT_HEADINGS: Readonly<Record<Language, Headings>> = {
	en: { sheet: 'Licences', headings: ['Name', 'E-mail', 'Licence', 'Since', 'Kind', 'Id'] },
	fr: { sheet: 'Licences', headings: ['Nom', 'E-mail', 'Licence', 'Depuis', 'Type', 'Id'] },
	nl: { sheet: 'Licenties', headings: ['Naam', 'E-mail', 'Licentie', 'Sinds', 'Soort', 'Id'] },
};

export const HISTORY_HEADINGS: Readonly<
	Record<Language, Headings & { readonly events: Readonly<Record<LicenceEvent, string>> }>
> = {
	en: {
		sheet: 'Licence history',
		headings: [...['Time', 'What', 'Whose', 'Licence', 'By'], ...['Event', 'Subject (Id)', 'Kind', 'Operator (Id)']],
		events: {
			...{ licenceInstalled: 'Licence installed', parkActivated: 'Park made active' },
			...{ parkDeactivated: 'Park made inactive', cameraActivated: 'Camera given a licence' },
			...{ cameraDeactivated: 'Licence taken from a camera', kindGiven: 'Given', kindTaken: 'Taken' },
		},
	},
	fr: {
		sheet: 'Historique des licences',
		headings: [
			...['Moment', 'Quoi', 'À qui', 'Licence', 'Par'],
			...['Événement', 'Sujet (Id)', 'Type', 'Opérateur (Id)'],
		],
		events: {
			...{ licenceInstalled: 'Licence installée', parkActivated: 'Parking rendu actif' },
			...{ parkDeactivated: 'Parking rendu inactif', cameraActivated: 'Licence donnée à une caméra' },
			...{ cameraDeactivated: 'Licence retirée à une caméra', kindGiven: 'Donnée', kindTaken: 'Retirée' },
		},
	},
	nl: {
		sheet: 'Licentiegeschiedenis',
		headings: [
			...['Tijdstip', 'Wat', 'Van wie', 'Licentie', 'Door'],
			...['Gebeurtenis', 'Onderwerp (Id)', 'Soort', 'Operator (Id)'],
		],
		events: {
			...{ licenceInstalled: 'Licentie geïnstalleerd', parkActivated: 'Parking actief gemaakt' },
			...{ parkDeactivated: 'Parking inactief gemaakt', cameraActivated: 'Licentie gegeven aan een camera' },
			...{ cameraDeactivated: 'Licentie ontnomen aan een camera', kindGiven: 'Gegeven', kindTaken: 'Ontnomen' },
		},
	},
};
