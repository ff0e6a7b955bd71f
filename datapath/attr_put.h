/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes of messages that come by the hundred thousand: dumps.
 *
 * nla_put() and nla_reserve() take five calls for what is one comparison and
 * one copy here.
 */
#ifndef MF_ATTR_PUT_H
#define MF_ATTR_PUT_H

#include <linux/string.h>
#include <net/netlink.h>

/**
 * mf_attr_reserve() - an attribute, its payload to be written by the caller
 * @msg: the message
 * @type: number of the attribute
 * @len: bytes of payload
 *
 * Context: any.
 * Return: the attribute, payload and padding zeroed; or NULL, with @msg as it
 * was.
 */
static inline struct nlattr *mf_attr_reserve(struct sk_buff *msg, u16 type, u16 len)
{
	int total = nla_total_size(len);
	struct nlattr *attr;

	if (skb_tailroom(msg) < total)
		return NULL;
	attr = __skb_put_zero(msg, total);
	attr->nla_type = type;
	attr->nla_len = nla_attr_size(len);
	return attr;
}

/**
 * mf_attr_put() - write an attribute
 * @msg: the message
 * @type: number of the attribute
 * @len: bytes of payload
 * @data: the payload
 *
 * Context: any.
 * Return: 0, or -EMSGSIZE with @msg as it was.
 */
static inline int mf_attr_put(struct sk_buff *msg, u16 type, u16 len, const void *data)
{
	int total = nla_total_size(len);
	struct nlattr *attr;

	if (skb_tailroom(msg) < total)
		return -EMSGSIZE;
	attr = __skb_put(msg, total);
	attr->nla_type = type;
	attr->nla_len = nla_attr_size(len);
	memcpy(nla_data(attr), data, len);
	if (nla_padlen(len))
		memset(nla_data(attr) + len, 0, nla_padlen(len));
	return 0;
}

/**
 * mf_attr_put_64bit() - write an attribute whose payload has 64-bit members
 * @msg: the message
 * @type: number of the attribute
 * @len: bytes of payload
 * @data: the payload
 * @pad: number of the attribute that aligns it where the processor needs that
 *
 * Context: any.
 * Return: 0, or -EMSGSIZE; @msg may have got the padding.
 */
static inline int mf_attr_put_64bit(struct sk_buff *msg, u16 type, u16 len, const void *data,
				    u16 pad)
{
	if (nla_need_padding_for_64bit(msg) && !mf_attr_reserve(msg, pad, 0))
		return -EMSGSIZE;
	return mf_attr_put(msg, type, len, data);
}

#endif
