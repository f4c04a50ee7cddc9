import type { PageUi } from '../page-ui.ts';
import { cutUntrusted } from '../untrusted-text.ts';

/** Plates, tags, names: text from outside, isolated from the direction of what stands around it. */
export function Untrusted({ ui, text }: { ui: PageUi; text: string }) {
	return (
		<bdi>
			<Readable ui={ui} text={text} />
		</bdi>
	);
}

/** A number as somebody wrote it, to be called with a touch. */
export function Phone({ ui, number }: { ui: PageUi; number: string }) {
	const digits = number.replaceAll(/[^+\d]/g, '');
	const text = <Untrusted ui={ui} text={number} />;
	return digits.length < 3 ? text : <a href={`tel:${digits}`}>{text}</a>;
}

/** What people wrote, line by line as they did. @param most characters shown of a line */
export function UntrustedLines({ ui, text, most }: { ui: PageUi; text: string; most: number }) {
	return (
		<>
			{text.split(/\r\n?|\n/).map((line, place) => (
				<>
					{place > 0 && <br />}
					<bdi>
						<Readable ui={ui} text={line} most={most} />
					</bdi>
				</>
			))}
		</>
	);
}

/** A sentence of the system ends with what to do: a command with the name of a file, or the names in a certificate. */
const SYSTEM_CHARACTERS = 800;

/** What a device or the system said of itself: English whatever the page's language, and it may quote what it received. */
export function SystemWords({ ui, text }: { ui: PageUi; text: string }) {
	return (
		<bdi lang="en">
			<Readable ui={ui} text={text} most={SYSTEM_CHARACTERS} />
		</bdi>
	);
}

function Readable({ ui, text, most }: { ui: PageUi; text: string; most?: number }) {
	return (
		<>
			{cutUntrusted(text, most).map((piece) =>
				piece.kind === 'text' ? (
					piece.text
				) : (
					<span class="hidden-character" title={ui.t('app.hiddenCharacter')}>
						{piece.text}
					</span>
				),
			)}
		</>
	);
}

/** A moment, short on the page and in full where the pointer rests. */
export function Moment({ ui, atMs, long = false }: { ui: PageUi; atMs: number; long?: boolean }) {
	const { formats } = ui;
	return (
		<time datetime={formats.machine(atMs)} title={formats.full(atMs)}>
			{long ? formats.full(atMs) : formats.moment(atMs)}
		</time>
	);
}
