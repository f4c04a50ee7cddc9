import type { LaneView } from '../../../../gateway/services/lanes/lane-view.ts';

/** Degrees the arm is turned by; seen from the side, closed lies flat. */
const ARM_ANGLES: Readonly<Record<LaneView['barrier'], number>> = {
	closed: 0,
	moving: -32,
	open: -68,
	fault: -32,
	unknown: 0,
};

/** The lane at a glance: loop, vehicle, barrier arm. Decoration: the words beside it say the same. */
export function LanePicture({ barrier, vehiclePresent }: Pick<LaneView, 'barrier' | 'vehiclePresent'>) {
	return (
		<svg class={`lane-picture lane-picture--${barrier}`} viewBox="0 0 132 68" aria-hidden="true" focusable="false">
			<path class="lane-picture__ground" d="M2 61.5h128" />
			{vehiclePresent !== null && (
				<path class={`lane-picture__loop ${vehiclePresent ? 'is-occupied' : ''}`} d="M12 61.5h54" />
			)}
			{vehiclePresent && <Car />}
			<path class="lane-picture__post" d="M82 34a5 5 0 0 1 10 0v27H82z" />
			<g transform={`rotate(${ARM_ANGLES[barrier]} 87 35)`}>
				<path class="lane-picture__arm" d="M87 35h42" />
				<path class="lane-picture__stripes" d="M95 35h33" />
			</g>
			<circle class="lane-picture__pivot" cx="87" cy="35" r="2.5" />
		</svg>
	);
}

function Car() {
	return (
		<g class="lane-picture__car">
			<path d="M11 52.5c0-5 2-7.6 7-8.3l5.5-8.2c1.3-1.9 3-2.9 5.3-2.9h13.4c2.3 0 4.3.9 5.8 2.6l7.5 8.4 6.5 1.4c3 .7 5 2.6 5 5.8v3.2c0 1.1-.9 2-2 2H13c-1.1 0-2-.9-2-2z" />
			<path
				class="lane-picture__window"
				d="M25.6 43.5l4-6c.5-.7 1.2-1.1 2-1.1h4.4v7.1zM38.8 43.5v-7.1h3.8c1.1 0 2.1.4 2.8 1.2l5.2 5.9z"
			/>
			<circle class="lane-picture__wheel" cx="24" cy="56" r="5.5" />
			<circle class="lane-picture__wheel" cx="55" cy="56" r="5.5" />
		</g>
	);
}
