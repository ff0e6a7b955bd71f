/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two tracepoints of the ABI (abi.md section 7): each action, each upcall.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM openvswitch

#if !defined(MF_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MF_TRACE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include <megaflow_compat.h>

#include "cb.h"
#include "dp.h"
#include "key/key.h"
#include "port/port.h"
#include "upcall.h"

/* clang-format off */
TRACE_EVENT(ovs_do_execute_action,
	TP_PROTO(const struct mf_dp *dp, const struct sk_buff *skb, const struct mf_key *key,
		 u8 action, const void *data, u16 len, bool last),
	TP_ARGS(dp, skb, key, action, data, len, last),

	TP_STRUCT__entry(
		__field(const void *, dpaddr)
		__string(dev_name, skb->dev ? skb->dev->name : "")
		__field(const void *, skbaddr)
		__field(unsigned int, len)
		__field(unsigned int, data_len)
		__field(unsigned int, truesize)
		__field(u8, nr_frags)
		__field(u16, gso_size)
		__field(u16, gso_type)
		__field(u32, flow_hash)
		__field(u32, recirc_id)
		__field(u32, ct_mark)
		__field(u16, eth_type)
		__field(u16, ct_zone)
		__field(u8, ct_state)
		__field(u8, action_type)
		__field(u16, action_len)
		__field(const void *, action_data)
		__field(bool, is_last)
	),

	TP_fast_assign(
		__entry->dpaddr = dp;
		mf_assign_str(dev_name, skb->dev ? skb->dev->name : "");
		__entry->skbaddr = skb;
		__entry->len = skb->len;
		__entry->data_len = skb->data_len;
		__entry->truesize = skb->truesize;
		__entry->nr_frags = skb_shinfo(skb)->nr_frags;
		__entry->gso_size = skb_shinfo(skb)->gso_size;
		__entry->gso_type = skb_shinfo(skb)->gso_type;
		__entry->flow_hash = skb_get_hash_raw(skb);
		__entry->recirc_id = key->recirc_id;
		__entry->ct_mark = key->ct_mark;
		__entry->eth_type = ntohs(key->eth_type);
		__entry->ct_zone = key->ct_zone;
		__entry->ct_state = key->ct_state;
		__entry->action_type = action;
		__entry->action_len = len;
		__entry->action_data = data;
		__entry->is_last = last;
	),

	TP_printk("dp=%p dev=%s skb=%p len=%u data_len=%u truesize=%u nr_frags=%u gso_size=%u gso_type=%#x flow_hash=0x%08x recirc_id=0x%08x eth_type=0x%04x ct_state=%02x ct_zone=%04x ct_mark=%08x type=%u len=%u data=%p is_last=%d",
		  __entry->dpaddr, __get_str(dev_name), __entry->skbaddr, __entry->len,
		  __entry->data_len, __entry->truesize, __entry->nr_frags, __entry->gso_size,
		  __entry->gso_type, __entry->flow_hash, __entry->recirc_id, __entry->eth_type,
		  __entry->ct_state, __entry->ct_zone, __entry->ct_mark, __entry->action_type,
		  __entry->action_len, __entry->action_data, __entry->is_last)
);

TRACE_EVENT(ovs_dp_upcall,
	TP_PROTO(const struct mf_dp *dp, const struct sk_buff *skb, const struct mf_key *key,
		 const struct mf_upcall *upcall),
	TP_ARGS(dp, skb, key, upcall),

	TP_STRUCT__entry(
		__field(const void *, dpaddr)
		__string(dev_name, skb->dev ? skb->dev->name : "")
		__field(const void *, skbaddr)
		__field(unsigned int, len)
		__field(unsigned int, data_len)
		__field(unsigned int, truesize)
		__field(u8, nr_frags)
		__field(u16, gso_size)
		__field(u16, gso_type)
		__field(u32, flow_hash)
		__field(u32, recirc_id)
		__field(u32, ct_mark)
		__field(u16, eth_type)
		__field(u16, ct_zone)
		__field(u8, ct_state)
		__field(u8, upcall_cmd)
		__field(u32, upcall_port)
		__field(u16, upcall_mru)
	),

	TP_fast_assign(
		__entry->dpaddr = dp;
		mf_assign_str(dev_name, skb->dev ? skb->dev->name : "");
		__entry->skbaddr = skb;
		__entry->len = skb->len;
		__entry->data_len = skb->data_len;
		__entry->truesize = skb->truesize;
		__entry->nr_frags = skb_shinfo(skb)->nr_frags;
		__entry->gso_size = skb_shinfo(skb)->gso_size;
		__entry->gso_type = skb_shinfo(skb)->gso_type;
		__entry->flow_hash = skb_get_hash_raw(skb);
		__entry->recirc_id = key->recirc_id;
		__entry->ct_mark = key->ct_mark;
		__entry->eth_type = ntohs(key->eth_type);
		__entry->ct_zone = key->ct_zone;
		__entry->ct_state = key->ct_state;
		__entry->upcall_cmd = upcall->cmd;
		__entry->upcall_port = upcall->portid;
		__entry->upcall_mru = mf_cb(skb)->mru;
	),

	TP_printk("dp=%p dev=%s skb=%p len=%u data_len=%u truesize=%u nr_frags=%u gso_size=%u gso_type=%#x flow_hash=0x%08x recirc_id=0x%08x eth_type=0x%04x ct_state=%02x ct_zone=%04x ct_mark=%08x upcall_cmd=%u upcall_port=%u upcall_mru=%u",
		  __entry->dpaddr, __get_str(dev_name), __entry->skbaddr, __entry->len,
		  __entry->data_len, __entry->truesize, __entry->nr_frags, __entry->gso_size,
		  __entry->gso_type, __entry->flow_hash, __entry->recirc_id, __entry->eth_type,
		  __entry->ct_state, __entry->ct_zone, __entry->ct_mark, __entry->upcall_cmd,
		  __entry->upcall_port, __entry->upcall_mru)
);
/* clang-format on */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
