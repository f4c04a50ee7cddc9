import { FUNCTION, type ModbusRequest } from '../../../src/drivers/modbus-relay/frame.ts';
import vectors from '../../fixtures/modbus/vectors.json' with { type: 'json' };

/** Published frames; see test/fixtures/modbus. */
export const VECTORS = vectors;

interface RequestVector {
	readonly function: number;
	readonly unit: number;
	readonly address: number;
	readonly count?: number;
	readonly value?: number;
}

export function requestOf({ function: func, unit, address, count = 0, value = 0 }: RequestVector): ModbusRequest {
	if (func === FUNCTION.writeCoil) return { function: FUNCTION.writeCoil, unit, address, value };
	if (func === FUNCTION.readCoils) return { function: FUNCTION.readCoils, unit, address, count };
	return { function: FUNCTION.readInputs, unit, address, count };
}

/** The request with these bytes among the published ones. */
export function requestFrom(hex: string): ModbusRequest {
	const vector = VECTORS.requests.find((candidate) => candidate.hex === hex);
	if (vector === undefined) throw new Error(`no request ${hex}`);
	return requestOf(vector);
}
