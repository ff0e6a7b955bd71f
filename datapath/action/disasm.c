// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program as text, one instruction a line.
 */
#include <linux/kernel.h>
#include <linux/openvswitch.h>
#include <net/dst_metadata.h>

#include <megaflow_compat.h>

#include "action.h"
#include "key/field.h"

static const char *const op_names[MF_OPS] = {
	[MF_OP_OUTPUT] = "output",
	[MF_OP_USERSPACE] = "userspace",
	[MF_OP_SET] = "set",
	[MF_OP_TUNNEL] = "set_tunnel",
	[MF_OP_PUSH_VLAN] = "push_vlan",
	[MF_OP_POP_VLAN] = "pop_vlan",
	[MF_OP_PUSH_MPLS] = "push_mpls",
	[MF_OP_ADD_MPLS] = "add_mpls",
	[MF_OP_POP_MPLS] = "pop_mpls",
	[MF_OP_PUSH_ETH] = "push_eth",
	[MF_OP_POP_ETH] = "pop_eth",
	[MF_OP_PUSH_NSH] = "push_nsh",
	[MF_OP_POP_NSH] = "pop_nsh",
	[MF_OP_SAMPLE] = "sample",
	[MF_OP_CLONE] = "clone",
	[MF_OP_CHECK_PKT_LEN] = "check_pkt_len",
	[MF_OP_BRANCH] = "branch",
	[MF_OP_DEC_TTL] = "dec_ttl",
	[MF_OP_RECIRC] = "recirc",
	[MF_OP_HASH] = "hash",
	[MF_OP_TRUNC] = "trunc",
	[MF_OP_METER] = "meter",
	[MF_OP_PSAMPLE] = "psample",
	[MF_OP_CT] = "ct",
	[MF_OP_CT_CLEAR] = "ct_clear",
	[MF_OP_DROP] = "drop",
	[MF_OP_END] = "end",
};

static int print_userspace(char *buf, size_t size, const struct mf_insn_userspace *userspace)
{
	int n = scnprintf(buf, size, " pid=%u", userspace->portid);

	if (userspace->flags & MF_USERSPACE_USERDATA)
		n += scnprintf(buf + n, size - n, " userdata[%u]=%*phN", userspace->userdata_len,
			       userspace->userdata_len, userspace->userdata);
	if (userspace->flags & MF_USERSPACE_EGRESS)
		n += scnprintf(buf + n, size - n, " tunnel_out_port=%u", userspace->egress_port);
	if (userspace->flags & MF_USERSPACE_ACTIONS)
		n += scnprintf(buf + n, size - n, " actions");
	return n;
}

static int print_set(char *buf, size_t size, const struct mf_insn *insn)
{
	const struct mf_key_attr *row = mf_key_attr_find(insn->imm);
	const struct mf_key_field *field;
	const u8 *value = mf_insn_payload(insn);
	const u8 *mask = value + row->len;
	int n = scnprintf(buf, size, " %s", row->text);

	if (row->form == MF_FORM_MPLS)
		return n + scnprintf(buf + n, size - n, " %*phN/%*phN", row->len, value, row->len,
				     mask);
	mf_key_field_each(field, row) {
		if (!memchr_inv(mask + field->wire_off, 0, field->wire_len))
			continue;
		n += scnprintf(buf + n, size - n, " %s%s%*phN/%*phN", field->text,
			       *field->text ? "=" : "", field->wire_len, value + field->wire_off,
			       field->wire_len, mask + field->wire_off);
	}
	return n;
}

static int print_tunnel(char *buf, size_t size, const struct mf_insn_tunnel *tunnel)
{
	const struct ip_tunnel_info *info = &tunnel->dst->u.tun_info;
	const struct ip_tunnel_key *key = &info->key;
	int n = scnprintf(buf, size, " id=0x%llx", be64_to_cpu(key->tun_id));

	if (info->mode & IP_TUNNEL_INFO_IPV6)
		n += scnprintf(buf + n, size - n, " %pI6c>%pI6c", &key->u.ipv6.src,
			       &key->u.ipv6.dst);
	else
		n += scnprintf(buf + n, size - n, " %pI4>%pI4", &key->u.ipv4.src,
			       &key->u.ipv4.dst);
	n += scnprintf(buf + n, size - n, " tos=%u ttl=%u ports=%u>%u flags=0x%lx", key->tos,
		       key->ttl, ntohs(key->tp_src), ntohs(key->tp_dst), mf_tunnel_flags(key));
	return n + scnprintf(buf + n, size - n, " opts[%u]=%*phN", info->options_len,
			     info->options_len, ip_tunnel_info_opts(info));
}

static int print_mpls(char *buf, size_t size, const struct ovs_action_add_mpls *mpls)
{
	int n = scnprintf(buf, size, " lse=%08x type=0x%04x", ntohl(mpls->mpls_lse),
			  ntohs(mpls->mpls_ethertype));

	if (!(mpls->tun_flags & OVS_MPLS_L3_TUNNEL_FLAG_MASK))
		n += scnprintf(buf + n, size - n, " l2");
	return n;
}

static int print_push_eth(char *buf, size_t size, const struct ovs_key_ethernet *eth)
{
	return scnprintf(buf, size, " src=%pM dst=%pM", eth->eth_src, eth->eth_dst);
}

static int print_operand(char *buf, size_t size, const struct mf_insn *insn)
{
	const struct mf_insn_psample *psample;
	const struct ovs_action_hash *hash;

	switch ((enum mf_op)insn->op) {
	case MF_OP_OUTPUT:
	case MF_OP_TRUNC:
	case MF_OP_METER:
	case MF_OP_CHECK_PKT_LEN:
	case MF_OP_DROP:
		return scnprintf(buf, size, " %u", insn->imm);
	case MF_OP_SAMPLE:
	case MF_OP_RECIRC:
		return scnprintf(buf, size, " 0x%x", insn->imm);
	case MF_OP_PUSH_VLAN:
		return scnprintf(buf, size, " tpid=0x%04x tci=0x%04x", insn->imm >> 16,
				 insn->imm & 0xffff);
	case MF_OP_PUSH_MPLS:
	case MF_OP_ADD_MPLS:
		return print_mpls(buf, size, mf_insn_payload(insn));
	case MF_OP_POP_MPLS:
		return scnprintf(buf, size, " type=0x%04x", insn->imm);
	case MF_OP_PUSH_ETH:
		return print_push_eth(buf, size, mf_insn_payload(insn));
	case MF_OP_PUSH_NSH:
		return scnprintf(buf, size, " %*phN", min(64, (int)insn->imm),
				 mf_insn_payload(insn));
	case MF_OP_HASH:
		hash = mf_insn_payload(insn);
		return scnprintf(buf, size, " alg=%u basis=%u", hash->hash_alg, hash->hash_basis);
	case MF_OP_USERSPACE:
		return print_userspace(buf, size, mf_insn_payload(insn));
	case MF_OP_SET:
		return print_set(buf, size, insn);
	case MF_OP_TUNNEL:
		return print_tunnel(buf, size, mf_insn_payload(insn));
	case MF_OP_PSAMPLE:
		psample = mf_insn_payload(insn);
		return scnprintf(buf, size, " group=%u cookie[%u]=%*phN", psample->group,
				 psample->cookie_len, psample->cookie_len, psample->cookie);
	case MF_OP_POP_VLAN:
	case MF_OP_POP_ETH:
	case MF_OP_POP_NSH:
	case MF_OP_CT:
	case MF_OP_CT_CLEAR:
	case MF_OP_CLONE:
	case MF_OP_BRANCH:
	case MF_OP_DEC_TTL:
	case MF_OP_END:
	case MF_OPS:
		break;
	}
	return 0;
}

/**
 * mf_program_disassemble() - print a program
 * @prog: the program
 * @buf: where to; always ends with a NUL if @size is not 0
 * @size: bytes there
 *
 * A line begins with the word that the instruction starts at. Bodies are
 * indented. "last" says that the instruction owns the packet, "copy" that its
 * body has a packet and a key of its own.
 *
 * Context: any; @prog stays alive.
 * Return: characters written, without the NUL.
 */
int mf_program_disassemble(const struct mf_program *prog, char *buf, size_t size)
{
	const struct mf_insn *start = mf_program_start(prog);
	const struct mf_insn *insn = start;
	int depth = 0;
	int n = 0;

	if (prog->flags & MF_PROGRAM_HASH)
		n += scnprintf(buf + n, size - n, "settle hash\n");
	while (insn < start + prog->n_words) {
		n += scnprintf(buf + n, size - n, "%4u %*s%s", (u32)(insn - start), 2 * depth, "",
			       op_names[insn->op]);
		n += print_operand(buf + n, size - n, insn);
		n += scnprintf(buf + n, size - n, "%s%s\n",
			       insn->flags & MF_INSN_COPY ? " copy" : "",
			       insn->flags & MF_INSN_LAST ? " last" : "");
		if (insn->op == MF_OP_END)
			depth--;
		if (mf_insn_has_body(insn)) {
			depth++;
			insn = mf_insn_body(insn);
		} else {
			insn = mf_insn_next(insn);
		}
	}
	return n;
}
