/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words of the key from their parts.
 *
 * A search reads whole words. What has just been stored in parts reaches such
 * a read late, so a hot path puts a word together in a register.
 */
#ifndef MF_KEY_WORD_H
#define MF_KEY_WORD_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>
#include <asm/byteorder.h>

/* Bits by which a part is moved that has @after bytes behind it in a word of @size. */
#ifdef __LITTLE_ENDIAN
#define MF_WORD_SHIFT(size, bytes, after) (8 * ((size) - (bytes) - (after)))
#else
#define MF_WORD_SHIFT(size, bytes, after) (8 * (after))
#endif

/**
 * mf_words_zero() - zero a few words
 * @word: the first
 * @n: their number
 *
 * Compilers make a string instruction of memset() and of plain stores in a
 * loop, which takes longer to start than this takes.
 *
 * Context: any.
 */
static __always_inline void mf_words_zero(u64 *word, u32 n)
{
	u32 i;

#pragma GCC unroll 8
	for (i = 0; i < n; i++)
		WRITE_ONCE(word[i], 0);
}

/**
 * mf_word_bytes() - half a word from bytes
 * @a: the first in memory
 * @b: the second
 * @c: the third
 * @d: the fourth
 *
 * Context: any.
 * Return: the half.
 */
static inline u32 mf_word_bytes(u8 a, u8 b, u8 c, u8 d)
{
	return (u32)a << MF_WORD_SHIFT(4, 1, 3) | (u32)b << MF_WORD_SHIFT(4, 1, 2) |
	       (u32)c << MF_WORD_SHIFT(4, 1, 1) | (u32)d << MF_WORD_SHIFT(4, 1, 0);
}

/**
 * mf_word_pair() - half a word from two numbers
 * @a: the first in memory
 * @b: the second
 *
 * Context: any.
 * Return: the half.
 */
static inline u32 mf_word_pair(u16 a, u16 b)
{
	return (u32)a << MF_WORD_SHIFT(4, 2, 2) | (u32)b << MF_WORD_SHIFT(4, 2, 0);
}

/**
 * mf_word_halves() - a word from two numbers
 * @a: the first in memory
 * @b: the second
 *
 * Context: any.
 * Return: the word.
 */
static inline u64 mf_word_halves(u32 a, u32 b)
{
	return (u64)a << MF_WORD_SHIFT(8, 4, 4) | (u64)b << MF_WORD_SHIFT(8, 4, 0);
}

/**
 * mf_word_load() - a word as it stands in memory
 * @from: eight bytes, not aligned; perhaps of several members beside each other
 *
 * Context: any.
 * Return: the word.
 */
static inline u64 mf_word_load(const void *from)
{
	u64 word;

	__builtin_memcpy(&word, from, sizeof(word));
	return word;
}

/**
 * mf_word_load_half() - half a word as it stands in memory
 * @from: four bytes, not aligned
 *
 * Context: any.
 * Return: the half.
 */
static inline u32 mf_word_load_half(const void *from)
{
	u32 half;

	__builtin_memcpy(&half, from, sizeof(half));
	return half;
}

/**
 * mf_word_address() - a word from an Ethernet address and a number behind it
 * @address: the address, with two more bytes behind that may be read
 * @last: the number
 *
 * Context: any.
 * Return: the word.
 */
static inline u64 mf_word_address(const u8 *address, u16 last)
{
	const u64 behind = mf_word_halves(0, mf_word_pair(0, U16_MAX));

	return (mf_word_load(address) & ~behind) | mf_word_halves(0, mf_word_pair(0, last));
}

#endif
