/** A URL without the user name and password in it, as it may be shown. What is no URL is returned as it is. */
export function withoutLogin(url: string): string {
	return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1");
}
