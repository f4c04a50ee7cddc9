import type { ReasonTexts } from './reason-texts.ts';

export const dutch: ReasonTexts = {
	LANE_CLOSED: [
		'De rijstrook is gesloten.',
		'Stuur de bestuurder naar een andere rijstrook, of heropen deze onder Live.',
	],
	LOCKDOWN: [
		'De site is in lockdown: niemand mag binnen.',
		'Alleen wie de lockdown afkondigde, of een beheerder, kan die opheffen.',
	],
	WRONG_DIRECTION: [
		'Het voertuig kwam van de verkeerde kant van de rijstrook.',
		'Vraag de bestuurder achteruit te rijden en de juiste rijstrook te nemen.',
	],
	NO_VEHICLE_PRESENT: [
		'Er werd iets gelezen, maar er stond geen voertuig op de aankomstlus.',
		'Rijd tot bij de lezer. Staat er een voertuig, laat dan de lus nakijken onder Toestellen.',
	],
	TAILGATE: [
		'Het voertuig volgde een ander voertuig op één opening.',
		'Kijk na wie volgde, en verbeter de bezetting indien nodig.',
	],
	DEVICE_FAULT: [
		'Een toestel van deze rijstrook werkt niet.',
		'Zie het toestel onder Toestellen; open met de hand na controle van de persoon.',
	],
	PRODUCT_LICENCE_EXPIRED: [
		'De productlicentie is verlopen en de respijttijd is voorbij.',
		'Een beheerder moet een nieuwe licentie installeren; uitritten blijven werken.',
	],
	RFID_NOT_ENABLED: [
		'Tags zitten niet in de productlicentie van deze site.',
		'Gebruik de nummerplaat, of vraag de leverancier RFID toe te voegen.',
	],
	CAMERA_UNLICENSED: [
		'De camera die de nummerplaat las, heeft geen licentie.',
		'Geef de camera een licentie onder Licenties, of gebruik een tag.',
	],
	PARK_INACTIVE: [
		'Deze parking is niet actief.',
		'Alleen de support van de leverancier kan een parking activeren; bel hen.',
	],
	NEVER_SYNCED: [
		'Deze gateway heeft zijn lijst van personen en rechten nog niet ontvangen.',
		'Kijk de verbinding na onder Synchronisatie; open intussen met de hand.',
	],
	STALE_DATA: [
		'De lijst van personen en rechten is te oud voor dit toegangsmiddel.',
		'Herstel de verbinding met central, of open met de hand na controle.',
	],
	CLOCK_UNTRUSTED: [
		'De gateway is niet zeker van de tijd, en dit recht is beperkt in de tijd.',
		'Een beheerder ter plaatse kan de tijd bevestigen; rechten zonder beperking blijven werken.',
	],
	INVALID_FORMAT: [
		'Wat gelezen werd, is nummerplaat noch tag.',
		'Lees opnieuw; als het zich herhaalt, kijk de lezer of camera na onder Toestellen.',
	],
	LOW_CONFIDENCE: [
		'De camera was niet zeker genoeg van de nummerplaat.',
		'Laat de bestuurder wat verplaatsen voor een nieuwe lezing, of maak plaat of lens schoon.',
	],
	AMBIGUOUS_PLATE: [
		'De gelezen nummerplaat past bij meer dan één toegelaten voertuig.',
		'Kijk de plaat zelf na en open met de hand.',
	],
	UNKNOWN_CREDENTIAL: [
		'Deze nummerplaat of tag is hier niet bekend.',
		'Kijk na of ze verkeerd gelezen werd; registreer ze anders voor haar houder, of maak van de bestuurder een bezoeker.',
	],
	PLATE_TAG_MISMATCH: [
		'De nummerplaat en de tag horen bij verschillende houders.',
		'Vraag van wie de tag is; een gedeeld voertuig heeft beide bij één houder nodig.',
	],
	SECOND_FACTOR_TIMEOUT: [
		'Deze rijstrook vraagt meer dan één van tag, nummerplaat en pincode; één kwam niet of hoort niet bij deze houder.',
		'Bied de ontbrekende aan en probeer opnieuw.',
	],
	CLONE_SUSPECTED: [
		'Dezelfde tag of nummerplaat werd zojuist elders gebruikt.',
		'Controleer voertuig en bestuurder vóór u opent; het middel is misschien gekopieerd.',
	],
	CREDENTIAL_DISABLED: [
		'Dit toegangsmiddel is uitgeschakeld.',
		'Schakel het weer in onder Toegangsmiddelen als dat klopt.',
	],
	CREDENTIAL_LOST: [
		'Dit toegangsmiddel werd als verloren gemeld.',
		'Houd het bij als een onbekende het aanbiedt; geef de houder een nieuw.',
	],
	CREDENTIAL_STOLEN: [
		'Dit toegangsmiddel werd als gestolen gemeld.',
		'Open niet. Volg de veiligheidsprocedure van de site.',
	],
	CREDENTIAL_NOT_STARTED: ['Dit toegangsmiddel is nog niet geldig.', 'Kijk de eerste dag na onder Toegangsmiddelen.'],
	CREDENTIAL_EXPIRED: ['Dit toegangsmiddel is verlopen.', 'Verleng het onder Toegangsmiddelen, of geef een nieuw.'],
	HOLDER_INACTIVE: ['De houder is inactief.', 'Activeer de houder onder Personen als die hier nog thuishoort.'],
	HOLDER_BLOCKED: ['De houder is geblokkeerd.', 'Vraag eerst een beheerder waarom.'],
	NO_RIGHT: ['De houder is bekend maar heeft geen toegangsrecht.', 'Ken de houder een recht of een bundel toe.'],
	WRONG_AREA: [
		'Het recht geldt niet voor de zone achter deze rijstrook.',
		'Stuur de bestuurder naar de eigen zone, of ken een recht voor deze zone toe.',
	],
	RIGHT_SUSPENDED: [
		'Het toegangsrecht is geschorst.',
		'Hef de schorsing op bij de rechten van de houder als de oorzaak weg is.',
	],
	RIGHT_NOT_STARTED: ['Het toegangsrecht is nog niet begonnen.', 'Kijk de eerste dag van het recht na.'],
	RIGHT_EXPIRED: ['Het toegangsrecht is verlopen.', 'Verleng het recht, of ken een nieuw toe.'],
	OUTSIDE_SCHEDULE: [
		'Het recht geldt niet op dit moment van de week.',
		'Kom terug binnen het uurrooster, of ken een recht met een ruimer rooster toe.',
	],
	SPECIAL_DAY: [
		'Vandaag is een bijzondere dag waarop dit recht niet opent.',
		'Zie de bijzondere dagen van het uurrooster.',
	],
	NO_BOOKING: ['Er is geen reservatie voor nu.', 'Reserveer eerst een plaats; de reservatie geldt meteen.'],
	BOOKING_TOO_EARLY: ['De reservatie is nog niet begonnen.', 'Kom terug bij het begin, of verplaats de reservatie.'],
	BOOKING_EXPIRED: ['De reservatie is voorbij, of verviel omdat niemand kwam.', 'Maak een nieuwe reservatie.'],
	USES_EXHAUSTED: [
		'Alle beurten van dit recht zijn opgebruikt.',
		'Wacht op de volgende periode, of verhoog het aantal beurten.',
	],
	NO_CREDIT: ['Onvoldoende krediet.', 'Laad de portefeuille van de houder op.'],
	SESSION_ALREADY_OPEN: [
		'De houder heeft met dit recht al een voertuig binnen.',
		'Sluit de parkeersessie als dat voertuig ongezien vertrok; anders is een tweede recht nodig.',
	],
	ANTI_PASSBACK_IN: [
		'Het middel kwam binnen en werd niet zien vertrekken.',
		'Kijk na of het niet werd doorgegeven; zet de anti-passback terug als het echt vertrok.',
	],
	ANTI_PASSBACK_OUT: [
		'Het middel vertrekt zonder dat het binnenkomen gezien werd.',
		'Zet de anti-passback terug; kijk na hoe het binnenkwam.',
	],
	AREA_SKIPPED: ['Het voertuig reed niet door de zone hiervoor.', 'Vraag de bestuurder de juiste weg te nemen.'],
	AREA_FULL: [
		'De parking of zone is vol.',
		'Wacht tot een voertuig vertrekt. Lege plaatsen kunnen voor anderen vrijgehouden zijn; verbeter de telling alleen als die fout is.',
	],
	POOL_FULL: [
		'Alle plaatsen van de pool van de houder zijn bezet.',
		'Wacht tot een voertuig van de pool vertrekt, of vergroot de pool.',
	],
	GROUP_FULL: [
		'Alle plaatsen van de groep van de houder zijn bezet.',
		'Wacht tot een voertuig van de groep vertrekt, of verhoog de grens van de groep.',
	],
};
