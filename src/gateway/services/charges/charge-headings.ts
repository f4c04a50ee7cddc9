import type { Language } from '../../core/reason-texts/reason-text.ts';

/** Of the file's columns, in their order, and of its sheet. */
export const CHARGE_HEADINGS: Readonly<
	Record<Language, { readonly name: string; readonly headings: readonly string[] }>
> = {
	en: {
		name: 'Charges',
		headings: [
			'Time',
			'Holder',
			'Holder (Id)',
			'Right (Id)',
			'Stay (Id)',
			'Part',
			'Price (minor units)',
			'Currency',
			'Credits',
		],
	},
	fr: {
		name: 'Frais',
		headings: [
			...['Moment', 'Titulaire', 'Titulaire (Id)', 'Droit (Id)', 'Stationnement (Id)', 'Partie'],
			...['Prix (unités mineures)', 'Devise', 'Crédits'],
		],
	},
	nl: {
		name: 'Kosten',
		headings: [
			...['Tijdstip', 'Houder', 'Houder (Id)', 'Recht (Id)', 'Parkeersessie (Id)', 'Deel'],
			...['Prijs (kleinste eenheid)', 'Munt', 'Tegoed'],
		],
	},
};
