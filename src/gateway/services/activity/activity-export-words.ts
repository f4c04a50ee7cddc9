import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { OperatorState } from '../../store/operators.ts';

interface ReportWords {
	readonly sheet: string;
	readonly headings: readonly string[];
	readonly states: Readonly<Record<OperatorState, string>>;
}

export const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = {
	en: {
		sheet: 'Activity',
		headings: [
			...['Name', 'E-mail', 'State', 'Last sign-in', 'Last active', 'Active days', 'Sign-ins', 'Refused sign-ins'],
			...['Operations', 'On the ground', 'Access', 'Rules', 'System', 'Operator (Id)'],
		],
		states: { invited: 'Invited', active: 'Active', inactive: 'Inactive' },
	},
	fr: {
		sheet: 'Activité',
		headings: [
			...['Nom', 'E-mail', 'État', 'Dernière connexion', 'Dernière activité', 'Jours actifs', 'Connexions'],
			...['Connexions refusées', 'Exploitation', 'Terrain', 'Accès', 'Règles', 'Système', 'Opérateur (Id)'],
		],
		states: { invited: 'Invité', active: 'Actif', inactive: 'Inactif' },
	},
	nl: {
		sheet: 'Activiteit',
		headings: [
			...['Naam', 'E-mail', 'Toestand', 'Laatst aangemeld', 'Laatst actief', 'Actieve dagen', 'Aanmeldingen'],
			...['Geweigerde aanmeldingen', 'Bediening', 'Op het terrein', 'Toegang', 'Regels', 'Systeem', 'Operator (Id)'],
		],
		states: { invited: 'Uitgenodigd', active: 'Actief', inactive: 'Inactief' },
	},
};

export const AUDIT_WORDS: Readonly<Record<Language, Omit<ReportWords, 'states'>>> = {
	en: {
		sheet: 'Audit',
		headings: [
			...['Time', 'Who', 'What', 'Done', 'Record', 'Field', 'Before', 'After', 'More'],
			...['Operator (Id)', 'Entry (Id)', 'Seq'],
		],
	},
	fr: {
		sheet: 'Audit',
		headings: [
			...['Moment', 'Qui', 'Objet', 'Action', 'Enregistrement', 'Champ', 'Avant', 'Après', 'Autres'],
			...['Opérateur (Id)', 'Entrée (Id)', 'Seq'],
		],
	},
	nl: {
		sheet: 'Audit',
		headings: [
			...['Tijdstip', 'Wie', 'Wat', 'Gedaan', 'Record', 'Veld', 'Voor', 'Na', 'Meer'],
			...['Operator (Id)', 'Regel (Id)', 'Seq'],
		],
	},
};
