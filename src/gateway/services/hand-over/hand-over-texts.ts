import type { Language } from '../../core/reason-texts/reason-text.ts';

/** What a report is called and says around its content. */
export interface HandOverTexts {
	readonly title: string;
	readonly lane: string;
	readonly device: string;
	readonly writtenBy: string;
	readonly facts: string;
	readonly checks: string;
	readonly remarks: string;
	readonly signatures: string;
	readonly notSigned: string;
	/** Instead of strokes. */
	readonly typed: string;
	readonly signedAt: string;
	readonly atLoginOf: string;
	/** What the hash is good for. */
	readonly seal: string;
	readonly page: string;
	/** What the gateway's own facts are called. */
	readonly names: Readonly<Record<string, string>>;
}

export const HAND_OVER_TEXTS: Readonly<Record<Language, HandOverTexts>> = {
	en: {
		...{ title: 'Hand-over report', lane: 'Lane', device: 'Device', writtenBy: 'Written by' },
		...{ facts: 'As found by the gateway', checks: 'Checked and in order', remarks: 'Remarks' },
		...{ signatures: 'Signatures', notSigned: 'Not signed yet.', typed: 'Signed by typing the name' },
		...{ signedAt: 'Signed', atLoginOf: 'at the login of', page: 'Page' },
		seal: 'The SHA-256 of this report and of each signature stand in the hash-chained journal of the gateway: a report that was changed afterwards no longer fits them.',
		names: {
			...{ kind: 'Kind', from: 'From', to: 'To', readers: 'Readers', cameras: 'Cameras', barrier: 'Barrier' },
			...{ driver: 'Driver', address: 'Address', state: 'State', problem: 'Problem' },
		},
	},
	fr: {
		...{ title: 'Rapport de remise', lane: 'Voie', device: 'Appareil', writtenBy: 'Rédigé par' },
		...{ facts: 'Constaté par la passerelle', checks: 'Vérifié et en ordre', remarks: 'Remarques' },
		...{ signatures: 'Signatures', notSigned: 'Pas encore signé.', typed: 'Signé en tapant le nom' },
		...{ signedAt: 'Signé', atLoginOf: 'sous l’identifiant de', page: 'Page' },
		seal: 'Le SHA-256 de ce rapport et de chaque signature figurent dans le journal chaîné de la passerelle : un rapport modifié après coup ne leur correspond plus.',
		names: {
			...{ kind: 'Type', from: 'De', to: 'Vers', readers: 'Lecteurs', cameras: 'Caméras', barrier: 'Barrière' },
			...{ driver: 'Pilote', address: 'Adresse', state: 'État', problem: 'Problème' },
		},
	},
	nl: {
		...{ title: 'Opleveringsverslag', lane: 'Rijstrook', device: 'Toestel', writtenBy: 'Geschreven door' },
		...{ facts: 'Vastgesteld door de gateway', checks: 'Nagekeken en in orde', remarks: 'Opmerkingen' },
		...{ signatures: 'Handtekeningen', notSigned: 'Nog niet ondertekend.', typed: 'Ondertekend door de naam te typen' },
		...{ signedAt: 'Ondertekend', atLoginOf: 'onder de login van', page: 'Pagina' },
		seal: 'De SHA-256 van dit verslag en van elke handtekening staan in het geketende journaal van de gateway: een verslag dat later is gewijzigd, klopt er niet meer mee.',
		names: {
			...{ kind: 'Soort', from: 'Van', to: 'Naar', readers: 'Lezers', cameras: 'Camera’s', barrier: 'Slagboom' },
			...{ driver: 'Stuurprogramma', address: 'Adres', state: 'Toestand', problem: 'Probleem' },
		},
	},
};
