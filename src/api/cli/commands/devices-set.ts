import { type Command, InvalidArgumentError } from 'commander';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, configOption, example } from '../command-context.ts';
import type { SetUpChange } from '../handlers.ts';
import type { Terminal } from '../terminal.ts';

interface SetFlags {
	config: string;
	address?: number;
	baud?: number;
	keyFile?: string;
}

const KEY_BYTES = 16;
const KEY_FILE_BYTES = 256;

/** `devices set`: what a technician changes in a device itself. */
export function addDevicesSet(devices: Command, { handlers, terminal, exitWith }: CommandContext): void {
	devices
		.command('set')
		.summary('change address, baud or key of a device')
		.description(
			'Changes one setting in the device itself, over its line; stop the gateway first. gateway.yaml (or the\n' +
				'credential) must say the same afterwards. A new baud goes to every device of the line.',
		)
		.argument('<id>', 'the device in gateway.yaml')
		.option('--address <number>', 'new address on its line, such as 0 to 126 for OSDP', parseNumber)
		.option('--baud <rate>', 'new rate, such as 19200', parseNumber)
		.option('--key-file <file>', 'file with the new secret key: 32 hexadecimal digits; - for standard input')
		.addOption(configOption())
		.addHelpText(
			'after',
			example('parkgate devices set reader-1 --address 5', 'parkgate devices set reader-1 --key-file new.key'),
		)
		.action(async (deviceId: string, flags: SetFlags) => {
			const change = await changeOf(flags, terminal);
			const request = { configFile: flags.config, deviceId, change, signal: terminal.interrupted() };
			const { outcome } = await handlers.setUpDevice(request);
			if (outcome.result === 'done') {
				terminal.out(`${terminal.style('green', 'done')}  ${escapeHidden(deviceId)}: ${afterwards(change)}\n`);
				return;
			}
			exitWith(1);
			const problem = 'problem' in outcome ? outcome.problem : 'its time ran out';
			terminal.err(`${escapeHidden(`${deviceId}: ${outcome.result}: ${problem}`)}\n`);
		});
}

function afterwards(change: SetUpChange): string {
	switch (change.kind) {
		case 'address':
			return `write address: ${change.address} in gateway.yaml`;
		case 'baud':
			return `write baud: ${change.baud} in gateway.yaml, for every device of its line`;
		case 'key':
			return 'put the same key into the credential that gateway.yaml names';
	}
}

async function changeOf({ address, baud, keyFile }: SetFlags, terminal: Terminal): Promise<SetUpChange> {
	const given = [address, baud, keyFile].filter((flag) => flag !== undefined);
	if (given.length !== 1) {
		throw new GatewayError('INVALID_REQUEST', 'give one of --address, --baud and --key-file');
	}
	if (address !== undefined) return { kind: 'address', address };
	if (baud !== undefined) return { kind: 'baud', baud };
	const text = Buffer.from(await terminal.read(keyFile ?? '-', KEY_FILE_BYTES))
		.toString('latin1')
		.trim();
	if (!/^[0-9a-fA-F]{32}$/.test(text)) {
		throw new GatewayError('INVALID_REQUEST', `the key must be ${KEY_BYTES * 2} hexadecimal digits and nothing else`);
	}
	return { kind: 'key', key: Uint8Array.fromHex(text) };
}

function parseNumber(text: string): number {
	const number = Number(text);
	if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number.');
	return number;
}
