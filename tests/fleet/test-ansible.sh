#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The Ansible role: captured on each host, judged in one place, and what comes behind it is
# done only where the verdict allows.  Hosts: this machine, and two in network namespaces
# with an sshd each; what they have comes out of captured trees.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"
PATH=$PATH:/usr/sbin:/sbin

command -v ansible-playbook >/dev/null || skip_all "no ansible-playbook: scripts/setup fleet"
export HOME="$work" ANSIBLE_CONFIG="$work/ansible.cfg" ANSIBLE_NOCOLOR=1
export ANSIBLE_ROLES_PATH="$top_srcdir/contrib/ansible/roles"
# Ansible starts in a UTF-8 locale only.
export LC_ALL=C.UTF-8

"$fixtures/mkkernel.py" "$work/image"
make_machine "$work/ample" 0x10000000 0x8000000
make_machine "$work/small" 0x10000000 0x1800000
make_machine "$work/off" 0x10000000 0x8000000
rm -r "$work/off/sys/kernel/debug/kho"
mkdir "$work/marks"
chmod 755 "$work"

cat >"$work/ansible.cfg" <<EOT
[defaults]
host_key_checking = False
retry_files_enabled = False
local_tmp = $work/local
remote_tmp = $work/remote
interpreter_python = $(command -v python3)
[ssh_connection]
ssh_args = -F /dev/null -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ControlMaster=no
EOT

# The role, and in place of a live update a mark of the host.
cat >"$work/play.yml" <<EOT
- hosts: all
  gather_facts: false
  serial: "{{ at_once | default('100%') }}"
  roles: [kexec_kho]
  tasks:
    - name: Live update
      ansible.builtin.file: {path: "$work/marks/{{ inventory_hostname }}", state: touch}
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: {name: kexec_kho, tasks_from: refused}
EOT

play() {
	rm -f "$work/marks"/*
	inventory=$1
	shift
	run ansible-playbook -i "$inventory" "$work/play.yml" \
		-e kexec_kho_image="$work/image" -e kexec_kho_initrd=none \
		-e '{"kexec_kho_append": "nokaslr kho=on"}' -e kexec_kho_command="$kexec" "$@"
}

marks() {
	ls "$work/marks" | tr '\n' ' '
}

# told HOST: what the last task of the role said of it.
told() {
	sed -n "/^fatal: \[$1\]/,/^}/p" "$out" | grep -o 'verdict [a-z]*: [a-z, -]*' | head -n 1
}

local_hosts="[all:vars]
ansible_connection=local"

cat >"$work/local.ini" <<EOT
good kexec_kho_machine=$work/ample
short kexec_kho_machine=$work/small
off kexec_kho_machine=$work/off
$local_hosts
EOT
play "$work/local.ini"
check_status "some hosts are stopped" 2
check_equal "only the good one is updated" "$(marks)" "good "
check_equal "why the short one is not" "$(told short)" "verdict fail: memory-map-short"
check_equal "why the one without KHO is not" "$(told off)" "verdict unknown: debugfs-not-mounted"
check_equal "the verdicts are kept" "$(grep -c '"line"' "$work/kexec-kho/verdicts.jsonl")" 3

play "$work/local.ini" --limit good
check_status "one host alone" 0
check_equal "is updated" "$(marks)" "good "

play "$work/local.ini" -e '{"kexec_kho_allow": ["fail", "unknown"]}'
check_equal "what is allowed can be said" "$(marks)" "off short "

# In turn: what a batch of one that is refused does to those behind it.
cat >"$work/turn.ini" <<EOT
first kexec_kho_machine=$work/ample
second kexec_kho_machine=$work/small
third kexec_kho_machine=$work/ample
$local_hosts
EOT
play "$work/turn.ini" -e at_once=1
check_status "in turn: one is refused" 2
check_equal "the roll-out ends there" "$(marks)" "first "
play "$work/turn.ini" -e at_once=1 -e kexec_kho_refused=skip
check_status "in turn, and the others go on" 2
check_equal "all but that one are updated" "$(marks)" "first third "
check_equal "why not that one" "$(told second)" "verdict fail: memory-map-short"
check_equal "it is the only one that fails" "$(grep -c 'failed=1 ' "$out")" 1

# A host that can't be asked does not keep the others.
cat >"$work/broken.ini" <<EOT
good kexec_kho_machine=$work/ample
broken kexec_kho_machine=$work/none
$local_hosts
EOT
play "$work/broken.ini"
check_equal "a host that can't be captured" "$(marks)" "good "

run ansible-playbook -i "$work/local.ini" "$work/play.yml" -e kexec_kho_command="$kexec"
check_status "no image" 2
check_equal "nothing is updated" "$(rm -f "$work/marks/good"; marks)" ""
play "$work/local.ini" -e kexec_kho_image="$work/ansible.cfg"
check_status "an image that is none" 2
check_equal "nothing is updated" "$(marks)" ""
run ansible-playbook --syntax-check -i "$work/local.ini" "$top_srcdir/contrib/ansible/live-update.yml"
check_status "the example" 0

# Hosts of their own, as far as the network goes.
names="khoa$$ khob$$"
end_hosts() {
	for name in $names; do
		[ ! -s "$work/$name.pid" ] || kill "$(cat "$work/$name.pid")" 2>/dev/null
		ip netns del "$name" 2>/dev/null
	done
}

# start_host NAME NUMBER: a namespace with an address, and an sshd in it.
start_host() {
	ip netns add "$1" &&
		ip link add "$1" type veth peer name eth0 netns "$1" &&
		ip addr add "198.51.100.$((4 * $2 + 1))/30" dev "$1" && ip link set "$1" up &&
		ip -n "$1" addr add "198.51.100.$((4 * $2 + 2))/30" dev eth0 &&
		ip -n "$1" link set eth0 up || return 1
	cat >"$work/$1.sshd" <<-EOT
		HostKey $work/host_key
		PidFile $work/$1.pid
		AuthorizedKeysFile $work/key.pub
		StrictModes no
		UsePAM no
		PermitRootLogin prohibit-password
		Subsystem sftp internal-sftp
	EOT
	ip netns exec "$1" /usr/sbin/sshd -f "$work/$1.sshd"
}

start_hosts() {
	ssh-keygen -q -t ed25519 -N '' -f "$work/key" && ssh-keygen -q -t ed25519 -N '' \
		-f "$work/host_key" && mkdir -p /run/sshd || return 1
	i=0
	for name in $names; do
		start_host "$name" $i || return 1
		i=$((i + 1))
	done
	# sshd writes its file when it listens.
	for name in $names; do
		tries=50
		while [ ! -s "$work/$name.pid" ] && [ $tries -gt 0 ]; do
			sleep 0.1
			tries=$((tries - 1))
		done
	done
}

if [ "$(id -u)" != 0 ] || ! command -v ip >/dev/null || ! [ -x /usr/sbin/sshd ]; then
	skip "hosts in network namespaces" "wants root, ip and sshd: scripts/setup fleet"
elif trap 'end_hosts; chmod -R u+rwx "$work"; rm -rf "$work"' EXIT; ! start_hosts 2>"$err"; then
	skip "hosts in network namespaces" "not possible here: $(head -n 1 "$err")"
else
	cat >"$work/ssh.ini" <<-EOT
		here ansible_connection=local kexec_kho_machine=$work/ample
		a ansible_host=198.51.100.2 kexec_kho_machine=$work/ample
		b ansible_host=198.51.100.6 kexec_kho_machine=$work/small
		gone ansible_host=198.51.100.10 ansible_ssh_timeout=2 kexec_kho_machine=$work/ample
		[all:vars]
		ansible_user=root
		ansible_ssh_private_key_file=$work/key
	EOT
	play "$work/ssh.ini"
	check_equal "over ssh: those are updated on which it boots" "$(marks)" "a here "
	check_equal "why the other is not" "$(told b)" "verdict fail: memory-map-short"
	grep -q '^gone .*unreachable=1' "$out"
	report_test $? "a host that is gone is reported as such"
fi
finish
