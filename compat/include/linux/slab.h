/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <linux/slab.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_LINUX_SLAB_H
#define MF_COMPAT_LINUX_SLAB_H

/* The last argument, gfp_t flags, may be left out and is GFP_KERNEL then. */
#ifndef HAVE_KMALLOC_OBJ
#include <linux/overflow.h>

#define mf_gfp_pick(none, flags, ...)	flags
#define mf_gfp(...)			mf_gfp_pick(, ##__VA_ARGS__, GFP_KERNEL)

#define mf_alloc_objs(alloc, type, n, gfp)				\
	((type *)alloc(size_mul(sizeof(type), n), gfp))
#define mf_alloc_flex(alloc, type, member, n, gfp)			\
	((type *)alloc(struct_size_t(type, member, n), gfp))

#define kmalloc_obj(p, ...)						\
	mf_alloc_objs(kmalloc, typeof(p), 1, mf_gfp(__VA_ARGS__))
#define kmalloc_objs(p, n, ...)						\
	mf_alloc_objs(kmalloc, typeof(p), n, mf_gfp(__VA_ARGS__))
#define kmalloc_flex(p, member, n, ...)					\
	mf_alloc_flex(kmalloc, typeof(p), member, n, mf_gfp(__VA_ARGS__))

#define kzalloc_obj(p, ...)						\
	mf_alloc_objs(kzalloc, typeof(p), 1, mf_gfp(__VA_ARGS__))
#define kzalloc_objs(p, n, ...)						\
	mf_alloc_objs(kzalloc, typeof(p), n, mf_gfp(__VA_ARGS__))
#define kzalloc_flex(p, member, n, ...)					\
	mf_alloc_flex(kzalloc, typeof(p), member, n, mf_gfp(__VA_ARGS__))

#define kvmalloc_obj(p, ...)						\
	mf_alloc_objs(kvmalloc, typeof(p), 1, mf_gfp(__VA_ARGS__))
#define kvmalloc_objs(p, n, ...)					\
	mf_alloc_objs(kvmalloc, typeof(p), n, mf_gfp(__VA_ARGS__))
#define kvmalloc_flex(p, member, n, ...)				\
	mf_alloc_flex(kvmalloc, typeof(p), member, n, mf_gfp(__VA_ARGS__))

#define kvzalloc_obj(p, ...)						\
	mf_alloc_objs(kvzalloc, typeof(p), 1, mf_gfp(__VA_ARGS__))
#define kvzalloc_objs(p, n, ...)					\
	mf_alloc_objs(kvzalloc, typeof(p), n, mf_gfp(__VA_ARGS__))
#define kvzalloc_flex(p, member, n, ...)				\
	mf_alloc_flex(kvzalloc, typeof(p), member, n, mf_gfp(__VA_ARGS__))
#endif

#endif
