import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './fake-cli.ts';

let dir: string;
beforeAll(() => {
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-completion-'));
	writeFileSync(path.join(dir, 'gateway.yaml'), '');
});
afterAll(() => rmSync(dir, { recursive: true }));

/** What bash offers for these words, the last of them unfinished. */
async function bashOffers(...words: string[]): Promise<string[]> {
	const { out: script } = await cli('completion bash');
	const array = words.map((word) => `'${word}'`).join(' ');
	const ask = `${script}\nCOMP_WORDS=(parkgate ${array}); COMP_CWORD=${words.length}; _parkgate; printf '%s\\n' "\${COMPREPLY[@]}"`;
	const offered = execFileSync('bash', ['--norc', '-c', ask], { encoding: 'utf8', cwd: dir });
	return offered.split('\n').filter((word) => word !== '');
}

describe('completion for bash', () => {
	it('offers commands, their commands and their options', async () => {
		expect(await bashOffers('check')).toEqual(['check-config']);
		expect(await bashOffers('devices', 't')).toEqual(['test']);
		expect(await bashOffers('devices', 'test', '--')).toEqual(['--config', '--json', '--help']);
		expect(await bashOffers('decode', '--h')).toEqual(['--hex', '--help']);
	});

	it('offers exactly the values an option takes', async () => {
		expect(await bashOffers('decode', '--driver', '')).toEqual(['osdp', 'modbus-relay']);
		expect(await bashOffers('run', '--log-level', 'd')).toEqual(['debug']);
	});

	it('offers files where a file belongs', async () => {
		expect(await bashOffers('run', '--config', 'ga')).toEqual(['gateway.yaml']);
	});
});

describe('completion for other shells', () => {
	it('zsh takes the script for bash through its own layer', async () => {
		const { out } = await cli('completion zsh');
		expect(out).toMatch(/^#compdef parkgate\nautoload -U \+X bashcompinit && bashcompinit\n/);
	});

	it('fish gets one line for each command and option with its meaning', async () => {
		const { out } = await cli('completion fish');
		expect(out).toContain("complete -c parkgate -n '__fish_use_subcommand' -f -a run -d 'run the gateway'\n");
		expect(out).toContain(
			"complete -c parkgate -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from list monitor set test' -f -a list",
		);
		expect(out).toContain(
			"complete -c parkgate -n '__fish_seen_subcommand_from decode' -l driver -x -a 'osdp modbus-relay' -d 'driver of the device'\n",
		);
	});
});
