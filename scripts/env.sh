# Sourced by the other scripts: which tools to use, and how many jobs at once. Sets the working directory to the root.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# scripts/setup puts a newer CMake here where the packaged one is too old.
if [[ -d build/tools/bin ]]; then export PATH="$PWD/build/tools/bin:$PATH"; fi

# Where the default compiler lacks C++23's <expected>, its newer sibling is installed beside it.
if [[ -z ${CXX:-} ]]; then
  if [[ $(g++ -dumpversion 2>/dev/null || echo 0) -lt 12 ]] && command -v g++-12 >/dev/null; then
    export CXX=g++-12 CC=gcc-12
  fi
fi

# ccache is used where it is installed and never required.
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache
  export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
fi

# One job per processor, but no more than the memory carries: a heavy file takes the compiler about 1 GiB.
jobs() {
  local processors memory
  processors=$(getconf _NPROCESSORS_ONLN)
  memory=$(awk '/^MemTotal:/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || true)
  if [[ -n $memory ]] && ((memory < processors)); then processors=$((memory > 0 ? memory : 1)); fi
  echo "$processors"
}

# run_quietly LOG COMMAND…: the output goes to LOG and is shown only when the command fails.
run_quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
}
