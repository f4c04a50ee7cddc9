import { type Command, Option } from 'commander';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { type CommandContext, example } from '../command-context.ts';
import { jsonLine } from '../output.ts';

/** A capture of hours at the fastest line; more is no question for one command. */
const CAPTURE_BYTES = 64 * 1_048_576;

export function addDecode(program: Command, { handlers, terminal }: CommandContext): void {
	program
		.command('decode')
		.summary('decode captured bytes of a device')
		.description(
			'Reads a captured byte stream, an HTTP body, or a trace of `devices monitor --record`, and prints one JSON line\n' +
				'for each frame, error and observation.',
		)
		.argument('<file>', 'captured bytes or a trace, - for standard input')
		.addOption(new Option('--driver <name>', 'driver of the device').choices(handlers.driverKinds))
		.option('--hex', 'the file holds hexadecimal text; spaces and line breaks between bytes do not matter')
		.option('--content-type <type>', 'content type of an HTTP body; found from the body when left out')
		.addHelpText('after', example('parkgate decode --driver osdp --hex capture.txt', 'parkgate decode reader-1.trace'))
		.action(async (file: string, options: { driver?: string; hex?: true; contentType?: string }) => {
			const captured = await terminal.read(file, CAPTURE_BYTES);
			const bytes = options.hex ? parseHex(captured, file) : captured;
			const lines = handlers.decode({
				bytes,
				...(options.driver !== undefined && { driver: options.driver }),
				...(options.contentType !== undefined && { contentType: options.contentType }),
			});
			for (const line of lines) terminal.out(jsonLine(line));
		});
}

function parseHex(captured: Uint8Array, file: string): Uint8Array {
	const text = new TextDecoder('latin1').decode(captured).replaceAll(/0x|[\s,:]/gi, '');
	const wrong = /[^0-9a-f]/i.exec(text);
	if (wrong !== null)
		throw new GatewayError(
			'INVALID_REQUEST',
			`${file}: ${JSON.stringify(wrong[0])} is no hexadecimal digit; leave --hex out for raw bytes.`,
		);
	if (text.length % 2 !== 0)
		throw new GatewayError(
			'INVALID_REQUEST',
			`${file}: an odd number of hexadecimal digits (${text.length}); a byte has two.`,
		);
	return Uint8Array.fromHex(text);
}
