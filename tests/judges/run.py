"""Runs the judges in a folder of the build: run.py BUILD_FOLDER JUDGES_DUMP [pictures OUTPUT_FOLDER]

Exits 77 ("skipped", with the reason) where there is no Node.js 20, or where the packages are neither there nor to be
had. The packages are those of package-lock.json and nothing of theirs is executed at installation.
"""
import filecmp
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77
HERE = pathlib.Path(__file__).resolve().parent


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def node_or_skip():
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        skip("there is no Node.js with npm")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < 20:
        skip(f"the packages need Node.js 20, here is {version}")
    return node, npm


def install_or_skip(npm, folder):
    lock = folder / "package-lock.json"
    done = folder / "installed.json"  # a copy of the lock file of a finished installation
    if done.exists() and filecmp.cmp(HERE / "package-lock.json", done, shallow=False):
        return
    shutil.copy(HERE / "package.json", folder)
    shutil.copy(HERE / "package-lock.json", lock)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error",
               "--fetch-retries=0", "--fetch-timeout=20000"]
    try:
        result = subprocess.run(command, cwd=folder, timeout=240, capture_output=True, text=True, check=False)
    except subprocess.TimeoutExpired:
        skip("npm could not install the packages within four minutes")
    if result.returncode != 0:
        said = [line for line in result.stderr.splitlines() if line.strip()]
        skip("npm could not install the packages" + (f": {said[0]}" if said else ""))
    shutil.copy(lock, done)


def main():
    folder, dump = pathlib.Path(sys.argv[1]), sys.argv[2]
    pictures = sys.argv[4] if len(sys.argv) > 4 and sys.argv[3] == "pictures" else None
    folder.mkdir(parents=True, exist_ok=True)
    node, npm = node_or_skip()
    install_or_skip(npm, folder)
    for script in [*HERE.glob("*.mjs"), *HERE.glob("*/*.mjs"), *HERE.glob("*/*.css")]:  # packages are looked for beside a script
        target = folder / script.relative_to(HERE)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(script, target)
    requests = folder / "requests.jsonl"
    with requests.open("wb") as out:
        subprocess.run([dump, *(["--scenes"] if pictures else [])], stdout=out, check=True)
    script = ["pictures.mjs", str(requests), pictures] if pictures else ["judge.mjs", str(requests)]
    sys.exit(subprocess.run([node, folder / script[0], *script[1:]], check=False).returncode)


if __name__ == "__main__":
    main()
