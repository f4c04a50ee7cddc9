import type { LeadSource, LeadState } from '../../core/lead.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';

interface Headings {
	/** Of the sheet. */
	readonly sheet: string;
	/** Of the columns, in their order. */
	readonly headings: readonly string[];
}

export const CAMPAIGN_HEADINGS: Readonly<Record<Language, Headings>> = {
	en: { sheet: 'Campaigns', headings: ['Name', 'From', 'To', 'Rights', 'Visits', 'Rights that came', 'Id'] },
	fr: { sheet: 'Campagnes', headings: ['Nom', 'Du', 'Au', 'Droits', 'Visites', 'Droits venus', 'Id'] },
	nl: { sheet: 'Campagnes', headings: ['Naam', 'Van', 'Tot', 'Rechten', 'Bezoeken', 'Rechten die kwamen', 'Id'] },
};

export const LEAD_HEADINGS: Readonly<
	Record<
		Language,
		Headings & {
			readonly states: Readonly<Record<LeadState, string>>;
			readonly sources: Readonly<Record<LeadSource, string>>;
		}
	>
> = {
	en: {
		sheet: 'Leads',
		headings: [
			...['Time', 'State', 'From', 'Name', 'Company', 'E-mail', 'Telephone', 'Message', 'Agreed', 'Kept until'],
			...['Source (Id)', 'Campaign (Id)', 'Id'],
		],
		states: { new: 'New', contacted: 'Contacted', closed: 'Closed' },
		sources: { operations: 'Visitor', maintenance: 'Customer of the service' },
	},
	fr: {
		sheet: 'Contacts',
		headings: [
			...[
				'Moment',
				'État',
				'Origine',
				'Nom',
				'Société',
				'E-mail',
				'Téléphone',
				'Message',
				'Accord',
				'Conservé jusqu’au',
			],
			...['Source (Id)', 'Campagne (Id)', 'Id'],
		],
		states: { new: 'Nouveau', contacted: 'Contacté', closed: 'Clos' },
		sources: { operations: 'Visiteur', maintenance: 'Client du service' },
	},
	nl: {
		sheet: 'Contacten',
		headings: [
			...[
				'Tijdstip',
				'Toestand',
				'Herkomst',
				'Naam',
				'Bedrijf',
				'E-mail',
				'Telefoon',
				'Bericht',
				'Akkoord',
				'Bewaard tot',
			],
			...['Bron (Id)', 'Campagne (Id)', 'Id'],
		],
		states: { new: 'Nieuw', contacted: 'Gecontacteerd', closed: 'Afgesloten' },
		sources: { operations: 'Bezoeker', maintenance: 'Klant van de dienst' },
	},
};
