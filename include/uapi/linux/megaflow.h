/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Megaflow's own generic netlink family: what the Open vSwitch ABI has no
 * room for. Requests carry struct ovs_header, like those of the other
 * families.
 */
#ifndef _UAPI_LINUX_MEGAFLOW_H
#define _UAPI_LINUX_MEGAFLOW_H

#include <linux/types.h>

#define MEGAFLOW_FAMILY "megaflow"
#define MEGAFLOW_VERSION 1

/**
 * enum megaflow_cmd - commands
 * @MEGAFLOW_CMD_UNSPEC: none
 * @MEGAFLOW_CMD_DROPS: the drop counters of the datapath in the header
 */
enum megaflow_cmd {
	MEGAFLOW_CMD_UNSPEC,
	MEGAFLOW_CMD_DROPS,

	__MEGAFLOW_CMD_MAX
};

#define MEGAFLOW_CMD_MAX (__MEGAFLOW_CMD_MAX - 1)

/**
 * enum megaflow_attr - attributes
 * @MEGAFLOW_ATTR_UNSPEC: none
 * @MEGAFLOW_ATTR_PAD: for 64-bit alignment
 * @MEGAFLOW_ATTR_DROP: nest of MEGAFLOW_DROP_ATTR_*; one a reason
 */
enum megaflow_attr {
	MEGAFLOW_ATTR_UNSPEC,
	MEGAFLOW_ATTR_PAD,
	MEGAFLOW_ATTR_DROP,

	__MEGAFLOW_ATTR_MAX
};

#define MEGAFLOW_ATTR_MAX (__MEGAFLOW_ATTR_MAX - 1)

/**
 * enum megaflow_drop_attr - one reason
 * @MEGAFLOW_DROP_ATTR_UNSPEC: none
 * @MEGAFLOW_DROP_ATTR_PAD: for 64-bit alignment
 * @MEGAFLOW_DROP_ATTR_NAME: its name, a NUL-terminated string
 * @MEGAFLOW_DROP_ATTR_TEXT: what it means, a NUL-terminated string
 * @MEGAFLOW_DROP_ATTR_PACKETS: packets dropped for it, u64
 */
enum megaflow_drop_attr {
	MEGAFLOW_DROP_ATTR_UNSPEC,
	MEGAFLOW_DROP_ATTR_PAD,
	MEGAFLOW_DROP_ATTR_NAME,
	MEGAFLOW_DROP_ATTR_TEXT,
	MEGAFLOW_DROP_ATTR_PACKETS,

	__MEGAFLOW_DROP_ATTR_MAX
};

#define MEGAFLOW_DROP_ATTR_MAX (__MEGAFLOW_DROP_ATTR_MAX - 1)

#endif
