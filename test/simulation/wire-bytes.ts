import type { ConfiguredDevice } from '../../src/config/gateway-config.ts';
import type { Lane } from '../../src/gateway/core/site.ts';

/** What bytes to a relay board mean to a lane; read from Waveshare's manual and the Modbus standard, not by the driver's code. */
export interface BoardCommand {
	readonly laneId: string;
	readonly output: 'open' | 'hold';
	readonly on: boolean;
}

const WRITE_SINGLE_COIL = 0x05;
/** Waveshare: flash-on of channel n at 0x0200 + n − 1, the value in tenths of a second. */
const FLASH_ON = 0x0200;

export function readBoardCommand(
	site: { readonly lanes: readonly Lane[]; readonly devices: readonly ConfiguredDevice[] },
	address: string,
	bytes: Uint8Array,
): BoardCommand | undefined {
	const [unit = 0, func, high = 0, low = 0, valueHigh = 0, valueLow = 0] = bytes;
	if (bytes.length !== 8 || func !== WRITE_SINGLE_COIL) return undefined;
	const board = site.devices.find(
		(device) => device.driver === 'modbus-relay' && device.port === address && device['unit'] === unit,
	);
	const lane = site.lanes.find(({ barrier }) => barrier?.deviceId === board?.id);
	if (board === undefined || lane === undefined) return undefined;
	const coil = high * 256 + low;
	const channel = (coil >= FLASH_ON ? coil - FLASH_ON : coil) + 1;
	const outputs = board['outputs'] as Record<string, number>;
	const output = channel === outputs['open'] ? 'open' : channel === outputs['hold'] ? 'hold' : undefined;
	if (output === undefined) return undefined;
	return { laneId: lane.id, output, on: valueHigh * 256 + valueLow > 0 };
}
