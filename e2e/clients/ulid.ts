/** A block's name, as Prometheus and Thanos know it. */
export const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** When a block was made, in milliseconds: the first ten characters of its ULID are a time. */
export function timeOfUlid(block: string): number {
	return [...block.slice(0, 10)].reduce(
		(sum, each) => sum * 32 + crockford.indexOf(each),
		0,
	);
}

/** The first characters of the ULIDs of all blocks that are made in a millisecond; those made later sort after it. */
export function ulidPrefixOf(milliseconds: number): string {
	let [rest, prefix] = [milliseconds, ""];
	for (let place = 0; place < 10; place += 1) {
		prefix = `${crockford[rest % 32]}${prefix}`;
		rest = Math.floor(rest / 32);
	}
	return prefix;
}
