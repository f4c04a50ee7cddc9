import type { Language } from '../reason-texts/reason-text.ts';
import type { LicenceKind } from './licence-kinds.ts';

/** What a kind is called, and what it is for. */
export interface LicenceKindText {
	readonly name: string;
	readonly about: string;
}

type Texts = Readonly<Record<LicenceKind | 'camera', LicenceKindText>>;

const text = (name: string, about: string): LicenceKindText => ({ name, about });

const EN: Texts = {
	salesStandard: text('Sales Standard', 'Work on lanes, visitors, bookings, rights and the access log'),
	salesConsultation: text('Sales Consultation', 'See lanes, visitors, bookings, rights and the access log'),
	serviceStandard: text('Services Standard', 'All of the work on devices'),
	serviceMechanic: text('Services Mechanic', 'See and test devices'),
	serviceConsultation: text('Services Consultation', 'See devices'),
	serviceResource: text('Services Resource', 'Is put on rosters, and never signs in'),
	marketing: text('Marketing', 'Campaigns and leads of visitors and customers'),
	signature: text('Signature', 'Sign hand-over reports'),
	zScan: text('z·scan', 'Scan a tag or plate: whose it is, and where the vehicle stands'),
	zLogistic: text('z·logistic', 'Say where a vehicle was moved'),
	zReview: text('z·review', 'Look through reads that are in doubt'),
	zModeration: text('z·moderation', 'Blur, delete and hold pictures'),
	zAnalytics: text('z·analytics', 'See entries, exits, refusals and occupancy in figures'),
	camera: text('Camera', 'Its reads may decide'),
};

const FR: Texts = {
	salesStandard: text(
		'Ventes Standard',
		'Travailler avec les voies, visiteurs, réservations, droits et le journal des accès',
	),
	salesConsultation: text(
		'Ventes Consultation',
		'Voir les voies, visiteurs, réservations, droits et le journal des accès',
	),
	serviceStandard: text('Services Standard', 'Tout le travail sur les appareils'),
	serviceMechanic: text('Services Mécanicien', 'Voir et tester les appareils'),
	serviceConsultation: text('Services Consultation', 'Voir les appareils'),
	serviceResource: text('Services Ressource', 'Figure aux plannings et ne se connecte jamais'),
	marketing: text('Marketing', 'Voir les visiteurs pour des campagnes et des contacts'),
	signature: text('Signature', 'Signer les rapports de remise'),
	zScan: text('z·scan', 'Scanner un badge ou une plaque : à qui, et où se trouve le véhicule'),
	zLogistic: text('z·logistic', 'Dire où un véhicule a été déplacé'),
	zReview: text('z·review', 'Passer en revue les lectures douteuses'),
	zModeration: text('z·moderation', 'Flouter, supprimer et conserver des images'),
	zAnalytics: text('z·analytics', 'Voir entrées, sorties, refus et occupation en chiffres'),
	camera: text('Caméra', 'Ses lectures peuvent décider'),
};

const NL: Texts = {
	salesStandard: text(
		'Verkoop Standaard',
		'Werken met rijstroken, bezoekers, boekingen, rechten en het toegangslogboek',
	),
	salesConsultation: text(
		'Verkoop Raadpleging',
		'Rijstroken, bezoekers, boekingen, rechten en het toegangslogboek zien',
	),
	serviceStandard: text('Service Standaard', 'Al het werk aan toestellen'),
	serviceMechanic: text('Service Monteur', 'Toestellen zien en testen'),
	serviceConsultation: text('Service Raadpleging', 'Toestellen zien'),
	serviceResource: text('Service Resource', 'Staat op roosters en meldt zich nooit aan'),
	marketing: text('Marketing', 'Bezoekers zien voor campagnes en contacten'),
	signature: text('Handtekening', 'Overdrachtsverslagen ondertekenen'),
	zScan: text('z·scan', 'Een badge of nummerplaat scannen: van wie, en waar het voertuig staat'),
	zLogistic: text('z·logistic', 'Zeggen waarheen een voertuig verplaatst is'),
	zReview: text('z·review', 'Twijfelachtige lezingen nakijken'),
	zModeration: text('z·moderation', 'Beelden vervagen, wissen en bewaren'),
	zAnalytics: text('z·analytics', 'Inritten, uitritten, weigeringen en bezetting in cijfers zien'),
	camera: text('Camera', 'Haar lezingen mogen beslissen'),
};

const TEXTS: Readonly<Record<Language, Texts>> = { en: EN, fr: FR, nl: NL };

/** `camera`: of the licences of cameras. */
export function licenceKindText(kind: LicenceKind | 'camera', language: Language): LicenceKindText {
	return TEXTS[language][kind];
}
