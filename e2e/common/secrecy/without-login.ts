/** The parts of an address of which its login is one. */
interface AddressParts {
	/** With `://`; empty if there is none. */
	readonly scheme: string;
	/** The user's name, or that and a password; undefined if there is none. */
	readonly login: string | undefined;
	readonly rest: string;
}

/**
 * Splits an address, also one that nobody encoded: passwords of people have an @ or a slash.
 *
 * @param isProxy whether it is a proxy's, which has no path and may have no scheme
 */
export function splitAddress(address: string, isProxy = false): AddressParts {
	const [, scheme = "", rest = ""] =
		/^([a-z][a-z\d+.-]*:\/\/)?(.*)$/is.exec(address) ?? [];
	const none = { scheme, login: undefined, rest };
	if (!scheme && !isProxy) return none;
	const [authority = ""] = /^[^/?#]*/.exec(rest) ?? [];
	// What looks like a port and is none is the beginning of a password.
	const isCut = /^[^:@[\]]+:(?!\d*$)/.test(authority);
	const at = (
		isProxy || (isCut && !authority.includes("@")) ? rest : authority
	).lastIndexOf("@");
	return at < 0
		? none
		: { scheme, login: rest.slice(0, at), rest: rest.slice(at + 1) };
}

/** A URL without the user name and password in it, as it may be shown. What is no URL is returned as it is. */
export function withoutLogin(url: string): string {
	const { scheme, rest } = splitAddress(url);
	return scheme + rest;
}

/** The same for a proxy, whose address may have no scheme. */
export function proxyWithoutLogin(proxy: string): string {
	const { scheme, rest } = splitAddress(proxy, true);
	return scheme + rest;
}
