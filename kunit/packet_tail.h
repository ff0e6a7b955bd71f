/* SPDX-License-Identifier: GPL-2.0-only */
/* The bytes of a packet that are not in its linear part, in the places where devices leave them. */
#ifndef MF_KUNIT_PACKET_TAIL_H
#define MF_KUNIT_PACKET_TAIL_H

#include <kunit/test.h>
#include <linux/skbuff.h>

/**
 * enum packet_tail - where the rest of a packet lies
 * @TAIL_PAGE: in a page, as drivers receive
 * @TAIL_LIST: in a second buffer of the fragment list, as GRO and defragmentation leave it
 * @TAILS: how many there are
 */
enum packet_tail {
	TAIL_PAGE,
	TAIL_LIST,
	TAILS,
};

static void packet_tail_page(struct kunit *test, struct sk_buff *skb, const u8 *data, u32 len)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_LE(test, len, (u32)PAGE_SIZE);
	memcpy(page_address(page), data, len);
	skb_add_rx_frag(skb, 0, page, 0, len, PAGE_SIZE);
}

static void packet_tail_list(struct kunit *test, struct sk_buff *skb, const u8 *data, u32 len)
{
	struct sk_buff *rest = alloc_skb(len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rest);
	skb_put_data(rest, data, len);
	skb_shinfo(skb)->frag_list = rest;
	skb->len += len;
	skb->data_len += len;
	skb->truesize += rest->truesize;
}

/* Adds bytes behind the linear part. */
static inline void packet_tail(struct kunit *test, struct sk_buff *skb, const u8 *data, u32 len,
			       enum packet_tail where)
{
	if (where == TAIL_LIST)
		packet_tail_list(test, skb, data, len);
	else
		packet_tail_page(test, skb, data, len);
}

/* Moves all but the first bytes of a linear packet behind its linear part. */
static inline void packet_split(struct kunit *test, struct sk_buff *skb, u32 linear,
				enum packet_tail where)
{
	u32 len = skb->len - linear;

	skb_trim(skb, linear);
	/* Trimming moves the end, not the bytes. */
	packet_tail(test, skb, skb_tail_pointer(skb), len, where);
}

#endif
