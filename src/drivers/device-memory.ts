/** One text for each device, kept in the site's store: a place in a list, never a person's data. Never throws. */
export interface DeviceMemory {
	get(deviceId: string): string | undefined;
	/** Costs a commit: not for every read. At most LIMITS.deviceMemoryCharacters. */
	set(deviceId: string, text: string): void;
}
