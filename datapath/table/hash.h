/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The keyed hash of a mask's touched words.
 *
 * NH: the sum of products of pairs of words, each offset by a secret. For
 * whoever does not know the secrets two different inputs collide with a
 * probability of about 2^-64, so no set of colliding flows can be prepared.
 */
#ifndef MF_TABLE_HASH_H
#define MF_TABLE_HASH_H

#include <linux/types.h>

/**
 * mf_nh_pair() - one step of the sum
 * @sum: 128-bit sum so far
 * @a: a word plus its secret
 * @b: the next word plus its secret
 *
 * Return: the new sum.
 */
static inline __uint128_t mf_nh_pair(__uint128_t sum, u64 a, u64 b)
{
	return sum + (__uint128_t)a * b;
}

/**
 * mf_nh_fold() - 64 well-mixed bits of a sum
 * @sum: the finished sum
 *
 * Return: the hash.
 */
static inline u64 mf_nh_fold(__uint128_t sum)
{
	u64 h = (u64)(sum >> 64) ^ (u64)sum;

	/* The multiplier is the golden ratio, as in hash_64(). */
	h *= 0x61c8864680b583ebull;
	return h ^ (h >> 32);
}

#endif
