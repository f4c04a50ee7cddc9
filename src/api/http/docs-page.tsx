import { z } from '@hono/zod-openapi';

/** The parts of an OpenAPI 3.1 document that the page shows. */
const schemaSchema = z.looseObject({}).or(z.boolean());
const operationSchema = z.looseObject({
	tags: z.array(z.string()).default(['other']),
	summary: z.string().default(''),
	description: z.string().default(''),
	parameters: z
		.array(
			z.looseObject({
				name: z.string(),
				in: z.string(),
				required: z.boolean().default(false),
				description: z.string().optional(),
				schema: schemaSchema.optional(),
			}),
		)
		.default([]),
	requestBody: z
		.looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaSchema.optional() })) })
		.optional(),
	responses: z.record(
		z.string(),
		z.looseObject({
			content: z.record(z.string(), z.looseObject({ schema: schemaSchema.optional() })).default({}),
		}),
	),
});
const documentSchema = z.looseObject({
	info: z.looseObject({ title: z.string(), version: z.string(), description: z.string().default('') }),
	paths: z.record(z.string(), z.record(z.string(), operationSchema)),
	components: z.looseObject({ schemas: z.record(z.string(), schemaSchema).default({}) }),
});

type Operation = z.output<typeof operationSchema> & { readonly method: string; readonly path: string };

/** The document as one page that needs no script and nothing from elsewhere. */
export function docsPage(openApi: object) {
	const { info, paths, components } = documentSchema.parse(JSON.parse(JSON.stringify(openApi)));
	const operations = Object.entries(paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]): Operation => ({ ...operation, method, path })),
	);
	const byTag = Map.groupBy(operations, ({ tags }) => tags[0] ?? 'other');
	return (
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<title>{info.title} API</title>
				<link rel="stylesheet" href="/api/docs.css" />
			</head>
			<body>
				<nav aria-label="Parts of the API">
					<strong>
						{info.title} {info.version}
					</strong>
					{[...byTag.keys()].map((tag) => (
						<a href={`#${tag}`}>{tag}</a>
					))}
					<a href="#schemas">schemas</a>
					<a href="/api/openapi.json">openapi.json</a>
				</nav>
				<main>
					<h1>{info.title} API</h1>
					<p>{info.description}</p>
					{[...byTag].map(([tag, entries]) => (
						<section id={tag}>
							<h2>{tag}</h2>
							{entries.map((operation) => (
								<OperationCard operation={operation} />
							))}
						</section>
					))}
					<section id="schemas">
						<h2>schemas</h2>
						{Object.entries(components.schemas).map(([name, schema]) => (
							<details id={`schema-${name}`}>
								<summary>{name}</summary>
								<SchemaText schema={schema} />
							</details>
						))}
					</section>
				</main>
			</body>
		</html>
	);
}

function OperationCard({ operation }: { operation: Operation }) {
	const { method, path, summary, description, parameters, requestBody, responses } = operation;
	return (
		<details>
			<summary>
				<code class={method}>{method.toUpperCase()}</code> <code>{path}</code> <span>{summary}</span>
			</summary>
			<p>{description}</p>
			{parameters.length > 0 && (
				<table>
					<thead>
						<tr>
							<th>Parameter</th>
							<th>In</th>
							<th>Shape</th>
							<th>Meaning</th>
						</tr>
					</thead>
					<tbody>
						{parameters.map((parameter) => (
							<tr>
								<td>
									<code>{parameter.name}</code>
									{parameter.required ? ' *' : ''}
								</td>
								<td>{parameter.in}</td>
								<td>
									<code>{JSON.stringify(parameter.schema)}</code>
								</td>
								<td>{parameter.description}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			{Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => (
				<>
					<h3>Body: {type}</h3>
					<SchemaText schema={schema} />
				</>
			))}
			{Object.entries(responses).map(([status, { content }]) => (
				<>
					<h3>
						{status}: {Object.keys(content).join(', ')}
					</h3>
					{status.startsWith('2') && <SchemaText schema={Object.values(content)[0]?.schema} />}
				</>
			))}
		</details>
	);
}

function SchemaText({ schema }: { schema: z.output<typeof schemaSchema> | undefined }) {
	if (schema === undefined) return null;
	return <pre>{JSON.stringify(schema, null, 2)}</pre>;
}

export const DOCS_STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: light-dark(#d5d9de, #3a4048); --soft: light-dark(#f4f6f8, #1b1f24); }
body { margin: 0; display: grid; grid-template-columns: 14rem minmax(0, 1fr); background: light-dark(#fff, #111418); color: light-dark(#1a1f26, #e6e9ed); }
nav { position: sticky; top: 0; height: 100vh; box-sizing: border-box; padding: 1.5rem; display: flex; flex-direction: column; gap: .25rem; border-right: 1px solid var(--line); overflow: auto; }
main { padding: 1.5rem 2rem 4rem; max-width: 70rem; }
a { color: light-dark(#0b5cad, #7db8ff); }
h2 { margin-top: 2rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin-bottom: .25rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .5rem .8rem; }
summary { cursor: pointer; }
summary code.get { color: light-dark(#0a6b3d, #6fd6a2); font-weight: 600; }
summary code:is(.post, .patch) { color: light-dark(#8a4b00, #ffbe73); font-weight: 600; }
summary code.delete { color: light-dark(#a3182a, #ff9aa5); font-weight: 600; }
pre { background: var(--soft); padding: .8rem; overflow: auto; border-radius: .3rem; font-size: .85rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; flex-flow: row wrap; gap: .75rem; border: 0; } main { padding: 1rem; } }
`;
