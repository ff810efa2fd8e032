/** The forms of names that the API server knows: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */

/** As in a DNS name: lower-case letters, digits and -, at most 63. */
export function isDnsLabel(name: string): boolean {
	return name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

/** A DNS label that begins with a letter. */
export function isServiceName(name: string): boolean {
	return isDnsLabel(name) && /^[a-z]/.test(name);
}

/** DNS labels with dots between them. */
export function isSubdomain(name: string): boolean {
	return (
		name.length <= 253 &&
		name
			.split(".")
			.every((part) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(part))
	);
}

/** The name of a label, an annotation or a resource: `name` or `example.org/name`. */
export function isQualifiedName(name: string): boolean {
	const parts = name.split("/");
	const prefix = parts.length > 1 ? parts.shift() : undefined;
	return (
		parts.length === 1 &&
		(prefix === undefined || isSubdomain(prefix)) &&
		/^[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/.test(parts.join())
	);
}

export function isLabelValue(value: string): boolean {
	return /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/.test(value);
}

/** The name of a container's port. */
export function isPortName(name: string): boolean {
	return (
		name.length <= 15 &&
		/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) &&
		/[a-z]/.test(name) &&
		!name.includes("--")
	);
}

export function isPortNumber(port: unknown): boolean {
	return Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65535;
}

/** What is wrong with a port that may be a number or a name. */
export function portErrors(port: unknown, place: string): string[] {
	if (!isSet(port)) return [];
	const isValid =
		typeof port === "string" ? isPortName(port) : isPortNumber(port);
	return isValid
		? []
		: [
				`${place} is ${JSON.stringify(port)}, which is neither a port from 1 to 65535 nor a port's name of at most 15 lower-case letters, digits and -`,
			];
}

/** What is wrong with a number of pods, or a share such as `50%`. */
export function shareErrors(share: unknown, place: string): string[] {
	if (!isSet(share)) return [];
	const isValid =
		typeof share === "number"
			? Number.isInteger(share) && share >= 0
			: /^\d+%$/.test(String(share));
	return isValid
		? []
		: [
				`${place} is ${JSON.stringify(share)}, which is neither a number nor a percentage such as 50%`,
			];
}

export function isSet(value: unknown): boolean {
	return value !== undefined && value !== null;
}

/** What a list has more than once. */
export function twice(list: readonly string[]): string[] {
	return [...new Set(list.filter((each, i) => list.indexOf(each) !== i))];
}
