"""The command line: ``python -m kitless [OPTIONS] [--exec] SCRIPT.py [ARGS...]``."""

from __future__ import annotations

import sys

from kitless import host

_USAGE = """usage: python -m kitless [OPTIONS] [--exec] SCRIPT.py [ARGS...]

Runs a script in the app, as Kit's --exec and Script Editor do; ARGS belong to the script. The process goes on while the
script's tasks do, or until omni.kit.app.get_app().post_quit(code).

  --ext-folder DIR    search DIR for extensions
  --enable ID         enable an extension before the script runs
  --/setting=value    set a setting, for example --/log/level=info
  --exec SCRIPT.py    the script; the word may be left out
  --browser [PORT]    show the app as a page in the browser of this machine, and go on until Ctrl-C; needs no script
"""


def main() -> int:
    """Run the command line, showing its own errors as one line."""
    argv = sys.argv[1:]
    if argv[:1] in (["--help"], ["-h"]):
        print(_USAGE, end="")
        return 0
    try:
        return host.main(argv)
    except (host.UsageError, host.RealKitError) as error:
        print(f"kitless: {error}", file=sys.stderr)
    except FileNotFoundError as error:
        print(f"kitless: {error.filename}: {error.strerror}", file=sys.stderr)
    except KeyboardInterrupt:
        return host.EXIT_INTERRUPTED
    return host.EXIT_USAGE


if __name__ == "__main__":
    sys.exit(main())
