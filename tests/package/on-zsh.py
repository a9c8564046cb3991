#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""on-zsh.py COMPLETION COMMAND WORDS...: what zsh's own completion offers behind the last of WORDS.

An interactive zsh on a terminal, without anybody's settings; each match is a line of output, "FILE"
where it would offer files."""
import os
import pty
import select
import sys
import tempfile

SETUP = r"""
PS1= RPS1= ; unsetopt zle_bracketed_paste prompt_sp 2>/dev/null
autoload -Uz compinit; compinit -D -u -d {dir}/dump
autoload -Uz {dir}/_kexec_kho; compdef _kexec_kho kexec kexec-kho
compadd() {{
	local -a offered
	builtin compadd -O offered "$@"
	print -rl -- $offered >>{dir}/offered
	builtin compadd "$@"
}}
_files() {{ print -r FILE >>{dir}/offered }}
finished() {{ print >{dir}/finished }}
zle -C offer complete-word _main_complete
zle -N finished
bindkey '^I' offer
bindkey '^X' finished
print >{dir}/ready
"""


def main(completion, command, *words):
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath(completion), f"{folder}/_kexec_kho")
        with open(f"{folder}/setup", "w", encoding="utf-8") as file:
            file.write(SETUP.format(dir=folder))
        pid, fd = pty.fork()
        if pid == 0:
            os.environ["TERM"] = "dumb"
            os.execvp("zsh", ["zsh", "-f", "-i"])

        # Whatever zsh draws is read, and means nothing.
        def wait_for(name):
            for _ in range(3000):
                if os.path.exists(f"{folder}/{name}"):
                    return
                if select.select([fd], [], [], 0.01)[0]:
                    os.read(fd, 1 << 12)
            sys.exit(f"on-zsh.py: zsh is not {name} after 30 seconds")
        os.write(fd, f". {folder}/setup\n".encode())
        wait_for("ready")
        os.write(fd, " ".join((command, *words)).encode() + b"\t\x18")
        wait_for("finished")
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        if os.path.exists(f"{folder}/offered"):
            with open(f"{folder}/offered", encoding="utf-8") as file:
                print("\n".join(sorted(set(file.read().split()))))


main(*sys.argv[1:])
