/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world around the executor, for tests: a list of actions in, a log of
 * what happened out. Ports, user space and the flow table, which are beyond
 * the unit, only write the log.
 *
 * The log names what left by a port by its number, an upcall by u and its port
 * id, a sample by s, its group and rate, a lookup by ? and the recirculation
 * id. What differs from the packet that came in is in brackets, what differs in
 * its key in parentheses. An upcall whose packet has a hash already has a #
 * behind it.
 */
#ifndef MF_KUNIT_ACTION_WORLD_H
#define MF_KUNIT_ACTION_WORLD_H

#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

/* Each of these can be made to fail, and clones are counted. */
static struct sk_buff *test_clone(struct sk_buff *skb, gfp_t gfp);
static void *test_alloc(struct kmem_cache *cache, gfp_t gfp);
static u32 test_random(void);
static void *real_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	return kmem_cache_alloc(cache, gfp);
}

static void test_trace(u8 action, u16 len, bool last);

struct mf_dp;
struct mf_key;

/* Instead of trace.h, whose events may exist in the system once. */
#define MF_TRACE_H
static inline bool trace_ovs_do_execute_action_enabled(void)
{
	return true;
}

static inline void trace_ovs_do_execute_action(const struct mf_dp *dp, const struct sk_buff *skb,
					       const struct mf_key *key, u8 action,
					       const void *data, u16 len, bool last)
{
	test_trace(action, len, last);
}

#undef kmem_cache_alloc
#define skb_clone		test_clone
#define kmem_cache_alloc	test_alloc
#define get_random_u32		test_random
#include "../datapath/action/branch.c"
#include "../datapath/action/compile.c"
#include "../datapath/action/compile_body.c"
#include "../datapath/action/compile_encap.c"
#include "../datapath/action/compile_nsh.c"
#include "../datapath/action/compile_set.c"
#include "../datapath/action/compile_psample.c"
#include "../datapath/action/compile_tunnel.c"
#include "../datapath/action/compile_userspace.c"
#include "../datapath/action/defer.c"
#include "../datapath/action/execute.c"
#include "../datapath/action/hash.c"
#include "../datapath/action/output.c"
#include "../datapath/action/program.c"
#include "../datapath/action/psample.c"
#include "../datapath/action/set.c"
#include "../datapath/action/set_ip.c"
#include "../datapath/action/set_l4.c"
#include "../datapath/action/tunnel.c"
#include "../datapath/action/userspace.c"
#include "../datapath/action/mpls.c"
#include "../datapath/action/nsh.c"
#include "../datapath/action/eth.c"
#include "../datapath/action/vlan.c"
#include "../datapath/key/field.c"
#include "../datapath/key/key.c"
#include "../datapath/key/tunnel.c"
#include "../datapath/upcall.h"
#undef skb_clone

#include "action_packet.h"
#include "action_text.h"

#define FLOWS		32
/* Two tags: the inner one goes into the frame. */
#define PUSH2 "push_vlan(0x8100,0x1005),push_vlan(0x88a8,0x1006),"
/* Flow of the port that leads back into the datapath. */
#define LOOP_PORT	31

static struct {
	struct kunit *test;
	char log[SZ_4K];
	size_t len;
	const struct mf_program *flows[FLOWS];
	u32 drops[MF_DROPS];
	u32 lookups;
	u32 outputs;
	u32 clones;
	u32 born;
	u32 died;
	u32 skb_len;
	u32 random;
	bool clone_fails;
	bool alloc_fails;
	int refresh_err;
	struct sk_buff *last;
	bool keep_last;
	char trace[256];
} world;

static const char *const drop_names[] = {
	[MF_DROP_NONE] = "NONE",
#define DROP_REASON(id, text) \
	[MF_DROP_##id] = #id,
#define DROP_PART(id, whole, text) \
	[MF_DROP_##id] = #id,
#define DROP_CORE(id, core, text) \
	[MF_DROP_##id] = #id,
#include <megaflow/drop.def>
};

static __printf(1, 2) void note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	world.len += vscnprintf(world.log + world.len, sizeof(world.log) - world.len, fmt, args);
	va_end(args);
}

static void note_packet(struct sk_buff *skb)
{
	const struct ethhdr *eth = (struct ethhdr *)skb->data;
	const struct iphdr *ip = ip_hdr(skb);

	if (skb->len != world.skb_len)
		note("[n%u]", skb->len);
	if (skb_vlan_tag_present(skb))
		note("[v%x]", skb_vlan_tag_get(skb));
	if (eth->h_dest[5] != 0xdd)
		note("[d%x]", eth->h_dest[5]);
	if (skb->len >= 34 && ip->ttl != 64)
		note("[t%u]", ip->ttl);
	if (skb_tunnel_info(skb))
		note("[T%pI4]", &skb_tunnel_info(skb)->key.u.ipv4.dst);
	if (skb->mark)
		note("[m%u]", skb->mark);
}

static void note_key(const struct mf_key *key)
{
	if (key->vlan_tci)
		note("(v%x)", ntohs(key->vlan_tci));
	if (key->eth_dst[5] != 0xdd)
		note("(d%x)", key->eth_dst[5]);
	if (key->ip_ttl != 64)
		note("(t%u)", key->ip_ttl);
	if (key->skb_mark)
		note("(m%u)", key->skb_mark);
	if (key->dp_hash)
		note("(h)");
}

static struct sk_buff *test_clone(struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff *clone = world.clone_fails ? NULL : skb_clone(skb, gfp);

	if (clone) {
		world.clones++;
		world.born++;
	}
	return clone;
}

static void *test_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	return world.alloc_fails ? NULL : real_alloc(cache, gfp);
}

static void test_trace(u8 action, u16 len, bool last)
{
	size_t n = strlen(world.trace);

	scnprintf(world.trace + n, sizeof(world.trace) - n, "%u/%u%s ", action, len,
		  last ? "!" : "");
}

static u32 test_random(void)
{
	return world.random;
}

void mf_drop(struct mf_dp *dp, struct sk_buff *skb, enum mf_drop reason)
{
	note(" drop:%s", drop_names[reason]);
	world.drops[reason]++;
	world.died++;
	kfree_skb(skb);
}

struct mf_port *mf_port_find_rcu(const struct mf_dp *dp, u32 port_no)
{
	note(" p%u", port_no);
	return NULL;
}

/* Meter 13 drops everything. */
bool mf_meter_admit(struct mf_dp *dp, u32 id, u32 len)
{
	note(" m%u:%u", id, len);
	return id != 13;
}

void mf_port_send(struct mf_dp *dp, struct sk_buff *skb, u32 port_no, u8 mac_proto)
{
	note(" %u", port_no);
	note_packet(skb);
	world.outputs++;
	if (port_no == LOOP_PORT) {
		struct mf_key key;

		mf_key_init(&key);
		key.eth_dst[5] = 0xdd;
		key.ip_ttl = 64;
		mf_program_run(dp, skb, &key, world.flows[LOOP_PORT]);
		return;
	}
	world.died++;
	if (world.keep_last)
		world.last = skb;
	else
		consume_skb(skb);
}

int mf_upcall_send(struct mf_dp *dp, struct sk_buff *skb, const struct mf_key *key,
		   const struct mf_upcall *upcall)
{
	note(" u%u", upcall->portid);
	if (skb_get_hash_raw(skb))
		note("#");
	if (upcall->max_len != U32_MAX)
		note("/%u", upcall->max_len);
	if (upcall->has_userdata)
		note("=%*phN", upcall->userdata_len, upcall->userdata);
	if (upcall->actions)
		note("@%u", upcall->actions->src_len);
	note_packet(skb);
	note_key(key);
	if (key->recirc_id)
		note("(r%u)", key->recirc_id);
	return -ECONNREFUSED;
}

const struct mf_program *mf_ingress_lookup(struct mf_dp *dp, struct sk_buff *skb,
					   struct mf_key *key)
{
	const struct mf_program *prog;

	world.lookups++;
	note(" ?%u", key->recirc_id);
	note_key(key);
	prog = key->recirc_id < FLOWS ? world.flows[key->recirc_id] : NULL;
	if (!prog) {
		note(" miss");
		world.died++;
		consume_skb(skb);
	}
	return prog;
}

/* Connections are beyond the unit. */
int mf_compile_ct(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	return mf_compile_refuse(c, attr, -EOPNOTSUPP, "ct: not here");
}

int mf_exec_ct(struct act_exec *x, const struct mf_insn *insn)
{
	return -EOPNOTSUPP;
}

void mf_exec_ct_clear(struct act_exec *x)
{
	note(" ct_clear");
}

int mf_key_refresh(struct mf_key *key, struct sk_buff *skb)
{
	note(" refresh");
	return world.refresh_err;
}

static void test_psample(struct psample_group *group, const struct sk_buff *skb, u32 rate,
			 const struct psample_metadata *md)
{
	note(" s%u/%u:%u=%*phN", group->group_num, rate, md->trunc_size, md->user_cookie_len,
	     md->user_cookie);
	if (!md->rate_as_probability || group->net != &init_net)
		note("!");
}

static struct mf_dp world_dp = { .net = &init_net };

static const struct packet_spec tcp4 = { .proto = IPPROTO_TCP, .payload = 60 };
#define TCP4_LEN (ETH_HLEN + 20 + 20 + 60)

static struct mf_program *compile_text(struct kunit *test, const char *text)
{
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct netlink_ext_ack extack = {};
	struct mf_program *prog;

	KUNIT_ASSERT_NOT_NULL(test, key);
	key->eth_type = htons(ETH_P_IP);
	key->ip_proto = IPPROTO_TCP;
	key->blocks = BIT(MF_BLOCK_BASE);
	prog = mf_program_compile(&init_net, text_to_actions(test, text), key, &extack);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(prog), "%s: %s", text, extack._msg);
	return prog;
}

static void reset(struct kunit *test)
{
	memset(world.log, 0, sizeof(world.log));
	memset(world.drops, 0, sizeof(world.drops));
	memset(world.trace, 0, sizeof(world.trace));
	world.test = test;
	world.len = 0;
	world.lookups = 0;
	world.outputs = 0;
	world.clones = 0;
	world.born = 0;
	world.died = 0;
}

static void set_flow(struct kunit *test, u32 recirc_id, const char *text)
{
	mf_program_free((struct mf_program *)world.flows[recirc_id]);
	world.flows[recirc_id] = compile_text(test, text);
}

/* Run a program on a packet; nothing may be left of it but what we hold. */
static int run_program(struct kunit *test, const struct mf_program *prog, const char *text,
		       const struct packet_spec *spec, void (*prepare)(struct sk_buff *skb))
{
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct sk_buff *witness;
	struct sk_buff *skb;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, key);
	reset(test);
	skb = packet_new(test, spec, key);
	if (prepare)
		prepare(skb);
	*mf_cb(skb) = (struct mf_cb){};
	world.skb_len = skb->len;
	world.born = 1;
	witness = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, witness);

	local_bh_disable();
	rcu_read_lock();
	err = mf_program_run(&world_dp, skb, key, prog);
	rcu_read_unlock();
	local_bh_enable();

	if (!world.keep_last)
		KUNIT_EXPECT_EQ_MSG(test, atomic_read(&skb_shinfo(witness)->dataref) &
				    SKB_DATAREF_MASK, 1, "%s: packets leaked", text);
	KUNIT_EXPECT_EQ(test, per_cpu_ptr(mf_act_cpus, raw_smp_processor_id())->level, 0u);
	KUNIT_EXPECT_EQ(test, per_cpu_ptr(mf_act_cpus, raw_smp_processor_id())->n_deferred, 0u);
	kfree_skb(witness);
	kunit_kfree(test, key);
	return err;
}

static int run_packet(struct kunit *test, const char *text, const struct packet_spec *spec,
		      void (*prepare)(struct sk_buff *skb))
{
	struct mf_program *prog = compile_text(test, text);
	int err = run_program(test, prog, text, spec, prepare);

	mf_program_free(prog);
	return err;
}

static const char *log_of(void)
{
	return world.len ? world.log + 1 : "";
}

static void set_flows(struct kunit *test)
{
	memset(world.flows, 0, sizeof(world.flows));
	send = test_psample;
	world.random = 100;
	world.clone_fails = false;
	world.alloc_fails = false;
	world.refresh_err = 0;
	world.keep_last = false;
	set_flow(test, 1, "5");
	set_flow(test, 2, "dst(9),4");
	set_flow(test, 3, PUSH2 "recirc(1)");
	set_flow(test, 4, "recirc(4)");
	set_flow(test, 5, "recirc(5),recirc(5)");
	set_flow(test, LOOP_PORT, "31");
}

static void free_flows(void)
{
	int i;

	/* It is not from psample, which must not be let go of. */
	send = NULL;
	for (i = 0; i < FLOWS; i++)
		mf_program_free((struct mf_program *)world.flows[i]);
}

#endif
