/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole of the key: its parts are of no use alone.
 */
#ifndef MF_KUNIT_KEY_UNIT_H
#define MF_KUNIT_KEY_UNIT_H

#include <kunit/test.h>

#include "../datapath/ct/key.c"
#include "../datapath/key/attrs.c"
#include "../datapath/key/check.c"
#include "../datapath/key/dump.c"
#include "../datapath/key/extract.c"
#include "../datapath/key/extract_full.c"
#include "../datapath/key/extract_ip.c"
#include "../datapath/key/extract_ipv6.c"
#include "../datapath/key/field.c"
#include "../datapath/key/key.c"
#include "../datapath/key/mpls.c"
#include "../datapath/key/nsh.c"
#include "../datapath/key/parse.c"
#include "../datapath/key/tunnel.c"
#include "../datapath/key/ufid.c"
#include "../datapath/key/vlan.c"

#endif
