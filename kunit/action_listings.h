/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of actions as text, and the programs that the compiler makes of them.
 */
#ifndef MF_KUNIT_ACTION_LISTINGS_H
#define MF_KUNIT_ACTION_LISTINGS_H

/* SET of TUNNEL, and the least that must be in it. */
#define TUNNEL(attrs)	"attr(3){attr(16){" attrs "}}"
#define TO		"attr(2)=0a000002,attr(4)=40,"
#define ID7		"attr(0)=0000000000000007,"
#define PORTS		"attr(9)=1000,attr(10)=12b5,"

static const struct listing_row {
	const char *text;
	const char *listing;
} listing_rows[] = {
	{ "",
	  "   0 end\n" },
	{ "1,2,3",
	  "   0 output 1\n"
	  "   1 output 2\n"
	  "   2 output 3 last\n"
	  "   3 end\n" },
	{ "65534",
	  "   0 output 65534 last\n"
	  "   1 end\n" },
	{ "1,user(7)",
	  "   0 output 1\n"
	  "   1 userspace pid=7\n"
	  "   4 end\n" },
	{ "user(4294967295,3),1",
	  "   0 userspace pid=4294967295 userdata[3]=000102\n"
	  "   3 output 1 last\n"
	  "   4 end\n" },
	{ "attr(2){attr(4),attr(3)=05000000,attr(1)=07000000,attr(2)}",
	  "   0 userspace pid=7 userdata[0]= tunnel_out_port=5 actions\n"
	  "   3 end\n" },
	{ "trunc(14),1",
	  "   0 trunc 14\n"
	  "   1 output 1 last\n"
	  "   2 end\n" },
	{ "drop(0)",
	  "   0 drop 0 last\n"
	  "   1 end\n" },
	{ "1,drop(42)",
	  "   0 output 1\n"
	  "   1 drop 42 last\n"
	  "   2 end\n" },
	{ "recirc(5),1",
	  "   0 recirc 0x5\n"
	  "   1 output 1 last\n"
	  "   2 end\n" },
	/* 32793 is 25 marked as nested. It is no change, so a body with it runs in place. */
	{ "clone{attr(32793){attr(1)=05000000,attr(2)=0102}},attr(32793){attr(1)=ffffffff}",
	  "   0 clone\n"
	  "   1   psample group=5 cookie[2]=0102\n"
	  "   5   end\n"
	  "   6 psample group=4294967295 cookie[0]=\n"
	  "  10 end\n" },
	/* A tunnel: what the device reads is put together at compile time. */
	{ TUNNEL(ID7 TO PORTS "attr(1)=0a000001,attr(3)=04,attr(5),attr(6),attr(7)") ",1",
	  "   0 set_tunnel id=0x7 10.0.0.1>10.0.0.2 tos=4 ttl=64 ports=4096>4789 flags=0x305 opts[0]=\n"
	  "   5 output 1 last\n"
	  "   6 end\n" },
	{ TUNNEL("attr(13)=fc000000000000000000000000000002,attr(4)=40"),
	  "   0 set_tunnel id=0x0 ::>fc00::2 tos=0 ttl=64 ports=0>0 flags=0x0 opts[0]=\n"
	  "   5 end\n" },
	{ TUNNEL(TO "attr(8)=0001000000020201aabbccdd"),
	  "   0 set_tunnel id=0x0 0.0.0.0>10.0.0.2 tos=0 ttl=64 ports=0>0 flags=0x800 opts[12]=0001000000020201aabbccdd\n"
	  "   5 end\n" },
	/* An option whose type has its highest bit set is critical, and the packet says so. */
	{ TUNNEL(TO "attr(8)=00018000"),
	  "   0 set_tunnel id=0x0 0.0.0.0>10.0.0.2 tos=0 ttl=64 ports=0>0 flags=0xc00 opts[4]=00018000\n"
	  "   5 end\n" },
	{ TUNNEL(TO "attr(11){attr(1)=03000000}"),
	  "   0 set_tunnel id=0x0 0.0.0.0>10.0.0.2 tos=0 ttl=64 ports=0>0 flags=0x1000 opts[4]=03000000\n"
	  "   5 end\n" },
	{ TUNNEL(TO "attr(15)=010000000700000000000000"),
	  "   0 set_tunnel id=0x0 0.0.0.0>10.0.0.2 tos=0 ttl=64 ports=0>0 flags=0x4000 opts[12]=010000000700000000000000\n"
	  "   5 end\n" },
	{ TUNNEL("attr(0)=0000000000000007,attr(16)"),
	  "   0 set_tunnel id=0x7 0.0.0.0>0.0.0.0 tos=0 ttl=0 ports=0>0 flags=0x4 opts[0]=\n"
	  "   5 end\n" },
	{ "1,meter(7),2",
	  "   0 output 1\n"
	  "   1 meter 7\n"
	  "   2 output 2 last\n"
	  "   3 end\n" },
	{ "clone{meter(4294967295)},1",
	  "   0 clone copy\n"
	  "   1   meter 4294967295\n"
	  "   2   end\n"
	  "   3 output 1 last\n"
	  "   4 end\n" },
	{ "push_vlan(0x8100,0x1005),pop_vlan,1",
	  "   0 push_vlan tpid=0x8100 tci=0x1005\n"
	  "   1 pop_vlan\n"
	  "   2 output 1 last\n"
	  "   3 end\n" },
	{ "mark(5),mark(0x10,0xf0),1",
	  "   0 set skb_mark 05000000/ffffffff\n"
	  "   2 set skb_mark 10000000/f0000000\n"
	  "   4 output 1 last\n"
	  "   5 end\n" },
	{ "ttl(9),dst(2),tcp(80),1",
	  "   0 set ipv4 ttl=09/ff\n"
	  "   4 set eth dst=000000000002/0000000000ff\n"
	  "   8 set tcp dst=0050/ffff\n"
	  "  10 output 1 last\n"
	  "  11 end\n" },
	/* SET of all of IPv4: proto and frag are as in the key, and not in the mask. */
	{ "attr(3){attr(7)=0a0000010a00000206014000}",
	  "   0 set ipv4 src=0a000001/ffffffff dst=0a000002/ffffffff tos=01/ff ttl=40/ff\n"
	  "   4 end\n" },
	/* The key is read at the byte order of the wire: PRIORITY is the host's. */
	{ "attr(3){attr(2)=01000000}",
	  "   0 set skb_priority 01000000/ffffffff\n"
	  "   2 end\n" },
	/* A hash before any change needs no settling; after one it does. */
	{ "hash(0,7),recirc(1)",
	  "   0 hash alg=0 basis=7\n"
	  "   2 recirc 0x1 last\n"
	  "   3 end\n" },
	{ "pop_vlan,hash(1,7),recirc(1)",
	  "settle hash\n"
	  "   0 pop_vlan\n"
	  "   1 hash alg=1 basis=7\n"
	  "   3 recirc 0x1 last\n"
	  "   4 end\n" },
	{ "clone{pop_vlan,1},user(1)",
	  "   0 clone copy\n"
	  "   1   pop_vlan\n"
	  "   2   output 1 last\n"
	  "   3   end\n"
	  "   4 userspace pid=1\n"
	  "   7 end\n" },
	{ "dst(1),sample(9){user(1)}",
	  "settle hash\n"
	  "   0 set eth dst=000000000001/0000000000ff\n"
	  "   4 sample 0x9 last\n"
	  "   5   userspace pid=1\n"
	  "   8   end\n"
	  "   9 end\n" },
	/* A last body owns the packet whatever it does. */
	{ "sample(4294967295){mark(1),1}",
	  "   0 sample 0xffffffff last\n"
	  "   1   set skb_mark 01000000/ffffffff\n"
	  "   3   output 1 last\n"
	  "   4   end\n"
	  "   5 end\n" },
	/* One that is not last and changes nothing runs in place and owns nothing. */
	{ "clone{1,2},3",
	  "   0 clone\n"
	  "   1   output 1\n"
	  "   2   output 2\n"
	  "   3   end\n"
	  "   4 output 3 last\n"
	  "   5 end\n" },
	{ "clone{1,sample(5){recirc(1)}},3",
	  "   0 clone\n"
	  "   1   output 1\n"
	  "   2   sample 0x5\n"
	  "   3     recirc 0x1\n"
	  "   4     end\n"
	  "   5   end\n"
	  "   6 output 3 last\n"
	  "   7 end\n" },
	/* Branches are bodies like others, two to an action. */
	{ "attr(21){attr(1)=6400,attr(2){1},attr(3){2}}",
	  "   0 check_pkt_len 100 last\n"
	  "   1   branch last\n"
	  "   2     output 1 last\n"
	  "   3     end\n"
	  "   4   branch last\n"
	  "   5     output 2 last\n"
	  "   6     end\n"
	  "   7   end\n"
	  "   8 end\n" },
	{ "clone{attr(21){attr(1)=6400,attr(3){1,2},attr(2){}}},3",
	  "   0 clone\n"
	  "   1   check_pkt_len 100\n"
	  "   2     branch\n"
	  "   3       end\n"
	  "   4     branch\n"
	  "   5       output 1\n"
	  "   6       output 2\n"
	  "   7       end\n"
	  "   8     end\n"
	  "   9   end\n"
	  "  10 output 3 last\n"
	  "  11 end\n" },
	{ "attr(21){attr(1)=6400,attr(2){mark(1)},attr(3){2}},3",
	  "   0 check_pkt_len 100\n"
	  "   1   branch copy\n"
	  "   2     set skb_mark 01000000/ffffffff\n"
	  "   4     end\n"
	  "   5   branch\n"
	  "   6     output 2\n"
	  "   7     end\n"
	  "   8   end\n"
	  "   9 output 3 last\n"
	  "  10 end\n" },
	/* A packet whose time has run out does not come back from its body. */
	{ "attr(23){attr(1){1}},2",
	  "   0 dec_ttl\n"
	  "   1   output 1 last\n"
	  "   2   end\n"
	  "   3 output 2 last\n"
	  "   4 end\n" },
	/* One that changes something gets a copy, and owns that. */
	{ "clone{mark(1),2},3",
	  "   0 clone copy\n"
	  "   1   set skb_mark 01000000/ffffffff\n"
	  "   3   output 2 last\n"
	  "   4   end\n"
	  "   5 output 3 last\n"
	  "   6 end\n" },
	/* What ends a packet needs one of its own to end. */
	{ "clone{drop(1)},3",
	  "   0 clone copy\n"
	  "   1   drop 1 last\n"
	  "   2   end\n"
	  "   3 output 3 last\n"
	  "   4 end\n" },
	/* An inner copy leaves the outer packet alone; an inner last does not. */
	{ "clone{clone{mark(1),2},3},4",
	  "   0 clone\n"
	  "   1   clone copy\n"
	  "   2     set skb_mark 01000000/ffffffff\n"
	  "   4     output 2 last\n"
	  "   5     end\n"
	  "   6   output 3\n"
	  "   7   end\n"
	  "   8 output 4 last\n"
	  "   9 end\n" },
	{ "clone{3,clone{mark(1),2}},4",
	  "   0 clone copy\n"
	  "   1   output 3\n"
	  "   2   clone last\n"
	  "   3     set skb_mark 01000000/ffffffff\n"
	  "   5     output 2 last\n"
	  "   6     end\n"
	  "   7   end\n"
	  "   8 output 4 last\n"
	  "   9 end\n" },
	{ "clone{},1",
	  "   0 clone\n"
	  "   1   end\n"
	  "   2 output 1 last\n"
	  "   3 end\n" },
};

#endif
