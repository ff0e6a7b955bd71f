/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The Open vSwitch datapath ABI, newest known form (Linux 7.3).
 *
 * Six generic netlink families share this page.  Every message is a
 * genlmsghdr, then struct ovs_header, then attributes.  Names and numbers are
 * the contract with user space and never change; "kernel to user" marks what
 * a request need not carry.  Order of this file: common header, datapath,
 * port, flow, key, tunnel key, actions, packet, meter, conntrack limits.
 */
#ifndef _UAPI__LINUX_OPENVSWITCH_H
#define _UAPI__LINUX_OPENVSWITCH_H 1

#include <linux/types.h>
#include <linux/if_ether.h>

/**
 * struct ovs_header - follows the generic netlink header in every message
 * @dp_ifindex: interface index of the datapath's local port, in host order;
 *	zero where a name identifies the datapath instead
 */
struct ovs_header {
	int dp_ifindex;
};

/* ---- Datapaths -------------------------------------------------------- */

#define OVS_DATAPATH_FAMILY	"ovs_datapath"
#define OVS_DATAPATH_MCGROUP	"ovs_datapath"

/* A requester that speaks version 2 negotiates OVS_DP_ATTR_USER_FEATURES. */
#define OVS_DATAPATH_VERSION	2
#define OVS_DP_VER_FEATURES	2

enum ovs_datapath_cmd {
	OVS_DP_CMD_UNSPEC = 0,
	OVS_DP_CMD_NEW = 1,
	OVS_DP_CMD_DEL = 2,
	OVS_DP_CMD_GET = 3,
	OVS_DP_CMD_SET = 4
};

enum ovs_datapath_attr {
	OVS_DP_ATTR_UNSPEC = 0,
	OVS_DP_ATTR_NAME = 1,		/* string: device name of the local port */
	OVS_DP_ATTR_UPCALL_PID = 2,	/* u32: netlink port id for the local port, 0: none */
	OVS_DP_ATTR_STATS = 3,		/* struct ovs_dp_stats, kernel to user */
	OVS_DP_ATTR_MEGAFLOW_STATS = 4,	/* struct ovs_dp_megaflow_stats, kernel to user */
	OVS_DP_ATTR_USER_FEATURES = 5,	/* u32: OVS_DP_F_*; absent in SET means 0 */
	OVS_DP_ATTR_PAD = 6,
	OVS_DP_ATTR_MASKS_CACHE_SIZE = 7,/* u32: entries per CPU, 0 or a power of two */
	OVS_DP_ATTR_PER_CPU_PIDS = 8,	/* u32 array: port id for upcalls of each CPU */
	OVS_DP_ATTR_IFINDEX = 9,	/* s32: wanted interface index of the local port, NEW */
	__OVS_DP_ATTR_MAX
};

#define OVS_DP_ATTR_MAX (__OVS_DP_ATTR_MAX - 1)

/**
 * struct ovs_dp_stats - what became of received packets
 * @n_hit: matched a flow
 * @n_missed: matched none and were offered to user space
 * @n_lost: could not be delivered to user space
 * @n_flows: flows installed now
 */
struct ovs_dp_stats {
	__u64 n_hit;
	__u64 n_missed;
	__u64 n_lost;
	__u64 n_flows;
};

/**
 * struct ovs_dp_megaflow_stats - how lookups went
 * @n_mask_hit: masks tried, over all lookups
 * @n_masks: distinct masks installed now
 * @pad0: zero
 * @n_cache_hit: lookups answered by the per-CPU cache
 * @pad1: zero
 */
struct ovs_dp_megaflow_stats {
	__u64 n_mask_hit;
	__u32 n_masks;
	__u32 pad0;
	__u64 n_cache_hit;
	__u64 pad1;
};

/* OVS_DP_ATTR_USER_FEATURES: what the listener can cope with. */
#define OVS_DP_F_UNALIGNED		(1 << 0) /* last attribute may lack tail padding */
#define OVS_DP_F_VPORT_PIDS		(1 << 1) /* several port ids per port */
#define OVS_DP_F_TC_RECIRC_SHARING	(1 << 2) /* recirculation ids shared with tc */
#define OVS_DP_F_DISPATCH_UPCALL_PER_CPU (1 << 3) /* upcalls follow the CPU, not the port */

/* ---- Ports ------------------------------------------------------------ */

#define OVS_VPORT_FAMILY	"ovs_vport"
#define OVS_VPORT_MCGROUP	"ovs_vport"
#define OVS_VPORT_VERSION	0x1

/* Every datapath has this port; it lives and dies with the datapath. */
#define OVSP_LOCAL		((__u32)0)

enum ovs_vport_cmd {
	OVS_VPORT_CMD_UNSPEC = 0,
	OVS_VPORT_CMD_NEW = 1,
	OVS_VPORT_CMD_DEL = 2,
	OVS_VPORT_CMD_GET = 3,
	OVS_VPORT_CMD_SET = 4
};

enum ovs_vport_type {
	OVS_VPORT_TYPE_UNSPEC = 0,
	OVS_VPORT_TYPE_NETDEV = 1,	/* an existing network device */
	OVS_VPORT_TYPE_INTERNAL = 2,	/* a device made with the port, facing the host */
	OVS_VPORT_TYPE_GRE = 3,		/* 3 to 5: historic; use a tunnel device as NETDEV */
	OVS_VPORT_TYPE_VXLAN = 4,
	OVS_VPORT_TYPE_GENEVE = 5,
	__OVS_VPORT_TYPE_MAX
};

#define OVS_VPORT_TYPE_MAX (__OVS_VPORT_TYPE_MAX - 1)

enum ovs_vport_attr {
	OVS_VPORT_ATTR_UNSPEC = 0,
	OVS_VPORT_ATTR_PORT_NO = 1,	/* u32: port number in the datapath, 0 in NEW: any */
	OVS_VPORT_ATTR_TYPE = 2,	/* u32: OVS_VPORT_TYPE_* */
	OVS_VPORT_ATTR_NAME = 3,	/* string: device name */
	OVS_VPORT_ATTR_OPTIONS = 4,	/* nested OVS_TUNNEL_ATTR_*, historic types only */
	OVS_VPORT_ATTR_UPCALL_PID = 5,	/* u32 array: netlink port ids, 0: no upcalls */
	OVS_VPORT_ATTR_STATS = 6,	/* struct ovs_vport_stats, kernel to user */
	OVS_VPORT_ATTR_PAD = 7,
	OVS_VPORT_ATTR_IFINDEX = 8,	/* s32: interface index; a wish in NEW of INTERNAL */
	OVS_VPORT_ATTR_NETNSID = 9,	/* s32: id of the device's own namespace, to user */
	OVS_VPORT_ATTR_UPCALL_STATS = 10,/* nested OVS_VPORT_UPCALL_ATTR_*, kernel to user */
	__OVS_VPORT_ATTR_MAX
};

#define OVS_VPORT_ATTR_MAX (__OVS_VPORT_ATTR_MAX - 1)

/**
 * struct ovs_vport_stats - the device's own counters
 * @rx_packets: received by the port
 * @tx_packets: sent by the port
 * @rx_bytes: received
 * @tx_bytes: sent
 * @rx_errors: bad frames received
 * @tx_errors: failures to send
 * @rx_dropped: discarded on reception
 * @tx_dropped: discarded before transmission
 */
struct ovs_vport_stats {
	__u64 rx_packets;
	__u64 tx_packets;
	__u64 rx_bytes;
	__u64 tx_bytes;
	__u64 rx_errors;
	__u64 tx_errors;
	__u64 rx_dropped;
	__u64 tx_dropped;
};

/* Counting starts at zero here: SUCCESS is attribute type 0. */
enum ovs_vport_upcall_attr {
	OVS_VPORT_UPCALL_ATTR_SUCCESS = 0,	/* u64: upcalls delivered */
	OVS_VPORT_UPCALL_ATTR_FAIL = 1,		/* u64: upcalls lost */
	__OVS_VPORT_UPCALL_ATTR_MAX
};

#define OVS_VPORT_UPCALL_ATTR_MAX (__OVS_VPORT_UPCALL_ATTR_MAX - 1)

/* Options of the historic tunnel port types. */
enum {
	OVS_TUNNEL_ATTR_UNSPEC = 0,
	OVS_TUNNEL_ATTR_DST_PORT = 1,	/* u16: UDP port, host order */
	OVS_TUNNEL_ATTR_EXTENSION = 2,	/* nested OVS_VXLAN_EXT_* */
	__OVS_TUNNEL_ATTR_MAX
};

#define OVS_TUNNEL_ATTR_MAX (__OVS_TUNNEL_ATTR_MAX - 1)

/*
 * In OVS_TUNNEL_ATTR_EXTENSION: GBP is a flag.  In
 * OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS: GBP is the u32 policy value.
 */
enum {
	OVS_VXLAN_EXT_UNSPEC = 0,
	OVS_VXLAN_EXT_GBP = 1,
	__OVS_VXLAN_EXT_MAX
};

#define OVS_VXLAN_EXT_MAX (__OVS_VXLAN_EXT_MAX - 1)

/* ---- Flows ------------------------------------------------------------ */

#define OVS_FLOW_FAMILY		"ovs_flow"
#define OVS_FLOW_MCGROUP	"ovs_flow"
#define OVS_FLOW_VERSION	0x1

enum ovs_flow_cmd {
	OVS_FLOW_CMD_UNSPEC = 0,
	OVS_FLOW_CMD_NEW = 1,
	OVS_FLOW_CMD_DEL = 2,
	OVS_FLOW_CMD_GET = 3,
	OVS_FLOW_CMD_SET = 4
};

enum ovs_flow_attr {
	OVS_FLOW_ATTR_UNSPEC = 0,
	OVS_FLOW_ATTR_KEY = 1,		/* nested OVS_KEY_ATTR_* */
	OVS_FLOW_ATTR_ACTIONS = 2,	/* nested OVS_ACTION_ATTR_*; empty: drop */
	OVS_FLOW_ATTR_STATS = 3,	/* struct ovs_flow_stats, kernel to user */
	OVS_FLOW_ATTR_TCP_FLAGS = 4,	/* u8: all flags seen, or'ed, kernel to user */
	OVS_FLOW_ATTR_USED = 5,		/* u64: monotonic ms of the last hit, kernel to user */
	OVS_FLOW_ATTR_CLEAR = 6,	/* flag: zero the counters, SET only */
	OVS_FLOW_ATTR_MASK = 7,		/* nested OVS_KEY_ATTR_*; absent: exact match */
	OVS_FLOW_ATTR_PROBE = 8,	/* flag: do not log a refusal */
	OVS_FLOW_ATTR_UFID = 9,		/* 1 to 16 bytes: identifies the flow */
	OVS_FLOW_ATTR_UFID_FLAGS = 10,	/* u32: OVS_UFID_F_* */
	OVS_FLOW_ATTR_PAD = 11,
	__OVS_FLOW_ATTR_MAX
};

#define OVS_FLOW_ATTR_MAX (__OVS_FLOW_ATTR_MAX - 1)

/* OVS_FLOW_ATTR_UFID_FLAGS: what a reply may leave out. */
#define OVS_UFID_F_OMIT_KEY	(1 << 0)
#define OVS_UFID_F_OMIT_MASK	(1 << 1)
#define OVS_UFID_F_OMIT_ACTIONS	(1 << 2)

/**
 * struct ovs_flow_stats - traffic that hit the flow
 * @n_packets: packets
 * @n_bytes: bytes
 */
struct ovs_flow_stats {
	__u64 n_packets;
	__u64 n_bytes;
};

/* ---- Flow keys -------------------------------------------------------- */

enum ovs_key_attr {
	OVS_KEY_ATTR_UNSPEC = 0,
	OVS_KEY_ATTR_ENCAP = 1,		/* nested: what the VLAN tag encloses */
	OVS_KEY_ATTR_PRIORITY = 2,	/* u32: packet priority */
	OVS_KEY_ATTR_IN_PORT = 3,	/* u32: port number of arrival */
	OVS_KEY_ATTR_ETHERNET = 4,	/* struct ovs_key_ethernet; absent: no L2 header */
	OVS_KEY_ATTR_VLAN = 5,		/* be16: TCI, bit 0x1000 says "tag present" */
	OVS_KEY_ATTR_ETHERTYPE = 6,	/* be16; absent with ETHERNET: 802.2 frame */
	OVS_KEY_ATTR_IPV4 = 7,		/* struct ovs_key_ipv4 */
	OVS_KEY_ATTR_IPV6 = 8,		/* struct ovs_key_ipv6 */
	OVS_KEY_ATTR_TCP = 9,		/* struct ovs_key_tcp */
	OVS_KEY_ATTR_UDP = 10,		/* struct ovs_key_udp */
	OVS_KEY_ATTR_ICMP = 11,		/* struct ovs_key_icmp */
	OVS_KEY_ATTR_ICMPV6 = 12,	/* struct ovs_key_icmpv6 */
	OVS_KEY_ATTR_ARP = 13,		/* struct ovs_key_arp, RARP too */
	OVS_KEY_ATTR_ND = 14,		/* struct ovs_key_nd */
	OVS_KEY_ATTR_SKB_MARK = 15,	/* u32: packet mark */
	OVS_KEY_ATTR_TUNNEL = 16,	/* nested OVS_TUNNEL_KEY_ATTR_* */
	OVS_KEY_ATTR_SCTP = 17,		/* struct ovs_key_sctp */
	OVS_KEY_ATTR_TCP_FLAGS = 18,	/* be16: low 12 bits */
	OVS_KEY_ATTR_DP_HASH = 19,	/* u32: left by OVS_ACTION_ATTR_HASH, 0: none */
	OVS_KEY_ATTR_RECIRC_ID = 20,	/* u32: left by OVS_ACTION_ATTR_RECIRC, 0: fresh */
	OVS_KEY_ATTR_MPLS = 21,		/* array of struct ovs_key_mpls, outermost first */
	OVS_KEY_ATTR_CT_STATE = 22,	/* u32: OVS_CS_F_* */
	OVS_KEY_ATTR_CT_ZONE = 23,	/* u16: conntrack zone */
	OVS_KEY_ATTR_CT_MARK = 24,	/* u32: conntrack mark */
	OVS_KEY_ATTR_CT_LABELS = 25,	/* struct ovs_key_ct_labels */
	OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4 = 26, /* struct ovs_key_ct_tuple_ipv4 */
	OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6 = 27, /* struct ovs_key_ct_tuple_ipv6 */
	OVS_KEY_ATTR_NSH = 28,		/* nested OVS_NSH_KEY_ATTR_* */

	/* 29 to 31 exist in user space only; the kernel refuses them. */
	OVS_KEY_ATTR_PACKET_TYPE = 29,	/* be32: namespace and type */
	OVS_KEY_ATTR_ND_EXTENSIONS = 30,/* ND reserved bits and option types */
	OVS_KEY_ATTR_TUNNEL_INFO = 31,

	OVS_KEY_ATTR_IPV6_EXTHDRS = 32,	/* struct ovs_key_ipv6_exthdrs */
	__OVS_KEY_ATTR_MAX
};

#define OVS_KEY_ATTR_MAX (__OVS_KEY_ATTR_MAX - 1)

enum ovs_frag_type {
	OVS_FRAG_TYPE_NONE = 0,		/* a whole packet */
	OVS_FRAG_TYPE_FIRST = 1,	/* first fragment: has the L4 header */
	OVS_FRAG_TYPE_LATER = 2,	/* any other fragment: has none */
	__OVS_FRAG_TYPE_MAX
};

#define OVS_FRAG_TYPE_MAX (__OVS_FRAG_TYPE_MAX - 1)

struct ovs_key_ethernet {
	__u8	 eth_src[ETH_ALEN];
	__u8	 eth_dst[ETH_ALEN];
};

struct ovs_key_mpls {
	__be32 mpls_lse;		/* label, traffic class, bottom of stack, TTL */
};

struct ovs_key_ipv4 {
	__be32 ipv4_src;
	__be32 ipv4_dst;
	__u8   ipv4_proto;
	__u8   ipv4_tos;
	__u8   ipv4_ttl;
	__u8   ipv4_frag;		/* OVS_FRAG_TYPE_* */
};

struct ovs_key_ipv6 {
	__be32 ipv6_src[4];
	__be32 ipv6_dst[4];
	__be32 ipv6_label;		/* low 20 bits */
	__u8   ipv6_proto;
	__u8   ipv6_tclass;
	__u8   ipv6_hlimit;
	__u8   ipv6_frag;		/* OVS_FRAG_TYPE_* */
};

struct ovs_key_ipv6_exthdrs {
	__u16 hdrs;			/* extension headers seen, one bit a kind */
};

struct ovs_key_tcp {
	__be16 tcp_src;
	__be16 tcp_dst;
};

struct ovs_key_udp {
	__be16 udp_src;
	__be16 udp_dst;
};

struct ovs_key_sctp {
	__be16 sctp_src;
	__be16 sctp_dst;
};

struct ovs_key_icmp {
	__u8 icmp_type;
	__u8 icmp_code;
};

struct ovs_key_icmpv6 {
	__u8 icmpv6_type;
	__u8 icmpv6_code;
};

struct ovs_key_arp {
	__be32 arp_sip;
	__be32 arp_tip;
	__be16 arp_op;
	__u8   arp_sha[ETH_ALEN];
	__u8   arp_tha[ETH_ALEN];
};

struct ovs_key_nd {
	__be32	nd_target[4];
	__u8	nd_sll[ETH_ALEN];
	__u8	nd_tll[ETH_ALEN];
};

#define OVS_CT_LABELS_LEN_32	4
#define OVS_CT_LABELS_LEN	(OVS_CT_LABELS_LEN_32 * sizeof(__u32))

struct ovs_key_ct_labels {
	union {
		__u8	ct_labels[OVS_CT_LABELS_LEN];
		__u32	ct_labels_32[OVS_CT_LABELS_LEN_32];
	};
};

/* The connection's first packet as it was before any NAT. */
struct ovs_key_ct_tuple_ipv4 {
	__be32 ipv4_src;
	__be32 ipv4_dst;
	__be16 src_port;
	__be16 dst_port;
	__u8   ipv4_proto;
};

struct ovs_key_ct_tuple_ipv6 {
	__be32 ipv6_src[4];
	__be32 ipv6_dst[4];
	__be16 src_port;
	__be16 dst_port;
	__u8   ipv6_proto;
};

/* OVS_KEY_ATTR_CT_STATE */
#define OVS_CS_F_NEW		0x01	/* starts a connection */
#define OVS_CS_F_ESTABLISHED	0x02	/* belongs to a known connection */
#define OVS_CS_F_RELATED	0x04	/* belongs to the relative of a known one */
#define OVS_CS_F_REPLY_DIR	0x08	/* travels against the first packet */
#define OVS_CS_F_INVALID	0x10	/* could not be tracked */
#define OVS_CS_F_TRACKED	0x20	/* has been through conntrack */
#define OVS_CS_F_SRC_NAT	0x40	/* source was translated */
#define OVS_CS_F_DST_NAT	0x80	/* destination was translated */

#define OVS_CS_F_NAT_MASK	(OVS_CS_F_SRC_NAT | OVS_CS_F_DST_NAT)

enum ovs_nsh_key_attr {
	OVS_NSH_KEY_ATTR_UNSPEC = 0,
	OVS_NSH_KEY_ATTR_BASE = 1,	/* struct ovs_nsh_key_base */
	OVS_NSH_KEY_ATTR_MD1 = 2,	/* struct ovs_nsh_key_md1 */
	OVS_NSH_KEY_ATTR_MD2 = 3,	/* bytes; PUSH_NSH only */
	__OVS_NSH_KEY_ATTR_MAX
};

#define OVS_NSH_KEY_ATTR_MAX (__OVS_NSH_KEY_ATTR_MAX - 1)

struct ovs_nsh_key_base {
	__u8 flags;
	__u8 ttl;
	__u8 mdtype;
	__u8 np;			/* next protocol */
	__be32 path_hdr;		/* service path id and index */
};

#define NSH_MD1_CONTEXT_SIZE 4

struct ovs_nsh_key_md1 {
	__be32 context[NSH_MD1_CONTEXT_SIZE];
};

/* OVS_KEY_ATTR_TUNNEL.  Counting starts at zero here: ID is type 0. */
enum ovs_tunnel_key_attr {
	OVS_TUNNEL_KEY_ATTR_ID = 0,		/* be64 */
	OVS_TUNNEL_KEY_ATTR_IPV4_SRC = 1,	/* be32 */
	OVS_TUNNEL_KEY_ATTR_IPV4_DST = 2,	/* be32 */
	OVS_TUNNEL_KEY_ATTR_TOS = 3,		/* u8 */
	OVS_TUNNEL_KEY_ATTR_TTL = 4,		/* u8, always required */
	OVS_TUNNEL_KEY_ATTR_DONT_FRAGMENT = 5,	/* flag */
	OVS_TUNNEL_KEY_ATTR_CSUM = 6,		/* flag */
	OVS_TUNNEL_KEY_ATTR_OAM = 7,		/* flag */
	OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS = 8,	/* bytes: TLVs */
	OVS_TUNNEL_KEY_ATTR_TP_SRC = 9,		/* be16 */
	OVS_TUNNEL_KEY_ATTR_TP_DST = 10,	/* be16 */
	OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS = 11,	/* nested OVS_VXLAN_EXT_* */
	OVS_TUNNEL_KEY_ATTR_IPV6_SRC = 12,	/* struct in6_addr */
	OVS_TUNNEL_KEY_ATTR_IPV6_DST = 13,	/* struct in6_addr */
	OVS_TUNNEL_KEY_ATTR_PAD = 14,
	OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS = 15,	/* struct erspan_metadata */
	OVS_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE = 16, /* flag: metadata only, no addresses */
	__OVS_TUNNEL_KEY_ATTR_MAX
};

#define OVS_TUNNEL_KEY_ATTR_MAX (__OVS_TUNNEL_KEY_ATTR_MAX - 1)

/* ---- Actions ---------------------------------------------------------- */

enum ovs_action_attr {
	OVS_ACTION_ATTR_UNSPEC = 0,
	OVS_ACTION_ATTR_OUTPUT = 1,	/* u32: port number */
	OVS_ACTION_ATTR_USERSPACE = 2,	/* nested OVS_USERSPACE_ATTR_* */
	OVS_ACTION_ATTR_SET = 3,	/* one nested OVS_KEY_ATTR_* */
	OVS_ACTION_ATTR_PUSH_VLAN = 4,	/* struct ovs_action_push_vlan */
	OVS_ACTION_ATTR_POP_VLAN = 5,	/* no argument */
	OVS_ACTION_ATTR_SAMPLE = 6,	/* nested OVS_SAMPLE_ATTR_* */
	OVS_ACTION_ATTR_RECIRC = 7,	/* u32: recirculation id */
	OVS_ACTION_ATTR_HASH = 8,	/* struct ovs_action_hash */
	OVS_ACTION_ATTR_PUSH_MPLS = 9,	/* struct ovs_action_push_mpls */
	OVS_ACTION_ATTR_POP_MPLS = 10,	/* be16: EtherType that follows */
	OVS_ACTION_ATTR_SET_MASKED = 11,/* one nested OVS_KEY_ATTR_*: value, then mask */
	OVS_ACTION_ATTR_CT = 12,	/* nested OVS_CT_ATTR_* */
	OVS_ACTION_ATTR_TRUNC = 13,	/* struct ovs_action_trunc */
	OVS_ACTION_ATTR_PUSH_ETH = 14,	/* struct ovs_action_push_eth */
	OVS_ACTION_ATTR_POP_ETH = 15,	/* no argument */
	OVS_ACTION_ATTR_CT_CLEAR = 16,	/* no argument */
	OVS_ACTION_ATTR_PUSH_NSH = 17,	/* nested OVS_KEY_ATTR_NSH */
	OVS_ACTION_ATTR_POP_NSH = 18,	/* no argument */
	OVS_ACTION_ATTR_METER = 19,	/* u32: meter id */
	OVS_ACTION_ATTR_CLONE = 20,	/* nested OVS_ACTION_ATTR_* */
	OVS_ACTION_ATTR_CHECK_PKT_LEN = 21, /* nested OVS_CHECK_PKT_LEN_ATTR_* */
	OVS_ACTION_ATTR_ADD_MPLS = 22,	/* struct ovs_action_add_mpls */
	OVS_ACTION_ATTR_DEC_TTL = 23,	/* nested OVS_DEC_TTL_ATTR_* */
	OVS_ACTION_ATTR_DROP = 24,	/* u32: 0, or an error code of user space */
	OVS_ACTION_ATTR_PSAMPLE = 25,	/* nested OVS_PSAMPLE_ATTR_* */
	__OVS_ACTION_ATTR_MAX
};

#define OVS_ACTION_ATTR_MAX (__OVS_ACTION_ATTR_MAX - 1)

enum ovs_userspace_attr {
	OVS_USERSPACE_ATTR_UNSPEC = 0,
	OVS_USERSPACE_ATTR_PID = 1,	/* u32: netlink port id to send to */
	OVS_USERSPACE_ATTR_USERDATA = 2,/* bytes: returned as they are */
	OVS_USERSPACE_ATTR_EGRESS_TUN_PORT = 3, /* u32: port whose tunnel key to add */
	OVS_USERSPACE_ATTR_ACTIONS = 4,	/* flag: send the flow's actions along */
	__OVS_USERSPACE_ATTR_MAX
};

#define OVS_USERSPACE_ATTR_MAX (__OVS_USERSPACE_ATTR_MAX - 1)

enum ovs_sample_attr {
	OVS_SAMPLE_ATTR_UNSPEC = 0,
	OVS_SAMPLE_ATTR_PROBABILITY = 1,/* u32: of 2^32 - 1, which means always */
	OVS_SAMPLE_ATTR_ACTIONS = 2,	/* nested OVS_ACTION_ATTR_* */
	__OVS_SAMPLE_ATTR_MAX
};

#define OVS_SAMPLE_ATTR_MAX (__OVS_SAMPLE_ATTR_MAX - 1)

struct ovs_action_push_vlan {
	__be16 vlan_tpid;
	__be16 vlan_tci;		/* bit 0x1000 must be set; it is not sent */
};

enum ovs_hash_alg {
	OVS_HASH_ALG_L4 = 0,		/* the packet's own flow hash */
	OVS_HASH_ALG_SYM_L4 = 1		/* the same for both directions */
};

struct ovs_action_hash {
	__u32  hash_alg;		/* OVS_HASH_ALG_* */
	__u32  hash_basis;
};

struct ovs_action_trunc {
	__u32 max_len;			/* bytes to keep at the next output */
};

struct ovs_action_push_mpls {
	__be32 mpls_lse;
	__be16 mpls_ethertype;		/* 0x8847 or 0x8848 */
};

struct ovs_action_add_mpls {
	__be32 mpls_lse;
	__be16 mpls_ethertype;
	__u16 tun_flags;		/* OVS_MPLS_L3_TUNNEL_FLAG_MASK */
};

/* Set: the label goes behind the L2 header; clear: in front of the frame. */
#define OVS_MPLS_L3_TUNNEL_FLAG_MASK	(1 << 0)

struct ovs_action_push_eth {
	struct ovs_key_ethernet addresses;
};

enum ovs_check_pkt_len_attr {
	OVS_CHECK_PKT_LEN_ATTR_UNSPEC = 0,
	OVS_CHECK_PKT_LEN_ATTR_PKT_LEN = 1,		/* u16: bytes, not 0 */
	OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER = 2,	/* nested OVS_ACTION_ATTR_* */
	OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL = 3,/* nested OVS_ACTION_ATTR_* */
	__OVS_CHECK_PKT_LEN_ATTR_MAX
};

#define OVS_CHECK_PKT_LEN_ATTR_MAX (__OVS_CHECK_PKT_LEN_ATTR_MAX - 1)

enum ovs_dec_ttl_attr {
	OVS_DEC_TTL_ATTR_UNSPEC = 0,
	OVS_DEC_TTL_ATTR_ACTION = 1,	/* nested OVS_ACTION_ATTR_*, run when it expired */
	__OVS_DEC_TTL_ATTR_MAX
};

#define OVS_DEC_TTL_ATTR_MAX (__OVS_DEC_TTL_ATTR_MAX - 1)

#define OVS_PSAMPLE_COOKIE_MAX_SIZE 16

enum ovs_psample_attr {
	OVS_PSAMPLE_ATTR_GROUP = 1,	/* u32: psample group */
	OVS_PSAMPLE_ATTR_COOKIE = 2,	/* up to OVS_PSAMPLE_COOKIE_MAX_SIZE bytes */
	__OVS_PSAMPLE_ATTR_MAX
};

#define OVS_PSAMPLE_ATTR_MAX (__OVS_PSAMPLE_ATTR_MAX - 1)

enum ovs_ct_attr {
	OVS_CT_ATTR_UNSPEC = 0,
	OVS_CT_ATTR_COMMIT = 1,		/* flag: enter the connection */
	OVS_CT_ATTR_ZONE = 2,		/* u16 */
	OVS_CT_ATTR_MARK = 3,		/* u32 value, u32 mask */
	OVS_CT_ATTR_LABELS = 4,		/* 16 bytes value, 16 bytes mask */
	OVS_CT_ATTR_HELPER = 5,		/* string */
	OVS_CT_ATTR_NAT = 6,		/* nested OVS_NAT_ATTR_* */
	OVS_CT_ATTR_FORCE_COMMIT = 7,	/* flag: commit in this packet's direction */
	OVS_CT_ATTR_EVENTMASK = 8,	/* u32: 1 << IPCT_* */
	OVS_CT_ATTR_TIMEOUT = 9,	/* string: timeout policy */
	__OVS_CT_ATTR_MAX
};

#define OVS_CT_ATTR_MAX (__OVS_CT_ATTR_MAX - 1)

enum ovs_nat_attr {
	OVS_NAT_ATTR_UNSPEC = 0,
	OVS_NAT_ATTR_SRC = 1,		/* flag: translate the source */
	OVS_NAT_ATTR_DST = 2,		/* flag: translate the destination */
	OVS_NAT_ATTR_IP_MIN = 3,	/* struct in_addr or in6_addr */
	OVS_NAT_ATTR_IP_MAX = 4,	/* as IP_MIN; absent: equal to it */
	OVS_NAT_ATTR_PROTO_MIN = 5,	/* u16: port */
	OVS_NAT_ATTR_PROTO_MAX = 6,	/* u16; absent: equal to PROTO_MIN */
	OVS_NAT_ATTR_PERSISTENT = 7,	/* flag: same address for the same client */
	OVS_NAT_ATTR_PROTO_HASH = 8,	/* flag: port by hash */
	OVS_NAT_ATTR_PROTO_RANDOM = 9,	/* flag: port at random */
	__OVS_NAT_ATTR_MAX
};

#define OVS_NAT_ATTR_MAX (__OVS_NAT_ATTR_MAX - 1)

/* ---- Packets ---------------------------------------------------------- */

#define OVS_PACKET_FAMILY	"ovs_packet"
#define OVS_PACKET_VERSION	0x1

enum ovs_packet_cmd {
	OVS_PACKET_CMD_UNSPEC = 0,
	OVS_PACKET_CMD_MISS = 1,	/* kernel to user: no flow matched */
	OVS_PACKET_CMD_ACTION = 2,	/* kernel to user: a USERSPACE action ran */
	OVS_PACKET_CMD_EXECUTE = 3	/* user to kernel: run actions on this packet */
};

enum ovs_packet_attr {
	OVS_PACKET_ATTR_UNSPEC = 0,
	OVS_PACKET_ATTR_PACKET = 1,	/* bytes: the frame */
	OVS_PACKET_ATTR_KEY = 2,	/* nested OVS_KEY_ATTR_* */
	OVS_PACKET_ATTR_ACTIONS = 3,	/* nested OVS_ACTION_ATTR_* */
	OVS_PACKET_ATTR_USERDATA = 4,	/* bytes of OVS_USERSPACE_ATTR_USERDATA */
	OVS_PACKET_ATTR_EGRESS_TUN_KEY = 5, /* nested OVS_TUNNEL_KEY_ATTR_* */
	OVS_PACKET_ATTR_UNUSED1 = 6,
	OVS_PACKET_ATTR_UNUSED2 = 7,
	OVS_PACKET_ATTR_PROBE = 8,	/* flag: do not log a refusal */
	OVS_PACKET_ATTR_MRU = 9,	/* u16: largest fragment the frame was made of */
	OVS_PACKET_ATTR_LEN = 10,	/* u32: length before truncation */
	OVS_PACKET_ATTR_HASH = 11,	/* u64: flow hash; bit 32 software, bit 33 L4 */
	OVS_PACKET_ATTR_UPCALL_PID = 12,/* u32: port id for upcalls of this EXECUTE */
	__OVS_PACKET_ATTR_MAX
};

#define OVS_PACKET_ATTR_MAX (__OVS_PACKET_ATTR_MAX - 1)

/* ---- Meters ----------------------------------------------------------- */

#define OVS_METER_FAMILY	"ovs_meter"
#define OVS_METER_MCGROUP	"ovs_meter"
#define OVS_METER_VERSION	0x1

enum ovs_meter_cmd {
	OVS_METER_CMD_UNSPEC = 0,
	OVS_METER_CMD_FEATURES = 1,
	OVS_METER_CMD_SET = 2,
	OVS_METER_CMD_DEL = 3,
	OVS_METER_CMD_GET = 4
};

enum ovs_meter_attr {
	OVS_METER_ATTR_UNSPEC = 0,
	OVS_METER_ATTR_ID = 1,		/* u32 */
	OVS_METER_ATTR_KBPS = 2,	/* flag: rates are kbit/s; else packets/s */
	OVS_METER_ATTR_STATS = 3,	/* struct ovs_flow_stats */
	OVS_METER_ATTR_BANDS = 4,	/* nested, each a nested OVS_BAND_ATTR_* */
	OVS_METER_ATTR_USED = 5,	/* u64: monotonic ms of last use, kernel to user */
	OVS_METER_ATTR_CLEAR = 6,	/* flag: zero the counters */
	OVS_METER_ATTR_MAX_METERS = 7,	/* u32, kernel to user */
	OVS_METER_ATTR_MAX_BANDS = 8,	/* u32, kernel to user */
	OVS_METER_ATTR_PAD = 9,
	__OVS_METER_ATTR_MAX
};

#define OVS_METER_ATTR_MAX (__OVS_METER_ATTR_MAX - 1)

enum ovs_band_attr {
	OVS_BAND_ATTR_UNSPEC = 0,
	OVS_BAND_ATTR_TYPE = 1,		/* u32: OVS_METER_BAND_TYPE_* */
	OVS_BAND_ATTR_RATE = 2,		/* u32 */
	OVS_BAND_ATTR_BURST = 3,	/* u32 */
	OVS_BAND_ATTR_STATS = 4,	/* struct ovs_flow_stats */
	__OVS_BAND_ATTR_MAX
};

#define OVS_BAND_ATTR_MAX (__OVS_BAND_ATTR_MAX - 1)

enum ovs_meter_band_type {
	OVS_METER_BAND_TYPE_UNSPEC = 0,
	OVS_METER_BAND_TYPE_DROP = 1,
	__OVS_METER_BAND_TYPE_MAX
};

#define OVS_METER_BAND_TYPE_MAX (__OVS_METER_BAND_TYPE_MAX - 1)

/* ---- Conntrack limits ------------------------------------------------- */

#define OVS_CT_LIMIT_FAMILY	"ovs_ct_limit"
#define OVS_CT_LIMIT_MCGROUP	"ovs_ct_limit"
#define OVS_CT_LIMIT_VERSION	0x1

enum ovs_ct_limit_cmd {
	OVS_CT_LIMIT_CMD_UNSPEC = 0,
	OVS_CT_LIMIT_CMD_SET = 1,
	OVS_CT_LIMIT_CMD_DEL = 2,
	OVS_CT_LIMIT_CMD_GET = 3
};

enum ovs_ct_limit_attr {
	OVS_CT_LIMIT_ATTR_UNSPEC = 0,
	OVS_CT_LIMIT_ATTR_ZONE_LIMIT = 1, /* array of struct ovs_zone_limit */
	__OVS_CT_LIMIT_ATTR_MAX
};

#define OVS_CT_LIMIT_ATTR_MAX (__OVS_CT_LIMIT_ATTR_MAX - 1)

/* The zone id that stands for every zone without a limit of its own. */
#define OVS_ZONE_LIMIT_DEFAULT_ZONE (-1)

struct ovs_zone_limit {
	int zone_id;
	__u32 limit;			/* 0: none */
	__u32 count;			/* kernel to user */
};

#endif /* _UAPI__LINUX_OPENVSWITCH_H */
