#!/usr/bin/env bash
# Checks a Godot project and runs its tests without a window: check.sh [project folder]. GODOT names the editor's program.
set -euo pipefail

project=${1:-.}
hub() { ${GODOT_HUB:-npx --yes --package godot-mcp-hub godot-hub} "$@"; }
# Prints the answer of `command`, and fails if `holds`, an expression of `result`, is false.
check() {
  local command=$1 params=$2 holds=$3
  hub call "$command" "$params" --deadline-ms 600000 --json | node -e '
    const { result, error } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    console.log(JSON.stringify(result ?? error, null, 2));
    process.exitCode = result && Function("result", `return ${process.argv[1]}`)(result) ? 0 : 1;
  ' "$holds"
}

# A separate hub for this job.
export GODOT_HUB_HOME=$(mktemp -d)
hub install "$project"
hub start --port 0
trap 'hub stop' EXIT
hub launch "$project"
check project.validate '{}' 'result.valid'
check test.run '{}' 'result.passed'
