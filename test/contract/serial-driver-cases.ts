/** What the contract must know of one driver that has a port, besides what it declares. */
export interface SerialDriverCase {
	/** Device entries of one line; without `driver` and `port`. */
	readonly entries: readonly object[];
	/** From the start to online, at most, ms. */
	readonly onlineWithinMs: number;
	/** From the last answer to offline, at most, ms. Absent: it is never asked anything, so that silence says nothing. */
	readonly offlineWithinMs?: number;
	/** From the end of a silence or of any trouble to online, at most, ms. */
	readonly backWithinMs: number;
	/** Things that happen to the first device, all allowed. */
	readonly stimuli: readonly string[];
	/** A card that is shown to the first device; absent: it reads none. */
	readonly card?: {
		readonly stimulus: string;
		readonly tag: string;
		/** Nothing checks its bytes: damage can make another card of it. */
		readonly unchecked?: true;
	};
	/** A plate that is shown to the first device; absent: it reads none. */
	readonly plate?: { readonly stimulus: string; readonly plate: string };
}

const UHF_CARD = 'card E28011606000020A3B5C4D11';

/** By the driver's name, and what follows a comma; every driver that has a port has its case. */
export const SERIAL_DRIVER_CASES: Readonly<Record<string, SerialDriverCase>> = {
	'modbus-relay': {
		entries: [
			{ id: 'boom-1', unit: 1, outputs: { open: 1 }, inputs: { arming: 1, safety: { channel: 2, invert: true } } },
			{ id: 'boom-2', unit: 255, outputs: { open: 2 }, pulseMode: 'coil', coilOffset: 1, onValue: 0x0100 },
		],
		onlineWithinMs: 500,
		// Three answers missed, each after its time-out and a pause, of two boards in turn.
		offlineWithinMs: 2 * 3 * 350 + 500,
		backWithinMs: 3_000,
		stimuli: ['input arming on', 'input safety on', 'input arming off', 'power off', 'power on', 'input safety off'],
	},
	'serial-relay': {
		entries: [{ id: 'boom-1', board: 'lcus', outputs: { open: 1 } }],
		onlineWithinMs: 500,
		backWithinMs: 3_000,
		stimuli: ['power off', 'power on'],
	},
	'serial-relay, kmtronic': {
		entries: [{ id: 'boom-1', board: 'kmtronic', channels: 4, outputs: { open: 1, hold: 2 } }],
		onlineWithinMs: 600,
		// Three looks missed.
		offlineWithinMs: 3 * 1_300 + 500,
		backWithinMs: 3_500,
		stimuli: ['power off', 'power on'],
	},
	osdp: {
		entries: [
			{ id: 'reader-1', address: 1 },
			{ id: 'reader-2', address: 2, key: '00112233445566778899aabbccddeeff', outputs: { open: 0 } },
		],
		onlineWithinMs: 4_000,
		offlineWithinMs: 10_000,
		backWithinMs: 15_000,
		stimuli: ['card 26:9ADDDF00', 'tamper on', 'tamper off', 'card 26:9ADDDF00'],
		card: { stimulus: 'card 26:9ADDDF00', tag: '26:9ADDDF00' },
	},
	rdm6300: {
		entries: [{ id: 'reader-1' }],
		onlineWithinMs: 100,
		backWithinMs: 61_000,
		stimuli: ['card 0F0368568B', 'power off', 'card 0F0368568B', 'power on'],
		card: { stimulus: 'card 0F0368568B', tag: '0F0368568B' },
	},
	'ascii-line': {
		entries: [{ id: 'reader-1' }],
		onlineWithinMs: 100,
		backWithinMs: 61_000,
		stimuli: ['card 0F0368568B', 'say hello', 'power off', 'card 0F0368568B', 'power on'],
		card: { stimulus: 'card 0F0368568B', tag: '0F0368568B', unchecked: true },
	},
	'wiegand-serial': {
		entries: [{ id: 'reader-1', notation: 'bits', cards: ['H10301', 'H10306'] }],
		onlineWithinMs: 100,
		backWithinMs: 61_000,
		stimuli: ['card H10301 53 48062', 'say 1010', 'power off', 'card 26:9ADDDF00', 'power on'],
		// Two wrong bits in one half of a card pass its parity.
		card: { stimulus: 'card H10301 53 48062', tag: '26:9ADDDF00', unchecked: true },
	},
	'uhf-r200': {
		entries: [{ id: 'reader-1', powerDbm: 26, region: 'EU' }],
		onlineWithinMs: 1_000,
		// Three looks missed, with a pause after each.
		offlineWithinMs: 3 * 500 + 500,
		backWithinMs: 4_000,
		stimuli: [UHF_CARD, 'power off', 'power on', 'enter E28011606000020A3B5C4D12', 'leave E28011606000020A3B5C4D12'],
		card: { stimulus: UHF_CARD, tag: 'E28011606000020A3B5C4D11' },
	},
	'uhf-chafon': {
		entries: [
			{ id: 'reader-1', address: 1, antennas: [1, 2], powerDbm: 30, region: 'EU' },
			{ id: 'reader-2', address: 2, family: 'reader18' },
		],
		onlineWithinMs: 1_500,
		// Three looks missed of each of two readers in turn.
		offlineWithinMs: 3 * (1_000 + 1_500 + 200) + 1_000,
		backWithinMs: 5_000,
		stimuli: [`${UHF_CARD} antenna 2`, 'antenna 2 off', 'antenna 2 on', 'power off', 'power on'],
		card: { stimulus: `${UHF_CARD} antenna 2`, tag: 'E28011606000020A3B5C4D11' },
	},
	'uhf-chafon-cf': {
		entries: [{ id: 'reader-1', powerDbm: 30, region: 'EU' }],
		onlineWithinMs: 1_000,
		offlineWithinMs: 3 * 1_100 + 500,
		backWithinMs: 4_000,
		stimuli: [`${UHF_CARD} antenna 2`, 'power off', 'power on', UHF_CARD],
		card: { stimulus: `${UHF_CARD} antenna 2 rssi -71`, tag: 'E28011606000020A3B5C4D11' },
	},
	'uhf-indy': {
		entries: [
			{ id: 'reader-1', address: 1, antennas: [1, 4], powerDbm: 30, region: 'EU' },
			{ id: 'reader-2', address: 2 },
		],
		onlineWithinMs: 1_500,
		// Three looks missed of each of two readers in turn.
		offlineWithinMs: 2 * 3 * 1_100 + 1_000,
		backWithinMs: 5_000,
		stimuli: [`${UHF_CARD} antenna 4`, 'antenna 4 off', 'antenna 4 on', 'power off', 'power on'],
		card: { stimulus: `${UHF_CARD} antenna 4 rssi -58`, tag: 'E28011606000020A3B5C4D11' },
	},
	'uhf-thingmagic': {
		entries: [{ id: 'reader-1', region: 'EU', powerDbm: 26, antennas: [1, 2] }],
		onlineWithinMs: 1_500,
		// It says once a second that it lives; then it is asked to read again, twice.
		offlineWithinMs: 3 * 3_600 + 500,
		backWithinMs: 6_000,
		stimuli: [`${UHF_CARD} antenna 2`, 'antenna off', 'antenna on', 'reset', 'power off', 'power on'],
		card: { stimulus: `${UHF_CARD} antenna 2 rssi -60`, tag: 'E28011606000020A3B5C4D11' },
	},
	'hid-relay': {
		entries: [{ id: 'boom-1', serial: 'BITFT', outputs: { open: 1, hold: 8 } }],
		onlineWithinMs: 500,
		// Three looks missed, each refused by the system after its time.
		offlineWithinMs: 3 * 2_500 + 500,
		backWithinMs: 4_000,
		stimuli: ['power off', 'power on'],
	},
	'hid-keyboard': {
		entries: [{ id: 'reader-1' }],
		onlineWithinMs: 100,
		backWithinMs: 61_000,
		stimuli: ['card 0F0368568B', 'say hello', 'power off', 'card 0F0368568B', 'power on'],
		// A key that is lost leaves another card.
		card: { stimulus: 'card 0F0368568B', tag: '0F0368568B', unchecked: true },
	},
	'hid-pcprox': {
		entries: [{ id: 'reader-1', cards: ['H10301'] }],
		onlineWithinMs: 1_000,
		// Three questions, with a pause before each.
		offlineWithinMs: 3 * 1_300 + 500,
		backWithinMs: 4_000,
		stimuli: ['card H10301 53 48062', 'power off', 'card 26:9ADDDF00', 'power on'],
		card: { stimulus: 'card H10301 53 48062', tag: '26:9ADDDF00' },
	},
	'serial-anpr': {
		// Of its forms the one that no bytes by chance are; the others have properties of their own.
		entries: [{ id: 'camera-1', format: 'tattile', timeZone: 'Europe/Brussels' }],
		onlineWithinMs: 100,
		backWithinMs: 61_000,
		stimuli: ['plate 7459MTL', 'say <html>', 'power off', 'plate 7459MTL', 'power on'],
		plate: { stimulus: 'plate 7459MTL ESP confidence 0.93', plate: '7459MTL' },
	},
};
