import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');

export interface AsyncApiChannel {
	readonly address: string;
	readonly messages: Readonly<Record<string, unknown>>;
	readonly parameters: Readonly<Record<string, { readonly $ref: string }>>;
}

interface AsyncApiOperation {
	readonly action: 'send' | 'receive';
	readonly channel: { readonly $ref: string };
	readonly tags: readonly { readonly name: string }[];
	readonly bindings: {
		readonly mqtt: { readonly qos: number; readonly retain?: boolean; readonly messageExpiryInterval?: number };
	};
}

export interface AsyncApiDocument {
	readonly channels: Readonly<Record<string, AsyncApiChannel>>;
	readonly operations: Readonly<Record<string, AsyncApiOperation>>;
	readonly components: {
		readonly messages: Readonly<
			Record<string, { readonly summary?: string; readonly examples: readonly { readonly payload: unknown }[] }>
		>;
		readonly schemas: Readonly<Record<string, unknown>>;
	};
}

/** docs/asyncapi.yaml as it stands in the repository. */
export function readAsyncApi(): AsyncApiDocument {
	return parse(readFileSync(join(ROOT, 'docs', 'asyncapi.yaml'), 'utf8'));
}

/** Checks payloads with the document's own JSON Schemas and a validator that is not ours. */
export function createPayloadCheck({ components }: AsyncApiDocument): (type: string, payload: unknown) => string[] {
	const ajv = strangerValidator().addSchema({ components }, 'document.json');
	const known = new Map<string, ValidateFunction>();
	return (type, payload) => {
		if (components.messages[type] === undefined) return [`no message ${type} in the document`];
		const validate = known.get(type) ?? ajv.compile({ $ref: `document.json#/components/messages/${type}/payload` });
		known.set(type, validate);
		return validate(payload) ? [] : problems(validate.errors);
	};
}

/** What the document breaks of AsyncAPI 3.0.0's own schema (test/fixtures/asyncapi). */
export function asyncApiProblems(document: AsyncApiDocument): string[] {
	const schema = readFileSync(join(ROOT, 'test', 'fixtures', 'asyncapi', '3.0.0-without-id.json'), 'utf8');
	const validate = strangerValidator().compile(JSON.parse(schema));
	return validate(document) ? [] : problems(validate.errors);
}

function strangerValidator(): Ajv {
	const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, logger: false });
	ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)));
	return ajv;
}

function problems(errors: readonly ErrorObject[] | null | undefined): string[] {
	return (errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}
