// SPDX-License-Identifier: GPL-2.0-only
/*
 * The executor: a list of actions in, a log of what happened out. Ports, user
 * space and the flow table, which are beyond this unit, only write the log.
 *
 * The log names what left by a port by its number, an upcall by u and its port
 * id, a lookup by ? and the recirculation id. What differs from the packet
 * that came in is in brackets, what differs in its key in parentheses.
 */
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

#undef kmem_cache_alloc
#define skb_clone		test_clone
#define kmem_cache_alloc	test_alloc
#define get_random_u32		test_random
#include "../datapath/action/compile.c"
#include "../datapath/action/compile_set.c"
#include "../datapath/action/compile_userspace.c"
#include "../datapath/action/defer.c"
#include "../datapath/action/execute.c"
#include "../datapath/action/hash.c"
#include "../datapath/action/output.c"
#include "../datapath/action/program.c"
#include "../datapath/action/set.c"
#include "../datapath/action/set_ip.c"
#include "../datapath/action/set_l4.c"
#include "../datapath/action/userspace.c"
#include "../datapath/action/vlan.c"
#include "../datapath/key/field.c"
#include "../datapath/key/key.c"
#include "../datapath/upcall.h"
#undef skb_clone

#include "action_packet.h"
#include "action_text.h"

#define FLOWS		32
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
} world;

static const char *const drop_names[] = {
	[MF_DROP_NONE] = "NONE",
#define DROP_REASON(name, text) [MF_DROP_##name] = #name,
#define DROP_CORE(name, core, text) [MF_DROP_##name] = #name,
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

void mf_port_send(struct mf_dp *dp, struct sk_buff *skb, u32 port_no, u8 mac_proto)
{
	note(" %u", port_no);
	note_packet(skb);
	world.outputs++;
	if (port_no == LOOP_PORT) {
		struct mf_key key;

		mf_key_init(&key);
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
	if (upcall->max_len != U32_MAX)
		note("/%u", upcall->max_len);
	if (upcall->has_userdata)
		note("=%*phN", upcall->userdata_len, upcall->userdata);
	if (upcall->actions)
		note("@%u", upcall->actions->src_len);
	note_packet(skb);
	note_key(key);
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

int mf_key_refresh(struct mf_key *key, struct sk_buff *skb)
{
	note(" refresh");
	return world.refresh_err;
}

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
	prog = mf_program_compile(text_to_actions(test, text), key, &extack);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(prog), "%s: %s", text, extack._msg);
	return prog;
}

static void reset(struct kunit *test)
{
	memset(world.log, 0, sizeof(world.log));
	memset(world.drops, 0, sizeof(world.drops));
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
	world.flows[recirc_id] = compile_text(test, text);
}

/* Run a list on a packet; nothing may be left of it but what we hold. */
static int run_packet(struct kunit *test, const char *text, const struct packet_spec *spec,
		      void (*prepare)(struct sk_buff *skb))
{
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct mf_program *prog = compile_text(test, text);
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
	err = mf_program_run(NULL, skb, key, prog);
	rcu_read_unlock();
	local_bh_enable();

	if (!world.keep_last)
		KUNIT_EXPECT_EQ_MSG(test, atomic_read(&skb_shinfo(witness)->dataref) &
				    SKB_DATAREF_MASK, 1, "%s: packets leaked", text);
	KUNIT_EXPECT_EQ(test, per_cpu_ptr(act_cpus, raw_smp_processor_id())->level, 0u);
	KUNIT_EXPECT_EQ(test, per_cpu_ptr(act_cpus, raw_smp_processor_id())->n_deferred, 0u);
	kfree_skb(witness);
	mf_program_free(prog);
	return err;
}

static const char *log_of(void)
{
	return world.len ? world.log + 1 : "";
}

#define ANY_CLONES U32_MAX
#define PUSH2 "push_vlan(0x8100,0x1005),push_vlan(0x88a8,0x1006),"

static const struct run_row {
	const char *text;
	const char *log;
	u32 clones;
	int err;
} run_rows[] = {
	/* Order, and one clone for every output but the last. */
	{ "1", "1", 0 },
	{ "1,2,3", "1 2 3", 2 },
	{ "", "drop:LAST_ACTION", 0 },
	{ "1,dst(2)", "1 drop:LAST_ACTION", 1 },
	{ "drop(0)", "drop:EXPLICIT", 0 },
	{ "drop(9)", "drop:EXPLICIT_WITH_ERROR", 0 },
	{ "1,drop(0)", "1 drop:EXPLICIT", 1 },
	{ "dst(2),1,dst(3),2", "1[d2] 2[d3]", 1 },
	{ "ttl(9),1", "1[t9]", 0 },
	{ "mark(5),1", "1[m5]", 0 },
	/* User space sees the key as the actions leave it; its refusal is no error. */
	{ "user(7)", "u7 drop:LAST_ACTION", 0 },
	{ "user(7,2),1", "u7=0001 1", 0 },
	{ "dst(2),ttl(3),mark(4),user(7),1", "u7[d2][t3][m4](d2)(t3)(m4) 1[d2][t3][m4]", 0 },
	{ "attr(2){attr(1)=09000000,attr(4)},1", "u9@24 1", 0 },
	/* Bodies in place */
	{ "clone{1},2", "1 2", 1 },
	{ "clone{},2", "2", 0 },
	{ "clone{user(7)},2", "u7 2", 0 },
	{ "clone{clone{clone{1},2},3},4", "1 2 3 4", 3 },
	{ "clone{user(7)}", "u7 drop:LAST_ACTION", 0 },
	/* Bodies on a copy */
	{ "clone{dst(2),1},2", "1[d2] 2", 1 },
	{ "clone{dst(2)},2", "drop:LAST_ACTION 2", 1 },
	{ "clone{drop(0)},2", "drop:EXPLICIT 2", 1 },
	{ "dst(2),clone{ttl(3),user(7),1},user(8),2",
	  "u7[d2][t3](d2)(t3) 1[d2][t3] u8[d2](d2) 2[d2]", 1 },
	{ "clone{dst(1),clone{dst(2),1},2},3", "1[d2] 2[d1] 3", 2 },
	{ "clone{dst(1),clone{dst(2),1}},3", "1[d2] 3", 1 },
	/* Bodies that end the list take the packet over. */
	{ "clone{dst(2),1}", "1[d2]", 0 },
	{ "1,clone{dst(2),clone{ttl(3),2}}", "1 2[d2][t3]", 1 },
	/* TRUNC holds until the next output, and not beyond a body. */
	{ "trunc(20),1,2", "1[n20] 2", 1 },
	{ "trunc(4000),1", "1", 0 },
	{ "trunc(20),user(3),1", "u3/20 1", 0 },
	{ "trunc(20),trunc(30),1", "1[n30]", 0 },
	{ "clone{trunc(20),1},2", "1[n20] 2", 1 },
	{ "clone{trunc(20)},2", "2", 0 },
	{ "trunc(20),clone{1},2", "1[n20] 2[n20]", 1 },
	{ "trunc(20),clone{dst(1),1},2", "1[n20][d1] 2[n20]", 1 },
	{ "trunc(20),recirc(1)", "?1 5[n20]", 0 },
	/* SAMPLE: the source of randomness says 100. */
	{ "sample(4294967295){1},2", "1 2", 1 },
	{ "sample(0){1},2", "2", 0 },
	{ "sample(100){1},2", "1 2", 1 },
	{ "sample(99){1},2", "2", 0 },
	{ "sample(99){1}", "drop:LAST_ACTION", 0 },
	{ "sample(100){dst(1),1},2", "1[d1] 2", 1 },
	{ "sample(100){dst(1),1}", "1[d1]", 0 },
	/* RECIRC */
	{ "recirc(1)", "?1 5", 0 },
	{ "recirc(1),2", "?1 5 2", 1 },
	{ "recirc(9)", "?9 miss", 0 },
	{ "recirc(9),2", "?9 miss 2", 1 },
	{ "clone{recirc(1)},2", "?1 5 2", 1 },
	{ "dst(2),recirc(1),user(3)", "?1(d2) 5[d2] u3[d2](d2) drop:LAST_ACTION", 1 },
	{ "recirc(2),user(8),3", "?2 4[d9] u8 3", 1 },
	{ "hash(0,7),recirc(1)", "?1(h) 5", 0 },
	{ "hash(1,7),recirc(1)", "?1(h) 5", 0 },
	/* VLAN: one tag the key follows; of two it is taken anew. */
	{ "push_vlan(0x8100,0x1005),user(3),1", "u3[v5](v1005) 1[v5]", 0 },
	{ "push_vlan(0x8100,0x1005),recirc(1)", "?1(v1005) 5[v5]", 0 },
	{ "push_vlan(0x8100,0x1005),pop_vlan,recirc(1)", "?1 5", 0 },
	{ "pop_vlan,recirc(1)", "?1 5", 0 },
	{ PUSH2 "1", "1[n118][v6]", 0 },
	{ PUSH2 "pop_vlan,1", "1[v5]", 0 },
	{ PUSH2 "pop_vlan,pop_vlan,1", "1", 0 },
	{ PUSH2 "ttl(9),1", "1[n118][v6][t9]", 0 },
	{ PUSH2 "recirc(1)", "refresh ?1(v1005) 5[n118][v6]", 0 },
};

static void set_flows(struct kunit *test)
{
	memset(world.flows, 0, sizeof(world.flows));
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

	for (i = 0; i < FLOWS; i++)
		if (world.flows[i])
			mf_program_free((struct mf_program *)world.flows[i]);
}

static void expect_rows(struct kunit *test, const struct run_row *row, size_t n)
{
	for (; n--; row++) {
		int err = run_packet(test, row->text, &tcp4, NULL);

		KUNIT_EXPECT_STREQ_MSG(test, log_of(), row->log, "%s", row->text);
		KUNIT_EXPECT_EQ_MSG(test, err, row->err, "%s", row->text);
		KUNIT_EXPECT_EQ_MSG(test, world.born, world.died, "%s", row->text);
		if (row->clones != ANY_CLONES)
			KUNIT_EXPECT_EQ_MSG(test, world.clones, row->clones, "%s", row->text);
	}
}

static void runs(struct kunit *test)
{
	set_flows(test);
	expect_rows(test, run_rows, ARRAY_SIZE(run_rows));
	free_flows();
}

/* An error ends the packet and the lists around it, but not another flow's. */
static const struct run_row error_rows[] = {
	{ PUSH2 "recirc(1)", "refresh drop:ACTION_ERROR", 0, -EBADMSG },
	{ PUSH2 "recirc(1),2", "refresh drop:ACTION_ERROR", 0, -EBADMSG },
	{ PUSH2 "clone{recirc(1)},2", "refresh drop:ACTION_ERROR", 0, -EBADMSG },
	{ "clone{" PUSH2 "recirc(1)},2", "refresh drop:ACTION_ERROR drop:ACTION_ERROR", 1,
	  -EBADMSG },
	{ "clone{dst(1),clone{" PUSH2 "recirc(1)},1},2",
	  "refresh drop:ACTION_ERROR drop:ACTION_ERROR drop:ACTION_ERROR", 2, -EBADMSG },
	{ "recirc(3)", "?3 refresh drop:ACTION_ERROR", 0, -EBADMSG },
	{ "recirc(3),2", "?3 refresh drop:ACTION_ERROR 2", 1, 0 },
	{ "clone{dst(1),recirc(3)},2", "?3(d1) refresh drop:ACTION_ERROR 2", 1, 0 },
	{ "clone{recirc(3)},2", "?3 refresh drop:ACTION_ERROR 2", 1, 0 },
};

static void errors(struct kunit *test)
{
	set_flows(test);
	world.refresh_err = -EBADMSG;
	expect_rows(test, error_rows, ARRAY_SIZE(error_rows));
	free_flows();
}

/* Without memory for a copy, what the copy was for is left out. */
static const struct run_row no_clone_rows[] = {
	{ "1,2", "2", 0 },
	{ "clone{dst(1),1},2", "2", 0 },
	{ "sample(4294967295){dst(1),1},2", "2", 0 },
	{ "recirc(1),2", "2", 0 },
	{ "recirc(1)", "?1 5", 0 },
};

static const struct run_row no_key_rows[] = {
	{ "1,2", "1 2", 1 },
	{ "clone{dst(1),1},2", "drop:NOMEM 2", 1 },
	{ "recirc(1),2", "drop:NOMEM 2", 1 },
	{ "recirc(1)", "?1 5", 0 },
};

static void no_memory(struct kunit *test)
{
	set_flows(test);
	world.clone_fails = true;
	expect_rows(test, no_clone_rows, ARRAY_SIZE(no_clone_rows));
	world.clone_fails = false;
	world.alloc_fails = true;
	expect_rows(test, no_key_rows, ARRAY_SIZE(no_key_rows));
	free_flows();
}

/* Sixteen levels, each with a copy, and each going on afterwards. */
static void deep(struct kunit *test)
{
	char *text = kunit_kzalloc(test, SZ_1K, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 1; i <= 16; i++)
		sprintf(text + strlen(text), "clone{dst(%d),", i);
	strcat(text, "99");
	for (i = 16; i >= 1; i--)
		sprintf(text + strlen(text), "},%d", i);

	set_flows(test);
	KUNIT_EXPECT_EQ(test, run_packet(test, text, &tcp4, NULL), 0);
	KUNIT_EXPECT_STREQ(test, log_of(),
			   "99[d10] 16[df] 15[de] 14[dd] 13[dc] 12[db] 11[da] 10[d9] 9[d8] 8[d7] "
			   "7[d6] 6[d5] 5[d4] 4[d3] 3[d2] 2[d1] 1");
	KUNIT_EXPECT_EQ(test, world.born, world.died);
	free_flows();
}

/* More lookups inside each other than there are frames: they are put off. */
static void deferral(struct kunit *test)
{
	char text[32];
	int i;

	set_flows(test);
	for (i = 6; i < 30; i++) {
		sprintf(text, "recirc(%d),%d", i + 1, i);
		set_flow(test, i, text);
	}
	set_flow(test, 30, "dst(7),30");
	KUNIT_EXPECT_EQ(test, run_packet(test, "dst(3),recirc(6),1", &tcp4, NULL), 0);
	KUNIT_EXPECT_EQ(test, world.outputs, 26u);
	KUNIT_EXPECT_EQ(test, world.lookups, 25u);
	KUNIT_EXPECT_EQ(test, world.born, world.died);
	KUNIT_EXPECT_NOT_NULL(test, strstr(log_of(), "30[d7]"));
	/* What was put off came after what was not. */
	KUNIT_EXPECT_TRUE(test, strstr(log_of(), " 1[d3]") < strstr(log_of(), "30[d7]"));

	/* A body that ends in a lookup, deep inside. */
	set_flow(test, 29, "clone{dst(1),recirc(30)},29");
	run_packet(test, "dst(3),recirc(6),1", &tcp4, NULL);
	KUNIT_EXPECT_EQ(test, world.outputs, 26u);
	KUNIT_EXPECT_EQ(test, world.born, world.died);
	free_flows();
}

/* Flows that recirculate to themselves come to an end. */
static void recirc_loops(struct kunit *test)
{
	set_flows(test);
	KUNIT_EXPECT_EQ(test, run_packet(test, "recirc(4)", &tcp4, NULL), -ENETDOWN);
	KUNIT_EXPECT_EQ(test, world.lookups, (u32)MF_RECIRC_MAX);
	KUNIT_EXPECT_EQ(test, world.drops[MF_DROP_RECURSION_LIMIT], 1u);
	KUNIT_EXPECT_EQ(test, world.born, world.died);

	/* Two each time: as many as the stars, if nobody counted. */
	run_packet(test, "recirc(5),1", &tcp4, NULL);
	KUNIT_EXPECT_LE(test, world.lookups, (u32)MF_RUN_LOOKUPS_MAX);
	KUNIT_EXPECT_GT(test, world.drops[MF_DROP_RECURSION_LIMIT], 0u);
	KUNIT_EXPECT_EQ(test, world.outputs, 1u);
	KUNIT_EXPECT_EQ(test, world.born, world.died);
	free_flows();
}

/* More lookups to put off than there is room for. */
static void deferral_full(struct kunit *test)
{
	char *text = kunit_kzalloc(test, SZ_4K, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 0; i < MF_FRAMES_MAX - MF_NEST_MAX; i++)
		strcat(text, "clone{dst(1),");
	for (i = 0; i < MF_DEFERRED_MAX + 3; i++)
		strcat(text, "recirc(1),");
	strcat(text, "2");
	for (i = 0; i < MF_FRAMES_MAX - MF_NEST_MAX; i++)
		strcat(text, "},3");

	set_flows(test);
	KUNIT_EXPECT_EQ(test, run_packet(test, text, &tcp4, NULL), 0);
	KUNIT_EXPECT_EQ(test, world.drops[MF_DROP_DEFERRED_LIMIT], 3u);
	KUNIT_EXPECT_EQ(test, world.lookups, (u32)MF_DEFERRED_MAX);
	KUNIT_EXPECT_EQ(test, world.born, world.died);
	free_flows();
}

/* A port that leads back into the datapath. */
static void device_loop(struct kunit *test)
{
	set_flows(test);
	KUNIT_EXPECT_EQ(test, run_packet(test, "31", &tcp4, NULL), 0);
	KUNIT_EXPECT_STREQ(test, log_of(), "31 31 31 31 31 drop:RECURSION_LIMIT");
	KUNIT_EXPECT_EQ(test, world.born, world.died);
	free_flows();
}

/* A device's limits on how deep it goes do not stop lookups from being put off. */
static void deferral_in_loop(struct kunit *test)
{
	set_flows(test);
	mf_program_free((struct mf_program *)world.flows[LOOP_PORT]);
	set_flow(test, LOOP_PORT, "recirc(5),1");
	run_packet(test, "31,2", &tcp4, NULL);
	KUNIT_EXPECT_EQ(test, world.outputs, 3u);
	KUNIT_EXPECT_LE(test, world.lookups, (u32)MF_RUN_LOOKUPS_MAX);
	KUNIT_EXPECT_EQ(test, world.born, world.died);
	free_flows();
}

static void sampling(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, is_sampled(0, 0));
	KUNIT_EXPECT_TRUE(test, is_sampled(1, 0));
	KUNIT_EXPECT_TRUE(test, is_sampled(1, 1));
	KUNIT_EXPECT_FALSE(test, is_sampled(1, 2));
	KUNIT_EXPECT_TRUE(test, is_sampled(U32_MAX, U32_MAX));
	KUNIT_EXPECT_FALSE(test, is_sampled(U32_MAX - 1, U32_MAX));
}

static void make_gso(struct sk_buff *skb)
{
	skb_shinfo(skb)->gso_size = 1000;
	skb_shinfo(skb)->gso_segs = 3;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
}

/* TRUNC cuts what leaves, not what it leaves in. Segments have 54 bytes of headers. */
static void trunc_gso(struct kunit *test)
{
	static const struct packet_spec big = {
		.proto = IPPROTO_TCP, .ip_summed = CHECKSUM_PARTIAL, .payload = 3000,
	};
	static const struct {
		const char *text;
		const char *log;
	} rows[] = {
		{ "1", "1" },
		{ "trunc(3054),1", "1" },
		{ "trunc(1054),1", "1" },
		{ "trunc(1053),1", "1[n1053] 1[n1053] 1[n1053]" },
		{ "trunc(14),1", "1[n14] 1[n14] 1[n14]" },
		{ "trunc(100),user(3),1", "u3/100 1" },
		{ "trunc(60),1,2", "1[n60] 1[n60] 1[n60] 2" },
	};
	int i;

	set_flows(test);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ(test, run_packet(test, rows[i].text, &big, make_gso), 0);
		KUNIT_EXPECT_STREQ(test, log_of(), rows[i].log);
	}
	free_flows();
}

/* A cut packet's checksum cannot be left to the device any more. */
static void trunc_partial(struct kunit *test)
{
	static const struct packet_spec partial = {
		.proto = IPPROTO_TCP, .ip_summed = CHECKSUM_PARTIAL, .payload = 60,
	};
	static const struct packet_spec complete = {
		.proto = IPPROTO_TCP, .ip_summed = CHECKSUM_COMPLETE, .payload = 60,
	};
	u32 len;

	set_flows(test);
	world.keep_last = true;
	for (len = ETH_HLEN; len < TCP4_LEN; len++) {
		char text[32];

		sprintf(text, "trunc(%u),1", len);
		KUNIT_EXPECT_EQ(test, run_packet(test, text, &partial, NULL), 0);
		KUNIT_EXPECT_EQ(test, world.last->len, len);
		KUNIT_EXPECT_FALSE(test, world.last->ip_summed == CHECKSUM_PARTIAL);
		kfree_skb(world.last);

		KUNIT_EXPECT_EQ(test, run_packet(test, text, &complete, NULL), 0);
		KUNIT_EXPECT_EQ(test, world.last->len, len);
		if (world.last->ip_summed == CHECKSUM_COMPLETE)
			KUNIT_EXPECT_EQ(test, csum_fold(world.last->csum),
					csum_fold(csum_partial(world.last->data, len, 0)));
		kfree_skb(world.last);
	}
	free_flows();
}

static int action_run_init(struct kunit_suite *suite)
{
	return mf_action_init();
}

static void action_run_exit(struct kunit_suite *suite)
{
	mf_action_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(runs),
	KUNIT_CASE(errors),
	KUNIT_CASE(no_memory),
	KUNIT_CASE(deep),
	KUNIT_CASE(deferral),
	KUNIT_CASE(deferral_full),
	KUNIT_CASE(deferral_in_loop),
	KUNIT_CASE(recirc_loops),
	KUNIT_CASE(device_loop),
	KUNIT_CASE(sampling),
	KUNIT_CASE(trunc_gso),
	KUNIT_CASE(trunc_partial),
	{}
};

static struct kunit_suite suite = {
	.name = "action_run",
	.suite_init = action_run_init,
	.suite_exit = action_run_exit,
	.test_cases = cases,
};
kunit_test_suite(suite);

MODULE_DESCRIPTION("Tests of the executor of actions");
MODULE_LICENSE("GPL");
