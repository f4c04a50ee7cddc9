/** The site's hardware as the simulation touches it; behind it are the drivers' simulators, speaking their wire bytes. */
export interface SiteHardware {
	/** Something happens to a device: `card 26:9ADDDF00` at a reader, `input arming on` at a board. */
	stimulate(deviceId: string, what: string): void;
	/** A camera reads a plate and pushes it. */
	readPlate(deviceId: string, read: PlateSeen): void;
	/** Outputs of a device that are on now. */
	outputs(deviceId: string): Readonly<Record<string, boolean>>;
}

export interface PlateSeen {
	readonly plate: string;
	readonly confidence: number;
	readonly direction: 'approaching' | 'leaving';
	/** How the camera pushes it; absent: once. `late`: from its buffer, marked as such. */
	readonly sends?: 'once' | 'twice' | 'late';
}
