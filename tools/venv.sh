# Sourced by the launchers: makes the virtual environment beside the project on first use, and again
# only when pyproject.toml or the asked extras change. Sets $python.
# usage: root=PROJECT extras=EXTRAS . tools/venv.sh   (extras comma separated; dot takes no arguments in sh)

python=$root/.venv/bin/python
wanted=base${extras:+,$extras}
ready=
for stamp in "$root"/.venv/installed-*; do
    # What is installed with more extras holds what is asked for with fewer.
    missing=
    for extra in $(echo "$wanted" | tr , ' '); do
        case ",${stamp##*/installed-}," in
            *",$extra,"*) ;;
            *) missing=1 ;;
        esac
    done
    [ -n "$missing" ] || ! cmp -s "$root/pyproject.toml" "$stamp" || ready=1
done

if [ -z "$ready" ]; then
    base=${PYTHON:-python3}
    if ! "$base" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "simslate: needs Python 3.11 or newer as python3 on the path (or set PYTHON)" >&2
        exit 4
    fi
    echo "simslate: setting up .venv (first use, about a minute)" >&2
    [ -x "$python" ] || "$base" -m venv "$root/.venv" || exit 4
    "$python" -m pip install --quiet --disable-pip-version-check --editable "$root${extras:+[$extras]}" || exit 4
    cp "$root/pyproject.toml" "$root/.venv/installed-$wanted"
fi
