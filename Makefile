# SPDX-License-Identifier: GPL-2.0-only
# The front door: verbs only. What they do is in the scripts they call.

KERNELDIR ?= /lib/modules/$(shell uname -r)/build
LANE	  ?= uml
VM	  := selftests/vm

.DEFAULT_GOAL := help
.PHONY: help demo check kunit selftests matrix lint format docs bench icount differential install uninstall clean module tools setup

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## two hosts talk through Megaflow on Debian's own 6.1 kernel, in QEMU
	@selftests/demo/run

check: setup ## everything that must hold: lint, builds, unit and functional tests
	@selftests/check

kunit: setup ## the unit tests, in UML, plain and with KASAN, lockdep and kmemleak
	@$(VM)/kunit uml
	@$(VM)/kunit uml-debug

selftests: setup ## the functional tests; LANE=uml (default), uml-debug, qemu-6.1, ...
	@selftests/run $(LANE)

matrix: setup ## build the module for every supported kernel, one line each
	@$(VM)/build all

lint: setup ## checkpatch, kernel-doc, sparse, clang-format, clang-tidy, shellcheck, own rules
	@selftests/lint/run

format: setup ## put the sources into the form that lint wants
	@selftests/lint/format

docs: setup ## check the documentation and the comments it is made from
	@selftests/lint/docs

differential: setup ## play random scenarios on the in-tree module and ours; SEEDS=n SUITE=all|conntrack LANE=uml SCENARIO=file
	@selftests/differential/run $(LANE) $(if $(SCENARIO),scenario=$(SCENARIO),seeds=$(or $(SEEDS),200) suite=$(or $(SUITE),all))

bench: setup ## ns per packet: no datapath, in-tree, Megaflow, in one boot of UML
	@selftests/bench/run

icount: setup ## instructions per packet, install and dump, and bytes per flow: in-tree and Megaflow, in QEMU
	@selftests/bench/icount

install: module tools ## install module and dpctl for the running kernel
	$(MAKE) -C $(KERNELDIR) M=$(CURDIR)/build/host/src INSTALL_MOD_DIR=updates modules_install
	depmod -a
	$(MAKE) -C tools install

uninstall: ## remove what install put there
	rm -f /lib/modules/$(shell uname -r)/updates/openvswitch.ko*
	depmod -a
	$(MAKE) -C tools uninstall

clean: ## remove what was built; the cache of kernels stays
	rm -rf build

module: ## build the module for the running kernel, into build/host
	@KERNELDIR=$(KERNELDIR) $(VM)/build host

tools: ## build dpctl, into build/tools
	@$(MAKE) --no-print-directory -C tools ../build/tools/dpctl

setup:
	@$(VM)/setup
