/**
 * Functions of Helm's templates that may answer otherwise the next time: what is random, the time and the machine, and the
 * keys of a map, which are in no order. Sprig's own list is `nonhermeticFunctions` in its functions.go, without those of
 * its crypto.go, which are random, too.
 */
const changing =
	/(?<![$."\w-])(?:rand(?:Alpha|AlphaNum|Ascii|Bytes|Int|Numeric)|gen(?:CA|PrivateKey|SelfSignedCert|SignedCert)\w*|ago|bcrypt|date\w*|encryptAES|env|expandenv|getHostByName|htmlDate\w*|htpasswd|keys|lookup|mustDateModify|now|shuffle|uuidv4|values)\b/;

/**
 * Whether what a chart renders is the same each time, as far as can be told from its texts: no template calls a function
 * that answers otherwise the next time. Values and files count, too, because templates may take them for templates.
 */
export function isRepeatable(texts: Iterable<string>): boolean {
	return [...texts].every((text) =>
		[...text.matchAll(/\{\{(?!-?\s*\/\*)(.*?)\}\}/gs)].every(
			([, action = ""]) => !changing.test(action),
		),
	);
}
