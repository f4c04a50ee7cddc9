/** Types of MQTT packets that tests tell apart (MQTT 5, 2.1.2). */
export const CONNECT = 1;
export const PUBLISH = 3;
export const PUBACK = 4;

/** One MQTT packet as it is on the wire. */
export interface MqttPacket {
	readonly bytes: Uint8Array;
	readonly type: number;
	/** Of a publish: it was sent before (MQTT 5, 3.3.1.1). */
	readonly isRepeated: boolean;
}

const LENGTH_BYTES = 4;

/** Cuts a stream of bytes into MQTT packets. @returns takes a piece and gives the packets that it completed. */
export function createPacketCutter(): (piece: Uint8Array) => readonly MqttPacket[] {
	let rest = Buffer.alloc(0);
	return (piece) => {
		rest = Buffer.concat([rest, piece]);
		const packets: MqttPacket[] = [];
		for (let size = sizeOf(rest); size !== undefined && rest.length >= size; size = sizeOf(rest)) {
			const first = rest[0] ?? 0;
			const type = first >> 4;
			packets.push({ bytes: rest.subarray(0, size), type, isRepeated: type === PUBLISH && (first & 0b1000) !== 0 });
			rest = rest.subarray(size);
		}
		return packets;
	};
}

/** Of the packet that begins here, by its variable length (MQTT 5, 1.5.5); undefined: too little of it is here. */
function sizeOf(bytes: Uint8Array): number | undefined {
	let length = 0;
	for (let at = 1; at <= LENGTH_BYTES; at += 1) {
		const byte = bytes[at];
		if (byte === undefined) return undefined;
		length += (byte & 0x7f) * 128 ** (at - 1);
		if ((byte & 0x80) === 0) return 1 + at + length;
	}
	throw new Error('no MQTT packet');
}
