// Unpacks the browser into TMPDIR and writes `chromium-here`, which starts it with the libraries and
// the font that came with it: a bare machine has neither.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs24.x"; // asks the package for its libraries too
const { default: chromium } = await import("@sparticuz/chromium");
const executable = await chromium.executablePath();
const fonts = join(dirname(executable), "fonts");

writeFileSync(
  join(fonts, "fonts.conf"),
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${fonts}</dir><cachedir>${fonts}/cache</cachedir></fontconfig>
`,
);
writeFileSync(
  "chromium-here",
  `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/unpacked
# the machine's own libraries first: these are for what it lacks
export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}/usr/lib/$(uname -m)-linux-gnu:$here/al2023/lib"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="$here/fonts"
exec "$here/chromium" "$@"
`,
  { mode: 0o755 },
);
console.log(executable);
