#!/usr/bin/env bash
#
# check-release.sh: whether an archive runs where there is nothing: no Java, Maven, home directory,
# locale, network, or name for the user, and not a file that may be written but in the current directory.
#
#   scripts/check-release.sh vnca-dist/target/vnca-VERSION-linux-x86_64.tar.gz
#
# It unpacks the archive in a bare Debian that debootstrap makes, mounts it read-only, and in a network
# namespace without a way out trains the quickstart for some steps, resumes, evaluates, draws, makes a
# report and exports. Then it looks for files that were written anywhere else, and does in another copy of the
# system what Containerfile says: its RUN lines as root, its ENTRYPOINT as its USER in its WORKDIR.
#
# Needs root, debootstrap and its access to Debian's packages, util-linux. Settings (environment):
#   VNCA_BARE_ROOT   a folder with a bare system that is there already; it is copied, not changed
#   VNCA_BARE_SUITE  which Debian to make (bookworm)
#   TMPDIR           where all of it is laid, about 2 GB (/tmp); removed at the end

set -euo pipefail
export LC_ALL=C

fail() {
  echo "check-release: $*" >&2
  exit 1
}

[ $# -eq 1 ] || fail "give the archive, vnca-VERSION-PLATFORM.tar.gz, and nothing else"
archive=$1
[ -f "$archive" ] || fail "$archive is not there; make it with mvn -B -Pdist package"
[ "$(id -u)" = 0 ] || fail "only root can make a bare system and enter it; run it as root"
for tool in unshare chroot setpriv tar; do
  command -v "$tool" >/dev/null || fail "there is no $tool; install util-linux, coreutils and tar"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/vnca-release-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root
name=$(basename "$archive" .tar.gz)
user=12345

if [ -n "${VNCA_BARE_ROOT:-}" ]; then
  cp -a "$VNCA_BARE_ROOT" "$root"
else
  command -v debootstrap >/dev/null || fail "there is no debootstrap; install it, or set VNCA_BARE_ROOT"
  echo "== making a bare system"
  debootstrap --variant=minbase "${VNCA_BARE_SUITE:-bookworm}" "$root" >"$work/debootstrap.log" 2>&1 ||
    fail "debootstrap failed: $(tail -n 1 "$work/debootstrap.log")"
fi
for word in java mvn python3; do
  [ -z "$(find "$root/usr/bin" "$root/usr/local/bin" -name "$word" -print -quit)" ] || fail "the bare system has $word"
done
grep -q ":$user:" "$root/etc/passwd" && fail "the bare system knows user $user"

image=$work/image
cp -a "$root" "$image"

echo "== unpacking $name"
mkdir -p "$root/opt" "$root/home/work"
tar -xzf "$archive" -C "$root/opt"
[ -x "$root/opt/$name/bin/vnca" ] || fail "the archive has no $name/bin/vnca"
chown "$user:$user" "$root/home/work"
chmod 1777 "$root/tmp"

# What is run inside, by bash alone. Every program's output is shown, and kept for what follows.
cat >"$work/inside" <<'END'
set -euo pipefail
vnca=/opt/$1/bin/vnca
cd /home/work
step() {
  echo "== vnca ${*}"
  local begun=$SECONDS
  "$vnca" "$@" || { echo "check-release: vnca $1 ended with status $?" >&2; exit 1; }
  echo "   ($((SECONDS - begun)) s)"
}
there() { for file; do [ -s "$file" ] || { echo "check-release: $file is missing" >&2; exit 1; }; done; }
[ -z "$(tail -n +3 /proc/net/dev | grep -v '^ *lo:')" ] || { echo "check-release: there is a network" >&2; exit 1; }
if : 2>/dev/null >"/opt/$1/try"; then echo "check-release: the archive can be written" >&2; exit 1; fi
echo "user $(id -u) '$(id -un 2>/dev/null || true)', home '${HOME:-}', locale $(locale charmap), $(head -n 1 /etc/os-release)"
step --version
# What is advised can be typed.
if "$vnca" trian 2>advice; then exit 1; fi
grep -qxF "for help: $vnca help" advice || { echo "check-release: advised is not $vnca help: $(cat advice)" >&2; exit 1; }
step train "/opt/$1/experiments/quickstart.yaml" --run runs/größe --set train.steps=20 --set train.validation.every=10 \
  --set train.validation.images=64 --set train.checkpoint.every=10 --set train.images.every=0 \
  --set evaluation.images=16 --set evaluation.samples=4
step resume runs/größe --set train.steps=30
there runs/größe/steps/30/variables.index
step evaluate runs/größe --images 32 --samples 8
step sample runs/größe --out dreams.png
step figure growth runs/größe --out growth.png
step damage runs/größe --images 4 --steps 8
step report runs/größe --out report.html
step runs runs
step export runs/größe --out model
step weights export runs/größe --out weights.safetensors
there dreams.png growth.png report.html model/saved_model.pb weights.safetensors
END

# Newer than this is what the program wrote.
touch "$work/stamp"
sleep 1
# Inside the namespaces: the archive read-only, /proc, which Java and the shell read, and nobody's rights.
cat >"$work/enter" <<'END'
set -euo pipefail
root=$1 name=$2 user=$3 inside=$4
mount --bind "$root/opt/$name" "$root/opt/$name"
mount -o remount,bind,ro "$root/opt/$name"
mount -t proc proc "$root/proc"
exec chroot --userspec="$user:$user" "$root" /usr/bin/env -i PATH=/usr/bin:/bin /bin/bash -c "$(cat "$inside")" inside "$name"
END
unshare --net --mount --pid --fork bash "$work/enter" "$root" "$name" "$user" "$work/inside"

commit=$(cut -d' ' -f1 "$root/opt/$name/lib/commit")
grep -q "\"$commit\"" "$root/home/work/runs/größe/manifest.json" || fail "the run's manifest does not name the archive's commit, $commit"
left=$(find "$root" -xdev -newer "$work/stamp" ! -type d ! -path "$root/home/work/*" ! -path "$root/proc/*")
[ -z "$left" ] || fail "files were written elsewhere: $left"
# --- the image, without an engine for images ----------------------------------------------------------

# Both stages in one system: what the first unpacks lies where the second copies it.
echo "== the steps of Containerfile"
container=$(dirname "${BASH_SOURCE[0]}")/../Containerfile
said() { sed -n "s/^$1 //p" "$container" | tail -n 1 | tr -d '[]"'; }
cp "$archive" "$image/tmp/vnca.tar.gz"
sed -n 's/^RUN //p' "$container" >"$work/run-lines"
[ "$(wc -l <"$work/run-lines")" = 2 ] || fail "$container has not the two RUN lines that this script knows"
chroot "$image" /usr/bin/env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin /bin/sh -ex <"$work/run-lines"
cat >"$work/enter-image" <<'END'
set -euo pipefail
image=$1 user=$2 place=$3
shift 3
mount -t proc proc "$image/proc"
exec chroot --userspec="$user" "$image" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin /bin/bash -c 'cd "$0" && exec "$@"' "$place" "$@"
END
# in_image WORDS: what an engine would start, as the image's user, without a network
in_image() { unshare --net --mount --pid --fork bash "$work/enter-image" "$image" "$(said USER)" "$(said WORKDIR)" "$@"; }
in_image "$(said ENTRYPOINT)" "$(said CMD)" >"$work/said"
grep -q '^Usage: vnca COMMAND' "$work/said" || fail "the image's program says: $(head -n 3 "$work/said")"
in_image "$(said ENTRYPOINT)" train /opt/vnca/experiments/quickstart.yaml --run run --quiet --set train.steps=2 \
  --set train.validation.images=4 --set evaluation.images=4 --set evaluation.samples=2
[ "$(stat -c %u "$image$(said WORKDIR)/run/steps/2")" = "$(said USER | cut -d: -f1)" ] || fail "the image's user has no run"

echo "== all there; nothing was written outside of the current directory"
du -sm --apparent-size "$root/opt/$name"/* | sort -rn | awk '{ sub(".*/", "", $2); printf "%6d MiB %s\n", $1, $2 }'
