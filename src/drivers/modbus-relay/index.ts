import { defineSerialDriver } from '../driver.ts';
import { type ModbusRelayConfig, modbusRelayConfig } from './config.ts';
import { decodeCapture } from './decode.ts';
import { createModbusLink } from './link.ts';
import { createBoardSimulator } from './simulator.ts';

/** Modbus RTU relay and input boards (Waveshare, LC-Tech and kin); see docs/drivers/modbus-relay.md. */
export const modbusRelay = defineSerialDriver<ModbusRelayConfig>({
	carrier: 'serial',
	kind: 'modbus-relay',
	config: modbusRelayConfig,
	line: ({ baud, parity, stopBits, pulseMode, guard, outputs }) => ({
		...{ baud, parity, stopBits },
		guarded: pulseMode === 'coil' && guard !== 'off' && Object.keys(outputs).length > 0,
	}),
	createLink: createModbusLink,
	createSimulator: createBoardSimulator,
	decode: decodeCapture,
});
