/** A host without the brackets that an IPv6 address has in a URL. */
export function withoutBrackets(host: string): string {
	return host.replace(/^\[(.*)\]$/, "$1");
}
