import { create } from 'qrcode';

/** Modules of white around a code that readers need (ISO/IEC 18004, 6.3.8). */
const QUIET = 4;

/** A QR code as one path, black on white whatever the page's colours: light on dark is not read by all readers. */
export function QrCode({ text, label }: { text: string; label: string }) {
	const { modules } = create(text, { errorCorrectionLevel: 'M' });
	const { size } = modules;
	const rows = Array.from({ length: size }, (_, y) => y);
	const path = rows.flatMap((y) =>
		rows.flatMap((x) => (modules.get(y, x) ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])),
	);
	const side = size + 2 * QUIET;
	return (
		<svg class="qr-code" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
			<path fill="#fff" d={`M0 0h${side}v${side}H0z`} />
			<path fill="#000" d={path.join('')} />
		</svg>
	);
}
