/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames of every kind that a key tells apart.
 */
#ifndef MF_KUNIT_KEY_FRAMES_H
#define MF_KUNIT_KEY_FRAMES_H

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <net/ip.h>
#include <net/ipv6.h>

#define FRAME_MAX 512

/**
 * struct frame - a packet in the making
 * @len: bytes so far
 * @data: the bytes
 */
struct frame {
	unsigned int len;
	u8 data[FRAME_MAX];
};

static void put8(struct frame *f, u8 value)
{
	f->data[f->len++] = value;
}

static void put16(struct frame *f, u16 value)
{
	put8(f, value >> 8);
	put8(f, value);
}

static void put32(struct frame *f, u32 value)
{
	put16(f, value >> 16);
	put16(f, value);
}

static void fill(struct frame *f, u8 value, unsigned int n)
{
	while (n--)
		put8(f, value);
}

static void put_macs(struct frame *f)
{
	f->len = 0;
	fill(f, 0x02, ETH_ALEN);
	fill(f, 0x04, ETH_ALEN);
}

static void put_ipv4(struct frame *f, u8 proto, u16 frag, u8 ihl)
{
	put16(f, ETH_P_IP);
	put8(f, 0x40 | ihl);
	put8(f, 0x12);
	put32(f, 0x00640001);
	put16(f, frag);
	put8(f, 64);
	put8(f, proto);
	put16(f, 0);
	put32(f, 0x0a000001);
	put32(f, 0x0a000002);
	fill(f, 1, 4 * (ihl - 5));
}

static void put_ipv6(struct frame *f, u8 next)
{
	put16(f, ETH_P_IPV6);
	put32(f, 0x61234567);
	put16(f, 60);
	put8(f, next);
	put8(f, 63);
	fill(f, 0x11, 16);
	fill(f, 0x22, 16);
}

static void put_fragment(struct frame *f, u8 next, u16 off)
{
	put8(f, next);
	put8(f, 0);
	put16(f, off);
	put32(f, 7);
}

/* A TCP header with @doff words: enough bytes for every other protocol too. */
static void put_l4(struct frame *f, u8 doff)
{
	put16(f, 1111);
	put16(f, 2222);
	put32(f, 3);
	put32(f, 4);
	put16(f, doff << 12 | 0xd12);
	put16(f, 100);
	put32(f, 0);
	fill(f, 1, 4 * (doff > 5 ? doff - 5 : 0));
	fill(f, 0xee, 8);
}

static void put_nd(struct frame *f, u8 type, u8 code)
{
	put8(f, type);
	put8(f, code);
	put16(f, 0);
	put32(f, 0);
	fill(f, 0x33, 16);
	put16(f, 0x0101);
	fill(f, 0xa1, ETH_ALEN);
	put16(f, 0x0201);
	fill(f, 0xa2, ETH_ALEN);
}

static void put_arp(struct frame *f, u16 op)
{
	put16(f, ETH_P_ARP);
	put16(f, ARPHRD_ETHER);
	put16(f, ETH_P_IP);
	put16(f, 0x0604);
	put16(f, op);
	fill(f, 0x04, ETH_ALEN);
	put32(f, 0x0a000001);
	fill(f, 0, ETH_ALEN);
	put32(f, 0x0a000002);
}

/* Lengths that TCP headers claim, one for each of the protos. */
static const u8 doffs[] = { 5, 7, 4, 1, 0, 15 };

static_assert(ARRAY_SIZE(doffs) == 6);

static const u8 protos[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_GRE,
};

/* Frame number @i, with @tags VLAN tags. Return: false past the last one. */
static bool make_frame(struct frame *f, unsigned int i, unsigned int tags)
{
	unsigned int kind = i / ARRAY_SIZE(protos);
	u8 proto = protos[i % ARRAY_SIZE(protos)];

	put_macs(f);
	if (tags > 1)
		put32(f, ETH_P_8021AD << 16 | 0x2064);
	if (tags > 0)
		put32(f, ETH_P_8021Q << 16 | 0x6065);

	switch (kind) {
	case 0:
		put_ipv4(f, proto, 0, 5);
		break;
	case 1:
		put_ipv4(f, proto, IP_DF, 8);
		break;
	case 2:
		put_ipv4(f, proto, IP_MF, 5);
		break;
	case 3:
		put_ipv4(f, proto, 100, 5);
		break;
	case 4:
		put_ipv6(f, proto);
		break;
	case 5:
		put_ipv6(f, NEXTHDR_HOP);
		put16(f, proto << 8);
		fill(f, 1, 6);
		break;
	case 6:
		put_ipv6(f, NEXTHDR_FRAGMENT);
		put_fragment(f, proto, IP6_MF);
		break;
	case 7:
		put_ipv6(f, NEXTHDR_FRAGMENT);
		put_fragment(f, proto, 0x100);
		break;
	case 8:
		put_arp(f, 1 + i % 4);
		return true;
	case 9:
		put_ipv6(f, IPPROTO_ICMPV6);
		put_nd(f, 133 + i % ARRAY_SIZE(protos), 0);
		return true;
	case 10:
		put16(f, 100);
		put16(f, 0xaaaa);
		put8(f, 3);
		fill(f, 0, 3);
		put_ipv4(f, proto, 0, 5);
		break;
	case 11:
		put16(f, ETH_P_MPLS_UC);
		put32(f, 0x00010040);
		put32(f, 0x00020140);
		break;
	case 12:
		put16(f, ETH_P_NSH);
		put32(f, 0x0fc60101);
		put32(f, 0x00000123);
		fill(f, 9, 16);
		break;
	case 13:
		put16(f, 0x7777);
		break;
	case 14:
		put_ipv4(f, IPPROTO_TCP, 0, 5);
		put_l4(f, doffs[i % ARRAY_SIZE(protos)]);
		return true;
	default:
		return false;
	}
	put_l4(f, i % 2 ? 5 : 7);
	return true;
}

#endif
