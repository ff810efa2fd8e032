import { expect, test } from "vitest";
import { findLoggedError } from "./logged-error.ts";

test.each([
	[
		'ts=1 level=info msg=started\nts=2 level=warn err="upload: The \\"bucket\\" does not exist"\nts=3 level=info msg=x',
		'upload: The "bucket" does not exist',
	],
	["level=error err=EOF msg=first\nlevel=error err=refused", "refused"],
	['{"level":"error","err":"access denied"}', "access denied"],
	["level=info msg=ready", undefined],
	["", undefined],
])("of the log %j the last error is %s", (log, error) => {
	expect(findLoggedError(log)).toBe(error);
});
