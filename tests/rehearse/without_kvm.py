# SPDX-License-Identifier: GPL-2.0-only
"""The tool is run on a host of another name, for which it does not try KVM: on every machine the guest's CPU is TCG's."""
import platform

WITHOUT_KVM = ["setarch", "i686"] if platform.machine() == "x86_64" else []
