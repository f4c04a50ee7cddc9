import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { DecisionSummary } from '../access-log.ts';

interface Words {
	/** Of the sheet. */
	readonly sheet: string;
	/** Of the columns: what people read first, then what programs do. */
	readonly headings: readonly string[];
	readonly direction: Readonly<Record<DecisionSummary['direction'], string>>;
	readonly outcome: Readonly<Record<DecisionSummary['outcome'], string>>;
	readonly sequel: Readonly<Record<DecisionSummary['sequel'], string>>;
}

export const DECISION_WORDS: Readonly<Record<Language, Words>> = {
	en: {
		sheet: 'Access log',
		headings: [
			...['Time', 'Lane', 'Direction', 'Read', 'Person', 'Outcome', 'Why', 'What followed'],
			...['Lane (Id)', 'Person (Id)', 'Reason', 'Decision (Id)', 'Seq'],
		],
		direction: { entry: 'Entry', exit: 'Exit' },
		outcome: { granted: 'Granted', refused: 'Refused' },
		sequel: {
			...{ none: '', opening: 'Opening', opened: 'Barrier opened', openFailed: 'The barrier did not open' },
			...{ openUnknown: 'Opening not confirmed', passed: 'Drove through' },
			...{ backedOut: 'Backed out', notUsed: 'Did not drive through' },
		},
	},
	fr: {
		sheet: 'Journal des accès',
		headings: [
			...['Moment', 'Voie', 'Sens', 'Lu', 'Personne', 'Résultat', 'Pourquoi', 'Suite'],
			...['Voie (Id)', 'Personne (Id)', 'Motif', 'Décision (Id)', 'Seq'],
		],
		direction: { entry: 'Entrée', exit: 'Sortie' },
		outcome: { granted: 'Accordé', refused: 'Refusé' },
		sequel: {
			...{ none: '', opening: 'Ouverture', opened: 'Barrière ouverte', openFailed: 'La barrière ne s’est pas ouverte' },
			...{ openUnknown: 'Ouverture non confirmée', passed: 'Passé' },
			...{ backedOut: 'A reculé', notUsed: 'N’est pas passé' },
		},
	},
	nl: {
		sheet: 'Toegangslog',
		headings: [
			...['Tijdstip', 'Rijstrook', 'Richting', 'Gelezen', 'Persoon', 'Uitkomst', 'Waarom', 'Vervolg'],
			...['Rijstrook (Id)', 'Persoon (Id)', 'Reden', 'Beslissing (Id)', 'Seq'],
		],
		direction: { entry: 'Inrit', exit: 'Uitrit' },
		outcome: { granted: 'Toegelaten', refused: 'Geweigerd' },
		sequel: {
			...{ none: '', opening: 'Gaat open', opened: 'Slagboom open', openFailed: 'De slagboom ging niet open' },
			...{ openUnknown: 'Openen niet bevestigd', passed: 'Doorgereden' },
			...{ backedOut: 'Teruggereden', notUsed: 'Niet doorgereden' },
		},
	},
};
