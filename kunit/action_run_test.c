// SPDX-License-Identifier: GPL-2.0-only
/*
 * The executor: text in, log out.
 */
#include "action_world.h"

#define ANY_CLONES U32_MAX
/* PSAMPLE to group 5, marked as nested */
#define PSAMPLE "attr(32793){attr(1)=05000000,attr(2)=0102},"
/* SET of TUNNEL to 10.0.0.2 */
#define TUNNEL "attr(3){attr(16){attr(2)=0a000002,attr(4)=40}},"

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
	{ "dst(2),ttl(3),mark(4),user(7),1", "u7#[d2][t3][m4](d2)(t3)(m4) 1[d2][t3][m4]", 0 },
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
	  "u7#[d2][t3](d2)(t3) 1[d2][t3] u8#[d2](d2) 2[d2]", 1 },
	{ "clone{dst(1),clone{dst(2),1},2},3", "1[d2] 2[d1] 3", 2 },
	{ "clone{dst(1),clone{dst(2),1}},3", "1[d2] 3", 1 },
	/* Bodies that end the list take the packet over. */
	{ "clone{dst(2),1}", "1[d2]", 0 },
	{ "1,clone{dst(2),clone{ttl(3),2}}", "1 2[d2][t3]", 1 },
	/* Branches by length: 20 bytes, and 4,095. */
	{ "attr(21){attr(1)=1400,attr(2){1},attr(3){2}}", "1", 0 },
	{ "attr(21){attr(1)=ff0f,attr(2){1},attr(3){2}}", "2", 0 },
	{ "attr(21){attr(1)=1400,attr(2){1},attr(3){2}},3", "1 3", 1 },
	{ "attr(21){attr(1)=1400,attr(2){},attr(3){2}},3", "3", 0 },
	{ "attr(21){attr(1)=1400,attr(2){},attr(3){2}}", "drop:LAST_ACTION", 0 },
	{ "attr(21){attr(1)=1400,attr(2){dst(2),1},attr(3){2}},3", "1[d2] 3", 1 },
	{ "clone{attr(21){attr(1)=1400,attr(2){1,2},attr(3){}}},3", "1 2 3", 2 },
	/* One less, until there is none. */
	{ "ttl(9),attr(23){attr(1){1}},2", "2[t8]", 0 },
	{ "ttl(2),attr(23){attr(1){1}},2", "2[t1]", 0 },
	{ "ttl(1),attr(23){attr(1){1}},2", "1[t1]", 0 },
	{ "ttl(1),attr(23){attr(1){user(7)}},2", "u7#[t1](t1) drop:LAST_ACTION", 0 },
	{ "ttl(0),attr(23){attr(1){}},2", "drop:IP_TTL", 0 },
	{ "clone{ttl(1),attr(23){attr(1){1}},2},3", "1[t1] 3", 1 },
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
	/* A tunnel goes with the packet and its copies, until the next one. */
	{ TUNNEL "1,2", "1[T10.0.0.2] 2[T10.0.0.2]", 1 },
	{ "1," TUNNEL "2", "1 2[T10.0.0.2]", 1 },
	{ "clone{" TUNNEL "1},2", "1[T10.0.0.2] 2", 1 },
	{ TUNNEL "1,attr(3){attr(16){attr(2)=0a000003,attr(4)=40}},2",
	  "1[T10.0.0.2] 2[T10.0.0.3]", 1 },
	{ TUNNEL "recirc(1)", "?1 5[T10.0.0.2]", 0 },
	{ "attr(2){attr(1)=09000000,attr(3)=07000000},1", "p7 u9 1", 0 },
	/* PSAMPLE: the probability of the SAMPLE around; TRUNC holds for it, too. */
	{ PSAMPLE "1", "s5/4294967295:114=0102 1", 0 },
	{ PSAMPLE "drop(0)", "s5/4294967295:114=0102 drop:EXPLICIT", 0 },
	{ "sample(100){" PSAMPLE "2},1", "s5/100:114=0102 2 1", 1 },
	{ "sample(4294967295){sample(200){" PSAMPLE "2}}", "s5/200:114=0102 2", 0 },
	{ "sample(100){2}," PSAMPLE "1", "2 s5/4294967295:114=0102 1", 1 },
	{ "trunc(20)," PSAMPLE "1", "s5/4294967295:20=0102 1", 0 },
	{ "trunc(4000)," PSAMPLE "1", "s5/4294967295:114=0102 1", 0 },
	/* METER: what it drops is dropped with its own copy only. */
	{ "meter(1),1", "m1:114 1", 0 },
	{ "meter(13),1", "m13:114 drop:METER", 0 },
	{ "1,meter(13),2", "1 m13:114 drop:METER", 1 },
	{ "meter(13)", "m13:114 drop:METER", 0 },
	{ "clone{meter(13),1},2", "m13:114 drop:METER 2", 1 },
	{ "clone{meter(1),1},2", "m1:114 1 2", 1 },
	{ "meter(2),meter(13),1", "m2:114 m13:114 drop:METER", 0 },
	{ PUSH2 "meter(1),1", "m1:118 1[n118][v6]", 0 },
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
	{ "dst(2),recirc(1),user(3)", "?1(d2) 5[d2] u3#[d2](d2) drop:LAST_ACTION", 1 },
	{ "recirc(2),user(8),3", "?2 4[d9] u8 3", 1 },
	{ "hash(0,7),recirc(1)", "?1(h) 5", 0 },
	{ "hash(1,7),recirc(1)", "?1(h) 5", 0 },
	/* VLAN: one tag the key follows; of two it is taken anew. */
	{ "push_vlan(0x8100,0x1005),user(3),1", "u3#[v5](v1005) 1[v5]", 0 },
	{ "push_vlan(0x8100,0x1005),recirc(1)", "?1(v1005) 5[v5]", 0 },
	{ "push_vlan(0x8100,0x1005),pop_vlan,recirc(1)", "?1 5", 0 },
	{ "pop_vlan,recirc(1)", "?1 5", 0 },
	{ PUSH2 "1", "1[n118][v6]", 0 },
	{ PUSH2 "pop_vlan,1", "1[v5]", 0 },
	{ PUSH2 "pop_vlan,pop_vlan,1", "1", 0 },
	{ PUSH2 "ttl(9),1", "1[n118][v6][t9]", 0 },
	{ PUSH2 "recirc(1)", "refresh ?1(v1005) 5[n118][v6]", 0 },
	/* A copy that is out of date, or not any more, says nothing of the original. */
	{ "clone{" PUSH2 "1},recirc(1)", "1[n118][v6] ?1 5", 1 },
	{ PUSH2 "clone{dst(1),recirc(1)},recirc(1)",
	  "refresh ?1(v1005)(d1) 5[n118][v6][d1] refresh ?1(v1005) 5[n118][v6]", 1 },
};

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
	{ "recirc(3)", "?3 refresh drop:ACTION_ERROR", 0, 0 },
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

/* A packet that waits in a device keeps what the tunnel is to do, not the flow. */
static void tunnel_outlives_program(struct kunit *test)
{
	struct mf_program *prog = compile_text(test, TUNNEL "1");
	const struct mf_insn_tunnel *tunnel = mf_insn_payload(mf_program_start(prog));
	struct metadata_dst *dst = tunnel->dst;

	set_flows(test);
	KUNIT_EXPECT_EQ(test, rcuref_read(&dst->dst.__rcuref), 1u);
	world.keep_last = true;
	run_program(test, prog, "tunnel", &tcp4, NULL);
	KUNIT_ASSERT_NOT_NULL(test, world.last);
	KUNIT_EXPECT_EQ(test, rcuref_read(&dst->dst.__rcuref), 2u);
	mf_program_free(prog);
	KUNIT_EXPECT_EQ(test, rcuref_read(&dst->dst.__rcuref), 1u);
	KUNIT_EXPECT_PTR_EQ(test, skb_tunnel_info(world.last), &dst->u.tun_info);
	consume_skb(world.last);
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
	char *log = kunit_kzalloc(test, SZ_1K, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_NOT_NULL(test, log);
	for (i = 1; i <= 16; i++)
		sprintf(text + strlen(text), "clone{dst(%d),", i);
	strcat(text, "99");
	strcat(log, "99[d10]");
	for (i = 16; i >= 1; i--) {
		sprintf(text + strlen(text), "},%d", i);
		if (i > 1)
			sprintf(log + strlen(log), " %d[d%x]", i, i - 1);
	}
	strcat(log, " 1");

	set_flows(test);
	KUNIT_EXPECT_EQ(test, run_packet(test, text, &tcp4, NULL), 0);
	KUNIT_EXPECT_STREQ(test, log_of(), log);
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
	KUNIT_EXPECT_EQ(test, run_packet(test, "recirc(4)", &tcp4, NULL), 0);
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
	strcat(text, "user(9),2");
	for (i = 0; i < MF_FRAMES_MAX - MF_NEST_MAX; i++)
		strcat(text, "},3");

	set_flows(test);
	KUNIT_EXPECT_EQ(test, run_packet(test, text, &tcp4, NULL), 0);
	KUNIT_EXPECT_EQ(test, world.drops[MF_DROP_DEFERRED_LIMIT], 3u);
	KUNIT_EXPECT_EQ(test, world.lookups, (u32)MF_DEFERRED_MAX);
	/* The key of what goes on is not the key of what is put off. */
	KUNIT_EXPECT_NOT_NULL(test, strstr(log_of(), " u9#[d1](d1) 2[d1]"));
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

/* What is put off inside a loop through a device waits for the outermost run. */
static void deferral_in_loop(struct kunit *test)
{
	char text[512] = "";
	int i;

	set_flows(test);
	set_flow(test, LOOP_PORT, "recirc(5),1");
	run_packet(test, "31,2", &tcp4, NULL);
	KUNIT_EXPECT_EQ(test, world.outputs, 3u);
	KUNIT_EXPECT_LE(test, world.lookups, (u32)MF_RUN_LOOKUPS_MAX);
	KUNIT_EXPECT_EQ(test, world.born, world.died);

	for (i = 0; i < MF_FRAMES_MAX - MF_NEST_MAX; i++)
		strcat(text, "clone{dst(1),");
	strcat(text, "recirc(1),4");
	for (i = 0; i < MF_FRAMES_MAX - MF_NEST_MAX; i++)
		strcat(text, "},3");
	set_flow(test, LOOP_PORT, text);
	run_packet(test, "31,2", &tcp4, NULL);
	KUNIT_EXPECT_STREQ(test, strstr(log_of(), " 2"), " 2 ?1(d1) 5[d1]");
	KUNIT_EXPECT_EQ(test, world.born, world.died);
	free_flows();
}

/* Number, bytes of data, and "!" where the packet ends. */
static void traces(struct kunit *test)
{
	set_flows(test);
	run_packet(test, "dst(2),clone{1},push_vlan(0x8100,0x1001),hash(0,1),recirc(1)", &tcp4,
		   NULL);
	KUNIT_EXPECT_STREQ(test, world.trace, "11/28 20/20 1/4 4/4 8/12 7/4! 1/4! ");
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

/* What HASH says of a TCP packet with so many bytes of payload and tags in front. */
static u32 hash_of(struct kunit *test, u32 alg, u32 basis, u32 payload, int tags, bool reply,
		   u32 preset)
{
	const struct packet_spec spec = { .proto = IPPROTO_TCP, .payload = payload };
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	const struct mf_insn push = { .imm = ETH_P_8021Q << 16 | 0x1005 };
	struct act_exec x = { .key = key };
	struct {
		struct mf_insn insn;
		struct ovs_action_hash hash;
	} hash = { .hash = { alg, basis } };

	KUNIT_ASSERT_NOT_NULL(test, key);
	x.skb = packet_new(test, &spec, key);
	if (reply) {
		swap(ip_hdr(x.skb)->saddr, ip_hdr(x.skb)->daddr);
		swap(tcp_hdr(x.skb)->source, tcp_hdr(x.skb)->dest);
	}
	if (preset)
		skb_set_hash(x.skb, preset, PKT_HASH_TYPE_L4);
	while (tags--)
		KUNIT_EXPECT_EQ(test, mf_exec_push_vlan(&x, &push), 0);
	mf_exec_hash(&x, &hash.insn);
	KUNIT_EXPECT_TRUE(test, ip_hdr(x.skb)->version == 4);
	kfree_skb(x.skb);
	return key->dp_hash;
}

/* One flow has one hash, however long its packets are and however tagged. */
static void hashes(struct kunit *test)
{
	u32 alg;
	int tags;

	for (alg = OVS_HASH_ALG_L4; alg <= OVS_HASH_ALG_SYM_L4; alg++)
		for (tags = 0; tags < 3; tags++) {
			u32 hash = hash_of(test, alg, 0, 10, tags, false, 0);

			KUNIT_EXPECT_NE(test, hash, 0u);
			KUNIT_EXPECT_EQ(test, hash, hash_of(test, alg, 0, 500, tags, false, 0));
			KUNIT_EXPECT_NE(test, hash, hash_of(test, alg, 1, 10, tags, false, 0));
			KUNIT_EXPECT_EQ(test, hash, hash_of(test, alg, 0, 10, tags, true, 0));
			/* A device may hash each direction differently. */
			KUNIT_EXPECT_EQ(test, hash_of(test, alg, 3, 10, tags, false, 77),
					alg == OVS_HASH_ALG_L4 ? jhash_1word(77, 3) :
					hash_of(test, alg, 3, 10, tags, false, 0));
		}
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

/*
 * Lists with bytes changed at random: what compiles must run, lose no packet and
 * come to an end.
 */
static void fuzz(struct kunit *test)
{
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct rnd_state rnd;
	u32 compiled = 0;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, key);
	key->eth_type = htons(ETH_P_IP);
	key->ip_proto = IPPROTO_TCP;
	key->blocks = BIT(MF_BLOCK_BASE);
	prandom_seed_state(&rnd, 7);
	set_flows(test);
	for (i = 0; i < 200 * ARRAY_SIZE(run_rows); i++) {
		const char *text = run_rows[i % ARRAY_SIZE(run_rows)].text;
		struct nlattr *actions = text_to_actions(test, text);
		u32 n = 1 + prandom_u32_state(&rnd) % 4;
		struct mf_program *prog;

		while (n-- && nla_len(actions))
			((u8 *)nla_data(actions))[prandom_u32_state(&rnd) % nla_len(actions)] =
				prandom_u32_state(&rnd) >> (prandom_u32_state(&rnd) % 32);
		prog = mf_program_compile(&init_net, actions, key, NULL);
		kunit_kfree(test, actions);
		if (IS_ERR(prog))
			continue;
		compiled++;
		run_program(test, prog, text, &tcp4, NULL);
		KUNIT_EXPECT_EQ(test, world.born, world.died);
		mf_program_free(prog);
	}
	KUNIT_EXPECT_GT(test, compiled, i / 20);
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
	KUNIT_CASE(tunnel_outlives_program),
	KUNIT_CASE(deep),
	KUNIT_CASE(deferral),
	KUNIT_CASE(deferral_full),
	KUNIT_CASE(deferral_in_loop),
	KUNIT_CASE(recirc_loops),
	KUNIT_CASE(device_loop),
	KUNIT_CASE(traces),
	KUNIT_CASE(hashes),
	KUNIT_CASE(sampling),
	KUNIT_CASE(trunc_gso),
	KUNIT_CASE(trunc_partial),
	KUNIT_CASE_SLOW(fuzz),
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
